"""The words by which a panel with these habits calls things: they are facts of the panel, whoever writes them down."""

from hyperpanel.sandbox import paying
from hyperpanel.sandbox.accounts import Account
from hyperpanel.sandbox.payments import Payment
from hyperpanel.sandbox.switches import Switches
from hyperpanel.sandbox.threads import CUSTOMER, PENDING, Event
from hyperpanel.sandbox.tickets import Ticket, Tickets
from hyperpanel.sandbox.users import Users

TICKET = ("pending", "answered", "closed", "locked")
UNHEARD_OF = {"user": "unconfirmed", "payment": "chargeback", "ticket": "on_hold"}


def user_status(account: Account, switches: Switches) -> str:
    return _odd("user", account.bits, switches) or ("suspended" if account.suspended else "active")


def payment_status(payment: Payment, switches: Switches) -> str:
    return _odd("payment", payment.bits, switches) or paying.STATUSES[payment.status]


def ticket_status(ticket: Ticket, switches: Switches) -> str:
    waiting = ticket.status == PENDING and not ticket.answered
    known = switches.unanswered if waiting else TICKET[ticket.status]
    return _odd("ticket", ticket.bits, switches) or known


def _odd(kind: str, bits: int, switches: Switches) -> str | None:
    return UNHEARD_OF[kind] if switches.unknown_statuses and bits >> 57 & 31 == 0 else None


def payer(users: Users, payment: Payment, place: int, switches: Switches) -> str:
    if switches.payment_user_name == "followed":
        return users.names[payment.who]
    return users.name_then(payment.who, "payments", place)


def sender(tickets: Tickets, ticket: Ticket, event: Event, switches: Switches) -> str:
    """Of a message: staff by their names; customers by the name they have, or had."""
    if event.staff != CUSTOMER:
        return event.sender or tickets.desk.team[event.staff].name
    users = tickets.desk.users
    if switches.message_sender == "followed":
        return users.names[ticket.who]
    return event.sender or users.name_then(ticket.who, "moments", event.at)
