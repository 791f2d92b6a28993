"""A ticket as a row of the list: its words in the person's language, and upstream text made safe to look at."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote, urlencode

from hyperpanel.db.tickets import OURS, Line
from hyperpanel.web.languages import N_, Language
from hyperpanel.web.texts import shown
from hyperpanel.web.words import readable

STATUSES = {
    "pending": (N_("Pending"), "busy"),
    "open": (N_("Opened"), "busy"),
    "answered": (N_("Answered"), "ok"),
    "closed": (N_("Closed"), "idle"),
    "locked": (N_("Locked"), "idle"),
}
WAITING = {"us": N_("An answer from us"), "customer": N_("The customer")}
ASSIGNED = {"no": N_("Nobody"), "yes": N_("Somebody")}
READ = {"no": N_("Unread"), "yes": N_("Read")}
KEPT = 10_000
BETWEEN = " - "


@dataclass(frozen=True, slots=True, eq=False)
class TicketRow:
    """`about` and `subject`: "Orders - " and "Refill". `waits`: for an answer of ours, since it was last touched.

    A ticket that was not changed makes the very same row again, so that what was drawn of it can be kept.
    """

    panel: str
    id: str
    user: str | None
    about: str
    subject: str
    status_label: str
    status_tone: str
    assignee: str | None
    is_unread: bool
    waits: bool
    created_at: datetime | None
    updated_at: datetime | None
    href: str
    user_href: str | None
    orders_href: str | None


@lru_cache(maxsize=KEPT)
def row(ticket: Line, panel: str, language: Language) -> TicketRow:
    about, subject = parted(shown(ticket.subject) or "")
    return TicketRow(
        panel=panel,
        id=shown(ticket.id) or "",
        user=shown(ticket.user),
        about=about,
        subject=subject or language.say("(no subject)"),
        status_label=status_label(language, ticket.status),
        status_tone=status_tone(ticket.status),
        assignee=shown(ticket.assignee),
        is_unread=ticket.is_read is False,
        waits=ticket.status in OURS,
        created_at=ticket.created_at,
        updated_at=ticket.last_update_at,
        href=place("tickets", panel, ticket.id),
        user_href=place("users", panel, ticket.user_id) if ticket.user_id else None,
        orders_href=theirs("orders", panel, ticket.user) if ticket.user else None,
    )


def parted(subject: str) -> tuple[str, str]:
    """Panels write a prefix, then the kind of complaint: `Orders - Refill`."""
    about, between, rest = subject.strip().partition(BETWEEN)
    return (about + between, rest) if between and rest else ("", subject.strip())


def place(noun: str, panel: str, id: str) -> str:
    return f"/{noun}/{quote(panel, safe='')}/{quote(id, safe='')}"


def theirs(noun: str, panel: str, user: str) -> str:
    """The list of what one customer has."""
    return f"/{noun}?{urlencode({'panel': panel, 'user': user})}"


def status_tone(status: str) -> str:
    return STATUSES[status][1] if status in STATUSES else "unknown"


def status_label(language: Language, status: str) -> str:
    """A word that nobody knows is shown as it is, made readable."""
    return language.say(STATUSES[status][0]) if status in STATUSES else readable(status)
