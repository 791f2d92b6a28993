"""The customer beside a ticket: what they have, what they ordered last, and what else they wait for. Parts are left out without permission."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from hyperpanel.db import customers, list_pages, orders, tickets, user_names
from hyperpanel.db.customers import COUNTED_TO, Customer
from hyperpanel.db.lists import Place
from hyperpanel.db.panels import Panel
from hyperpanel.db.tickets import Ticket
from hyperpanel.web import order_rows, ticket_rows
from hyperpanel.web.languages import N_
from hyperpanel.web.order_rows import OrderRow, money
from hyperpanel.web.texts import shown
from hyperpanel.web.ticket_rows import TicketRow, place, theirs
from hyperpanel.web.visits import Visit
from sync.money import Money

LAST = 3
MOST_OPEN = 5
TALLIES = {
    "orders": N_("Orders"),
    "tickets": N_("Tickets"),
    "payments": N_("Payments"),
}


@dataclass(frozen=True)
class Tally:
    """How many of something they have, and where these are listed."""

    label: str
    number: str
    href: str


@dataclass(frozen=True)
class Card:
    """`href` None: nobody of this name is held. `balance` and `spent` only for those who may see users."""

    username: str
    href: str | None
    balance: Money | None
    spent: Money | None
    tallies: Sequence[Tally]
    orders: Sequence[OrderRow]
    tickets: Sequence[TicketRow]


def card(connection: Connection, visit: Visit, panel: Panel, ticket: Ticket, customer: Customer | None) -> Card | None:
    """None for a ticket that names nobody."""
    name = customer.username if customer else ticket.user
    if not name:
        return None
    known = customer if visit.may("users:read") else None
    since = begun(connection, visit, panel, customer) if customer else None
    return Card(
        username=shown(name) or "",
        href=place("users", panel.name, known.id) if known else None,
        balance=money(known.balance, known.balance_currency) if known else None,
        spent=money(known.spent, known.spent_currency) if known else None,
        tallies=tallies(connection, visit, panel, name, since),
        orders=last_orders(connection, visit, panel, name, since) if visit.may("orders:read") else (),
        tickets=others(connection, visit, panel, name, ticket.id),
    )


def begun(connection: Connection, visit: Visit, panel: Panel, customer: Customer) -> datetime | None:
    """From when on their name is theirs alone; None where it never was another's."""
    named = user_names.names_of(connection, visit.scope, panel.id, customer.id)
    return next((one.since for one in named if one.name == customer.username), None)


def tallies(connection: Connection, visit: Visit, panel: Panel, name: str, since: datetime | None) -> list[Tally]:
    counts = customers.counts(connection, visit.scope, panel.id, name, since)
    on = f"&created_from={since.astimezone(visit.zone):%Y-%m-%dT%H:%M:%S}" if since else ""
    return [
        Tally(visit.say(label), counted(visit, counts[noun]), theirs(noun, panel.name, name) + on)
        for noun, label in TALLIES.items()
        if visit.may(f"{noun}:read")
    ]


def counted(visit: Visit, number: int) -> str:
    if number <= COUNTED_TO:
        return visit.fmt.number(number)
    return visit.say("%(number)s+", number=visit.fmt.number(COUNTED_TO))


def last_orders(
    connection: Connection, visit: Visit, panel: Panel, name: str, since: datetime | None
) -> list[OrderRow]:
    filters = {"user": (name,)} | ({"created_from": (since,)} if since else {})
    found = list_pages.page(connection, visit.scope, [panel.id], orders.LISTING, filters, Place("created"), LAST)
    return [order_rows.row(one, panel.name, visit.language, False) for one in found]


def others(connection: Connection, visit: Visit, panel: Panel, name: str, ticket_id: str) -> list[TicketRow]:
    found = tickets.others_open(connection, visit.scope, panel.id, name, ticket_id, MOST_OPEN)
    return [ticket_rows.row(one, panel.name, visit.language) for one in found]
