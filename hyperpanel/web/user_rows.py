"""A customer as a row of the list: balances by currency, and the name that orders of before still have."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote, urlencode

from hyperpanel.db.users import Line
from hyperpanel.web.languages import N_, Language
from hyperpanel.web.order_rows import money
from hyperpanel.web.texts import shown
from hyperpanel.web.words import readable
from sync.money import Money

STATUSES = {
    "active": (N_("Active"), "ok"),
    "suspended": (N_("Suspended"), "warn"),
}
KEPT = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class UserRow:
    """`was`: the name before the one of now. `about`: the query by which other lists narrow to this customer.

    One that was not changed makes the very same row again.
    """

    panel: str
    id: str
    username: str
    was: str | None
    email: str | None
    balance: Money | None
    spent: Money | None
    status: str
    status_label: str
    status_tone: str
    created_at: datetime | None
    last_auth_at: datetime | None
    discount: str | None
    href: str
    about: str


@lru_cache(maxsize=KEPT)
def row(user: Line, panel: str, was: str | None, language: Language) -> UserRow:
    return UserRow(
        panel=panel,
        id=shown(user.id) or "",
        username=shown(user.username) or "",
        was=shown(was),
        email=shown(user.email),
        balance=money(user.balance, user.balance_currency),
        spent=money(user.spent, user.spent_currency),
        status=user.status,
        status_label=status_label(language, user.status),
        status_tone=STATUSES[user.status][1] if user.status in STATUSES else "unknown",
        created_at=user.created_at,
        last_auth_at=user.last_auth_at,
        discount=shown(user.discount),
        href=f"/users/{quote(panel, safe='')}/{quote(user.id, safe='')}",
        about=about(panel, user.username),
    )


def about(panel: str, username: str) -> str:
    return urlencode({"panel": panel, "user": username})


def status_label(language: Language, status: str) -> str:
    """A word that nobody knows is shown as it is, made readable."""
    return language.say(STATUSES[status][0]) if status in STATUSES else readable(status)
