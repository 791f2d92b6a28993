"""An order as a row of the list: its words in the person's language, and upstream text made safe to look at."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote

from hyperpanel.db.orders import Line
from hyperpanel.web.languages import N_, Language
from hyperpanel.web.texts import LONGEST_LINK, safe_link, shown
from hyperpanel.web.words import known_or_readable, readable
from sync.money import Money

STATUSES = {
    "pending": (N_("Pending"), "idle"),
    "awaiting": (N_("Awaiting"), "idle"),
    "in_progress": (N_("In progress"), "busy"),
    "processing": (N_("Processing"), "busy"),
    "completed": (N_("Completed"), "ok"),
    "partial": (N_("Partial"), "warn"),
    "canceled": (N_("Canceled"), "idle"),
    "refunded": (N_("Refunded"), "idle"),
    "error": (N_("Error"), "bad"),
    "fail": (N_("Fail"), "bad"),
}
KEPT = 10_000
MODES = {"auto": N_("Auto"), "manual": N_("Manual")}
SOURCES = {"web": N_("Web"), "api": N_("API"), "mass": N_("Mass order")}


@dataclass(frozen=True, slots=True, eq=False)
class OrderRow:
    """`link_href` only where following it is safe; `provider` only for those who may see it.

    An order that was not changed makes the very same row again, so that what was drawn of it can be kept.
    """

    panel: str
    id: str
    provider_order_id: str | None
    user: str | None
    charge: Money | None
    link: str | None
    link_href: str | None
    start_count: int | None
    quantity: int | None
    service_id: str | None
    service_name: str | None
    status: str
    status_label: str
    status_tone: str
    remains: int | None
    created_at: datetime | None
    mode: str | None
    provider: str | None
    href: str


@lru_cache(maxsize=KEPT)
def row(order: Line, panel: str, language: Language, sees_provider: bool) -> OrderRow:
    return OrderRow(
        panel=panel,
        id=shown(order.id) or "",
        provider_order_id=shown(order.provider_order_id),
        user=shown(order.user),
        charge=money(order.charge, order.charge_currency),
        link=shown(order.link, LONGEST_LINK),
        link_href=safe_link(order.link),
        start_count=order.start_count,
        quantity=order.quantity,
        service_id=shown(order.service_id),
        service_name=shown(order.service_name),
        status=order.status,
        status_label=status_label(language, order.status),
        status_tone=status_tone(order.status),
        remains=order.remains,
        created_at=order.created_at,
        mode=mode_label(language, order.mode) if order.mode else None,
        provider=shown(order.provider) if sees_provider else None,
        href=f"/orders/{quote(panel, safe='')}/{quote(order.id, safe='')}",
    )


def money(units: int | None, currency: str | None) -> Money | None:
    return None if units is None or currency is None else Money(units, currency)


def status_tone(status: str) -> str:
    return STATUSES[status][1] if status in STATUSES else "unknown"


def status_label(language: Language, status: str) -> str:
    """A word that nobody knows is shown as it is, made readable."""
    return language.say(STATUSES[status][0]) if status in STATUSES else readable(status)


def mode_label(language: Language, mode: str) -> str:
    return known_or_readable(language, MODES, mode)


def source_label(language: Language, source: str) -> str:
    return known_or_readable(language, SOURCES, source)
