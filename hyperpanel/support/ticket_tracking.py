"""Ticket tracking put together: what pages, commands, schedules and the API show of staff and of services, made in the reader process."""

from collections.abc import Collection
from dataclasses import dataclass, field

import polars as pl

from hyperpanel.config import Reports
from hyperpanel.db import frames, ticket_frames
from hyperpanel.db.scope import Scope
from hyperpanel.db.sources import Source
from hyperpanel.support import ticket_owners
from reports import ticket_services, ticket_staff
from reports.ticket_services import About
from reports.ticket_staff import FLAGS, MESSAGE, Measure
from reports.windows import Window

SECOND, CLOSING = "second", "closing"
LEAVES = (SECOND, CLOSING)
"""What can be left out of quick fires (SPEC D9)."""

NONE_CLOSED = pl.DataFrame(schema={"panel_id": pl.Int64, "ticket_id": pl.String, "closed_at": pl.Datetime("us", "UTC")})


@dataclass(frozen=True)
class Asked:
    """`scope` names its panels one by one. `name`: of the one whose replies alone are wanted, folded; None means everybody's.
    `picked`: the service (panel id, id) of which all tickets are samples."""

    scope: Scope
    window: Window
    measure: Measure = field(default_factory=Measure)
    name: str | None = None
    picked: tuple[int, str] | None = None


@dataclass(frozen=True)
class ByStaff:
    """`people` as ticket_staff.scored; `untimed`: replies that no window holds, because they came without a time."""

    people: pl.DataFrame
    untimed: int


def measure(settings: Reports, leaves: Collection[str] = ()) -> Measure:
    return Measure(
        quick_characters=settings.quick_characters,
        quick_seconds=settings.quick_seconds,
        quick_weight=settings.quick_weight,
        repeat_weight=settings.repeat_weight,
        leaves_second=SECOND in leaves,
        leaves_closing=CLOSING in leaves,
    )


def by_staff(source: Source, asked: Asked) -> ByStaff:
    people = ticket_staff.scored(answered(source, asked), asked.measure)
    return ByStaff(people, ticket_frames.untimed(source, asked.scope))


def strictly(source: Source, scope: Scope, window: Window, settings: Reports) -> pl.DataFrame:
    """Each reply by itself, with the flags that it has where nothing is left out: when a ticket was closed makes no difference then."""
    spoken, bodies = ticket_frames.spoken(source, scope, window), ticket_frames.replies(source, scope, window)
    return ticket_staff.answered(spoken, bodies, NONE_CLOSED, window, measure(settings))


def answered(source: Source, asked: Asked) -> pl.DataFrame:
    """Each reply by itself, with its flags and whether they were lifted."""
    scope, window = asked.scope, asked.window
    spoken, bodies = ticket_frames.spoken(source, scope, window), ticket_frames.replies(source, scope, window)
    closed = ticket_frames.closed(source, scope, window)
    found = ticket_staff.answered(spoken, bodies, closed, window, asked.measure)
    mine = found if asked.name is None else found.filter(pl.col("name") == asked.name)
    return ticket_staff.with_disputes(mine, ticket_frames.decided(source, scope))


def flagged(source: Source, asked: Asked, flags: Collection[str] = FLAGS) -> pl.DataFrame:
    """Replies with one of these flags, the latest first, whether it was lifted or not."""
    found = answered(source, asked)
    wanted = pl.any_horizontal([pl.col(flag) for flag in sorted(flags)])
    return found.filter(wanted).sort("created_at", *MESSAGE, descending=True)


@dataclass(frozen=True)
class ByService:
    """`names`: panel_id, service_id, name."""

    about: About
    names: pl.DataFrame


@dataclass(frozen=True)
class Opened:
    """Of a window: the tickets, the numbers that they name, and which of these are orders of their customers."""

    tickets: pl.DataFrame
    numbers: pl.DataFrame
    own: pl.DataFrame


def by_service(source: Source, asked: Asked) -> ByService:
    found = opened(source, asked.scope, asked.window)
    about = ticket_services.about(found.tickets, found.numbers, found.own, asked.picked)
    return ByService(about, frames.names(source, asked.scope, about.services))


def opened(source: Source, scope: Scope, window: Window) -> Opened:
    tickets = ticket_frames.opened(source, scope, window)
    digits = ticket_frames.digits(source, scope)
    numbers = ticket_services.numbers(ticket_frames.said(source, scope, window), digits)
    orders = ticket_frames.orders_of(source, scope, numbers)
    renames = ticket_frames.renames(source, scope)
    known = ticket_owners.people(ticket_frames.customers(source, scope, window, renames), renames)
    return Opened(tickets, numbers, ticket_owners.own_orders(tickets, numbers, orders, known))
