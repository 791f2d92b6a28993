"""Figures of a page as a file."""

from litestar import Response

from hyperpanel.support.report_files import Table, csv_of


def csv_file(name: str, table: Table) -> Response[bytes]:
    """`name` without its ending; of our own making, so that it needs no quoting."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(csv_of(table), media_type="text/csv; charset=utf-8", headers=headers)
