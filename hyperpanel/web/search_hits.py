"""What the search found, as it is shown: one line for each hit, the same for every noun, in groups."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from hyperpanel.db import orders, payments, services, tickets, users
from hyperpanel.support.search import Hits
from hyperpanel.support.search_words import Words
from hyperpanel.web import order_rows, payment_rows, ticket_rows, user_rows
from hyperpanel.web.languages import N_
from hyperpanel.web.texts import LONGEST_LINK, shown
from hyperpanel.web.visits import Visit


@dataclass(frozen=True)
class Hit:
    """`title` names it; `details` are what else it may be known by. `is_exact`: it is what was typed, and does not only hold it."""

    href: str
    title: str
    details: Sequence[str]
    panel: str
    status: str
    tone: str
    at: datetime | None
    is_exact: bool


@dataclass(frozen=True)
class Group:
    """`more_href`: its list, narrowed to the same, where there is more than is shown here."""

    noun: str
    label: str
    icon: str
    hits: Sequence[Hit]
    more_href: str | None
    is_whole: bool


@dataclass(frozen=True)
class Noun:
    """`filters`: the list's, by which the same is found there: of numbers, of a name and of a part."""

    permission: str
    label: str
    icon: str
    of: Callable[[Visit, Any, str], Hit]
    filters: tuple[str, str, str]


def order(visit: Visit, line: orders.Line, panel: str) -> Hit:
    row = order_rows.row(line, panel, visit.language, visit.may("provider:see"))
    details = (row.provider_order_id, row.user, row.link, row.service_name)
    return hit(row.href, row.id, details, panel, row.status_label, row.status_tone, line.created_at)


def user(visit: Visit, line: users.Line, panel: str) -> Hit:
    row = user_rows.row(line, panel, None, visit.language)
    return hit(row.href, row.username, (row.id, row.email), panel, row.status_label, row.status_tone, line.created_at)


def ticket(visit: Visit, line: tickets.Line, panel: str) -> Hit:
    row = ticket_rows.row(line, panel, visit.language)
    details = (shown(line.subject), row.user)
    return hit(row.href, row.id, details, panel, row.status_label, row.status_tone, line.created_at)


def payment(visit: Visit, line: payments.Line, panel: str) -> Hit:
    row = payment_rows.row(line, panel, None, visit.language)
    amount = visit.fmt.money(row.amount) if row.amount else None
    details = (amount, row.user, row.memo, row.method)
    return hit(row.href, row.id, details, panel, row.status_label, row.status_tone, line.created_at)


def service(visit: Visit, line: services.Line, panel: str) -> Hit:
    href = f"/services/{quote(panel, safe='')}/{quote(line.id, safe='')}"
    return hit(href, shown(line.id) or "", (shown(line.name, LONGEST_LINK), shown(line.category)), panel)


def hit(
    href: str,
    title: str,
    details: Sequence[str | None],
    panel: str,
    status: str = "",
    tone: str = "",
    at: datetime | None = None,
) -> Hit:
    told = [detail for detail in details if detail]
    return Hit(href, title, told, panel, status, tone, at, False)


NOUNS: Mapping[str, Noun] = {
    "orders": Noun("orders:read", N_("Orders"), "shopping-cart", order, ("number", "user", "")),
    "users": Noun("users:read", N_("Users"), "users", user, ("number", "q", "q")),
    "tickets": Noun("tickets:read", N_("Tickets"), "ticket", ticket, ("number", "", "subject")),
    "payments": Noun("payments:read", N_("Payments"), "receipt", payment, ("number", "", "memo")),
    "services": Noun("services:read", N_("Services"), "list-details", service, ("number", "", "name")),
}


def readable(visit: Visit) -> list[str]:
    return [name for name, noun in NOUNS.items() if visit.may(noun.permission)]


def group(visit: Visit, hits: Hits, words: Words, panels: Mapping[int, str]) -> Group:
    noun = NOUNS[hits.noun]
    lines = [
        exact(noun.of(visit, line, panels[line.panel_id]), place < hits.exact, was(hits, line))
        for place, line in enumerate(hits.lines)
    ]
    more = None if hits.is_whole else more_href(hits, words)
    return Group(hits.noun, visit.say(noun.label), noun.icon, lines, more, hits.is_whole)


def exact(one: Hit, is_exact: bool, names: Sequence[str]) -> Hit:
    details = (*one.details, *(shown(name) or "" for name in names))
    return Hit(one.href, one.title, details, one.panel, one.status, one.tone, one.at, is_exact)


def was(hits: Hits, line: Any) -> Sequence[str]:
    return hits.was.get((line.panel_id, line.id), ())


def more_href(hits: Hits, words: Words) -> str | None:
    """The list with the filter that finds the same: most are found by a part, else all by their numbers or a name."""
    by_number, by_name, by_part = NOUNS[hits.noun].filters
    if words.is_list and hits.exact:
        return f"/{hits.noun}?{urlencode({by_number: ','.join(words.numbers)})}"
    if by_part and (part := words.whole or next(iter(words.parts), "")):
        return f"/{hits.noun}?{urlencode({by_part: part})}"
    if by_name and words.name and hits.exact:
        return f"/{hits.noun}?{urlencode({by_name: words.name})}"
    return None
