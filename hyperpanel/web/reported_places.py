"""Addresses of reports: of all there are, of one, of those of a service, and of making one."""

from urllib.parse import quote

from hyperpanel.web.addresses import Address

HERE = "/reported-services"
NEW = f"{HERE}/new"


def place_of(panel: str, report_id: str) -> str:
    return f"{HERE}/{quote(panel, safe='')}/{quote(report_id, safe='')}"


def reports_href(panel: str, service_id: str) -> str:
    """The open ones of a service."""
    return str(Address(HERE).having(panel=panel, service=service_id))


def new_href(panel: str, service_id: str) -> str:
    return str(Address(NEW).having(panel=panel, service=service_id))
