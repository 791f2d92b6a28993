"""What stands of reports beside a service, wherever it is shown: its open ones, and where another is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from hyperpanel.db import service_reports
from hyperpanel.db.panels import Panel
from hyperpanel.db.service_reports import Service
from hyperpanel.support.reporting_services import TOLD
from hyperpanel.web.reported_places import new_href, reports_href
from hyperpanel.web.reported_rows import Told, told
from hyperpanel.web.visits import Visit


@dataclass(frozen=True)
class ServiceReports:
    """`open`: the newest of them; `all_href`: the whole list. `new_href` for whoever may report."""

    open: Sequence[Told]
    all_href: str
    new_href: str | None


def of_service(connection: Connection, visit: Visit, panel: Panel, service_id: str | None) -> ServiceReports | None:
    """None for those who may not see reports, and where there is no service."""
    if not service_id or not visit.may("reported:read"):
        return None
    found = service_reports.open_of(connection, visit.scope, (panel.id, service_id), TOLD)
    return ServiceReports(
        open=[told(report, panel.name) for report in found],
        all_href=reports_href(panel.name, service_id),
        new_href=new_href(panel.name, service_id) if visit.may("reported:raise") else None,
    )


def marks(connection: Connection, visit: Visit, panel_ids: Sequence[int]) -> Mapping[Service, int]:
    """How many open reports each service of these panels has, that has any."""
    if not visit.may("reported:read"):
        return {}
    return service_reports.marks(connection, visit.scope.narrowed(panel_ids))
