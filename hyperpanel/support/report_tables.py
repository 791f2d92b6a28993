"""The answer of a report as a flat table: a column for each figure, those within another with its name before; known without rows too."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from msgspec.inspect import StructType, Type, UnionType

from hyperpanel.client import figures
from hyperpanel.support.report_files import Cell, Table

ROWS: Mapping[str, type[msgspec.Struct]] = {
    "service-health": figures.ServiceHealthRow,
    "users": figures.UserRow,
    "tickets-by-staff": figures.StaffRow,
    "tickets-by-service": figures.ServiceTicketsRow,
    "margins": figures.MarginRow,
    "providers": figures.ProviderRow,
}
Path = tuple[str, ...]


def table(answer: Mapping[str, Any]) -> Table:
    """Columns that a row may have, but need not, are there where the rows have them."""
    rows: Sequence[Mapping[str, Any]] = answer["rows"]
    known = rows[0].keys() if rows else {}
    wanted = [path for path, is_sure in paths(ROWS[answer["report"]]) if is_sure or path[0] in known]
    return Table(tuple("_".join(path) for path in wanted), [[cell(row, path) for path in wanted] for row in rows])


@lru_cache(maxsize=16)
def paths(kind: type[msgspec.Struct]) -> tuple[tuple[Path, bool], ...]:
    told = msgspec.inspect.type_info(kind)
    return tuple(within(told)) if isinstance(told, StructType) else ()


def within(kind: StructType, before: Path = (), is_sure: bool = True) -> Iterator[tuple[Path, bool]]:
    for field in kind.fields:
        path, sure = (*before, field.name), is_sure and field.required
        inner = struct_of(field.type)
        if inner is None:
            yield path, sure
        else:
            yield from within(inner, path, sure)


def struct_of(kind: Type) -> StructType | None:
    """Of what may be null, the record that it else is."""
    ways = kind.types if isinstance(kind, UnionType) else (kind,)
    return next((way for way in ways if isinstance(way, StructType)), None)


def cell(row: Mapping[str, Any], path: Path) -> Cell:
    value: Any = row
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if value is None or isinstance(value, str | int | float) else written(value)


def written(value: Any) -> str:
    """Several in one cell: `170 ×3; 171 ×1` for services, `USD 1.50` for amounts by currency, a ticket with its orders."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {one}" for name, one in value.items())
    return "; ".join(one_of_several(one) for one in value)


def one_of_several(one: Mapping[str, Any]) -> str:
    first, last = next(iter(one.values())), list(one.values())[-1]
    return f"{first} ×{last}" if isinstance(last, int) else f"{first} ({', '.join(last)})"
