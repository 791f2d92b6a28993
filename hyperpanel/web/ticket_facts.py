"""One ticket put together: its facts, its conversation with the orders that it names, and its customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from hyperpanel.db import customers, messages, tickets
from hyperpanel.db.customers import Customer
from hyperpanel.db.messages import PAGE, Message
from hyperpanel.db.panels import Panel
from hyperpanel.db.tickets import Reading, Ticket
from hyperpanel.errors import BadInput
from hyperpanel.web import ai_marks, order_rows, thread_views
from hyperpanel.web.bodies import Mention
from hyperpanel.web.facts import Fact, known
from hyperpanel.web.texts import shown
from hyperpanel.web.thread_views import Thread
from hyperpanel.web.ticket_rows import TicketRow, place
from hyperpanel.web.visits import Visit

MOST_NUMBERS = 200


@dataclass(frozen=True)
class Asked:
    """Which part of a conversation: `before` a message, and with one of them `whole`."""

    before: str
    whole: str


def asked(visit: Visit) -> Asked:
    given = dict(visit.url.pairs)
    return Asked(given.get("before", ""), given.get("whole", "")[:64])


def facts(visit: Visit, ticket: Ticket, row: TicketRow) -> list[Fact]:
    """Those that are known, and that the header does not tell."""
    say, fmt = visit.say, visit.fmt
    times = (
        (say("Created"), ticket.created_at),
        (say("Last update"), ticket.last_update_at),
        (say("No longer at the panel since"), ticket.gone_at),
    )
    return known(
        [
            Fact(say("Assignee"), row.assignee or say("Nobody")),
            Fact(say("Status at the panel"), shown(ticket.status_raw) if row.status_tone == "unknown" else None),
            *(Fact(label, fmt.exact(at) if at else None, "id") for label, at in times),
        ]
    )


def thread(connection: Connection, visit: Visit, panel: Panel, ticket: Ticket, customer: Customer | None) -> Thread:
    """Raises BadInput for a place that no link of ours leads to."""
    wish = asked(visit)
    before = thread_views.place(wish.before)
    if wish.before and before is None:
        raise BadInput("no such place in a conversation")
    held = messages.page(connection, visit.scope, panel.id, ticket.id, before, wish.whole, PAGE + 1)
    some, has_older = thread_views.kept(held, PAGE)
    read = thread_views.read(some)
    ids = [message.id for message in some]
    versions = messages.versions(connection, visit.scope, panel.id, ticket.id, ids) if ids else []
    named = thread_views.numbers(read, MOST_NUMBERS) if visit.may("orders:read") else []
    orders = mentions(connection, visit, panel, ticket, customer, named)
    reading = tickets.reading(connection, visit.scope, panel.id, ticket.id)
    href = place("tickets", panel.name, ticket.id)
    days = thread_views.days(visit, read, versions, orders, href, before is None)
    shown_days, head = ai_marks.marked(connection, visit, panel, ticket.id, read, days, orders)
    return Thread(
        state=state(ticket, reading, some),
        read_at=reading.read_at if reading else None,
        days=shown_days,
        older_href=f"{href}?before={thread_views.place_of(some[0])}" if has_older else None,
        newest_href=f"{href}#newest" if before else None,
        ai=head,
    )


def state(ticket: Ticket, reading: Reading | None, some: Sequence[Message]) -> str:
    """Whether the messages that are held are all that the ticket has, as far as it is known."""
    if reading is None or (reading.read_for is None and not some):
        return "never"
    if reading.read_for is None:
        return "again"
    return "current" if reading.read_for == ticket.fields else "behind"


def mentions(
    connection: Connection,
    visit: Visit,
    panel: Panel,
    ticket: Ticket,
    customer: Customer | None,
    numbers: Sequence[str],
) -> Mapping[str, Mention]:
    """Of numbers in the text those that are orders of this customer on this panel: nobody else's are told apart from any number."""
    if not numbers:
        return {}
    names = customers.whose(connection, visit.scope, panel.id, ticket.user, customer)
    found = customers.own_orders(connection, visit.scope, panel.id, numbers, names)
    return {
        number: Mention(
            place("orders", panel.name, number),
            order_rows.status_tone(order.status),
            order_rows.status_label(visit.language, order.status),
        )
        for number, order in found.items()
    }
