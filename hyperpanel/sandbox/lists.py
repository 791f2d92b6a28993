"""The four lists of the Admin API: what each can be asked for, which rows answer it, and how they are written."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hyperpanel.sandbox import paying, query, words
from hyperpanel.sandbox.panel import Panel
from hyperpanel.sandbox.query import Askable, Column, Query
from hyperpanel.sandbox.switches import ORDER_FILTERS, PAYMENT_FILTERS, TICKET_FILTERS, USER_FILTERS, Switches

BY_DATE = {"date-desc": False, "date-asc": True}
BY_CREATED = {"created-at-desc": False, "created-at-asc": True}


@dataclass(frozen=True)
class Listing:
    askable: Callable[[Switches], Askable]
    select: Callable[[Panel, Query], Sequence[int]]  # places, in ascending order
    key: Callable[[Panel], Column]  # what the order is by
    row: Callable[[Panel], Callable[[int], bytes]]


def _users(panel: Panel, asked: Query) -> Sequence[int]:
    users, filters = panel.users, asked.filters
    places: Sequence[int] = users.live() if users.gone else range(len(users))
    if "ids" in filters:
        known = {users.place(number) for number in query.numbers(filters["ids"], panel.switches)}
        places = sorted(place for place in known if place is not None)
    for name, index in (("username", users.by_name), ("email", users.by_mail)):
        if name in filters:
            found = index.get(filters[name])
            places = [found] if found is not None and found in places else []
    return places


def _payments(panel: Panel, asked: Query) -> Sequence[int]:
    payments, users, filters = panel.payments, panel.users, asked.filters
    low = bisect_left(payments.created, int(filters["created_from"])) if "created_from" in filters else 0
    high = bisect_right(payments.created, int(filters["created_to"])) if "created_to" in filters else len(payments)
    places: Sequence[int] = range(low, high)
    if "payment_status" in filters or payments.deleted:
        places = _of_status(panel, places, filters)
    if "user_email" in filters:
        found = users.by_mail.get(filters["user_email"])
        places = [place for place in places if found is not None and payments.customer[place] == users.who[found]]
    if "username" in filters:
        whose = users.whose.get(filters["username"], set())
        places = [place for place in places if payments.customer[place] in whose]
        places = [place for place in places if _payer(panel, place) == filters["username"]]
    return places


def _of_status(panel: Panel, places: Sequence[int], filters: Mapping[str, str]) -> list[int]:
    payments, switches = panel.payments, panel.switches
    wanted = query.words(filters.get("payment_status", ",".join(paying.STATUSES)))
    if not switches.unknown_statuses or "payment_status" not in filters:
        return query.narrow(places, payments.state, bytes(word in wanted for word in paying.STATUSES))
    places = query.narrow(places, payments.state, bytes(len(paying.STATUSES) * [1]))
    return [place for place in places if words.payment_status(payments[place], switches) in wanted]


def _payer(panel: Panel, place: int) -> str:
    return words.payer(panel.users, panel.payments[place], place, panel.switches)


def _tickets(panel: Panel, asked: Query) -> Sequence[int]:
    tickets, users, filters = panel.tickets, panel.users, asked.filters
    places = tickets.by_update() if panel.switches.tickets_order == "update" else tickets.live()
    if "user" in filters:
        whose = {who for who in users.whose.get(filters["user"], ()) if users.names[who] == filters["user"]}
        places = [place for place in places if tickets.customer[place] in whose]
    if "status" in filters:
        places = _of_word(panel, places, query.words(filters["status"]))
    return places


def _of_word(panel: Panel, places: Sequence[int], wanted: Sequence[str]) -> list[int]:
    """By the byte of the state where that is the word, else one by one."""
    tickets, switches = panel.tickets, panel.switches
    if not switches.unknown_statuses and switches.unanswered == "pending":
        return query.narrow(places, tickets.state, bytes(word in wanted for word in words.TICKET))
    return [place for place in places if words.ticket_status(tickets[place], switches) in wanted]


def _payments_askable(switches: Switches) -> Askable:
    ranged = switches.payments_created_filter == "present"
    filters = [name for name in PAYMENT_FILTERS if ranged or not name.startswith("created")]
    return Askable(filters, BY_CREATED, switches.payments_order == "oldest")


LISTS: Mapping[str, Listing] = {
    "orders": Listing(
        lambda switches: Askable(ORDER_FILTERS, BY_DATE),
        lambda panel, asked: query.select(panel.records, asked, panel.switches),
        lambda panel: panel.orders.created,
        lambda panel: panel.rows.row,
    ),
    "users": Listing(
        lambda switches: Askable(USER_FILTERS, BY_CREATED, switches.users_order == "oldest"),
        _users,
        lambda panel: panel.users.created,
        lambda panel: panel.user_rows.row,
    ),
    "payments": Listing(
        _payments_askable,
        _payments,
        lambda panel: panel.payments.created,
        lambda panel: panel.payment_rows.row,
    ),
    "tickets": Listing(
        lambda switches: Askable(TICKET_FILTERS, {}),
        _tickets,
        lambda panel: panel.tickets.updated if panel.switches.tickets_order == "update" else panel.tickets.ids,
        lambda panel: panel.ticket_rows.row,
    ),
}
