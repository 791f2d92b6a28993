"""What a ticket gives a model to analyse, read through a scope of its one panel: messages that are there, and orders that are its customer's.

Numbers are found by the rules of ticket tracking (reports.mentions), outside of links, the newest messages first. Whether an answer is still of
the ticket as it is now is told by two digests, which are made of rows as they lie: a page can afford them.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection

from hyperpanel.ai.asks import AiTrouble
from hyperpanel.ai.facts import Line, Material, OrderFacts
from hyperpanel.db import conversations, customers, tickets
from hyperpanel.db.conversations import Owned, Said
from hyperpanel.db.customers import Customer
from hyperpanel.db.panels import Panel
from hyperpanel.db.scope import Scope
from hyperpanel.db.tickets import Ticket
from hyperpanel.db.user_names import Borne
from reports import mentions, plain_text
from sync.money import Money

MOST_MESSAGES, MOST_ORDERS, MOST_NUMBERS = 100, 50, 200


@dataclass(frozen=True)
class Gathered:
    """`numbers`: all that could be orders; `names`: of the customer. `talk` and `standing`: what was said, and where the orders stand."""

    ticket: Ticket
    material: Material
    said: Sequence[Said]
    numbers: Sequence[str]
    names: Sequence[str]
    talk: str
    standing: str

    @property
    def rows(self) -> str:
        """Of these an answer is; ages are not among them."""
        return f"{self.talk}\n{self.standing}"


def gathered(connection: Connection, scope: Scope, panel: Panel, ticket_id: str) -> Gathered:
    """Raises AiTrouble("gone") for a ticket that is not there for this scope."""
    alone = scope.narrowed([panel.id])
    ticket = tickets.one(connection, alone, panel.id, ticket_id)
    if ticket is None:
        raise AiTrouble("gone")
    customer = customers.one(connection, alone, panel.id, ticket.user_id, ticket.user, ticket.created_at)
    names = customers.whose(connection, alone, panel.id, ticket.user, customer)
    found = conversations.latest(connection, alone, panel.id, ticket.id, MOST_MESSAGES + 1)
    said = found[-MOST_MESSAGES:]
    numbers = numbers_of(ticket.subject or "", said, panel.order_digits or mentions.FEWEST)
    owned = conversations.owned(connection, alone, panel.id, numbers, names)
    edited = conversations.edited(connection, alone, panel.id, ticket.id)
    material = material_of(ticket, customer, said, owned, numbers, edited, len(found) > len(said))
    called = list(dict.fromkeys([*(one.name for one in names), *filter(None, [ticket.user])]))
    return Gathered(ticket, material, said, numbers, called, talk(ticket, said), standing(owned))


def numbers_of(subject: str, said: Sequence[Said], fewest: int) -> list[str]:
    """Each once, the subject's first and then those of the newest messages."""
    texts = [subject, *reversed(plain_text.outside_links(column(one.body for one in said)).to_list())]
    found = (part.digits for text in texts for part in mentions.parts(text, fewest) if part.kind == "number")
    return list(dict.fromkeys(found))[:MOST_NUMBERS]


def column(bodies: Iterable[str]) -> pl.Series:
    return pl.Series(list(bodies), dtype=pl.String)


def material_of(
    ticket: Ticket,
    customer: Customer | None,
    said: Sequence[Said],
    owned: Sequence[Owned],
    numbers: Sequence[str],
    edited: frozenset[str],
    has_earlier: bool,
) -> Material:
    mine = {one.id for one in owned}
    bodies = plain_text.plain(column(one.body for one in said)).to_list()
    return Material(
        subject=" ".join((ticket.subject or "").split()),
        customer=(customer.username if customer else ticket.user) or "",
        status=ticket.status.replace("_", " "),
        lines=[line(one, text, edited) for one, text in zip(said, bodies, strict=True)],
        orders=[facts(one) for one in owned[:MOST_ORDERS]],
        more_orders=len(owned[MOST_ORDERS:]),
        strangers=[number for number in numbers if number not in mine][:MOST_ORDERS],
        has_earlier=has_earlier,
    )


def line(one: Said, text: str, edited: frozenset[str]) -> Line:
    return Line(
        is_staff=one.is_staff,
        text=text or "(no text)",
        at=one.created_at,
        is_edited=one.id in edited,
        is_cut=one.size > len(one.body),
        has_files=bool(one.files),
    )


def facts(one: Owned) -> OrderFacts:
    has_charge = one.charge is not None and one.charge_currency is not None
    return OrderFacts(
        id=one.id,
        status=one.status,
        service=one.service_name,
        quantity=one.quantity,
        remains=one.remains,
        created_at=one.created_at,
        start_count=one.start_count,
        charge=Money(one.charge or 0, one.charge_currency or "") if has_charge else None,
        finished_from=one.finished_from,
        finished_at=one.finished_at,
    )


def talk(ticket: Ticket, said: Iterable[Said]) -> str:
    """A digest of what is said in a ticket, and of what stands above it."""
    parts = [ticket.subject or "", ticket.status, ticket.user or ""]
    parts += [f"{one.id} {one.is_staff:d} {one.size} {one.created_at} {one.body}" for one in said]
    return hashlib.sha256("\x00".join(parts).encode(errors="surrogatepass")).hexdigest()[:32]


def standing(owned: Iterable[Owned]) -> str:
    """A digest of where the orders stand, in whatever order they are given."""
    parts = sorted(f"{one.id} {one.status} {one.quantity} {one.remains}" for one in owned)
    return hashlib.sha256("\x00".join(parts).encode(errors="surrogatepass")).hexdigest()[:32]


def names_now(connection: Connection, scope: Scope, panel: Panel, ticket: Ticket) -> list[Borne]:
    """Whose orders the ticket's numbers may be."""
    customer = customers.one(connection, scope, panel.id, ticket.user_id, ticket.user, ticket.created_at)
    return customers.whose(connection, scope, panel.id, ticket.user, customer)
