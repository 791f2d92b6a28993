"""Answers of the reports about tickets: how staff answer, and which services tickets are about."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from hyperpanel.client.figure_parts import Answer, Natural


class StaffRow(Struct, frozen=True):
    staff: str
    panels: Natural
    tickets: Natural
    replies: Natural
    length: float
    timed: Natural
    response: float | None
    left: Natural
    quick: Natural
    quick_lifted: Natural
    repeated: Natural
    repeated_lifted: Natural
    quick_term: float
    repeated_term: float
    score: Annotated[float, Meta(ge=0, le=100)]


class StaffMeasure(Struct, frozen=True):
    quick_characters: int
    quick_seconds: int
    quick_weight: float
    repeat_weight: float
    leaves_second: bool
    leaves_closing: bool


class TicketsByStaff(Answer, frozen=True, kw_only=True):
    """By name, never by rank: a score says where to look, and the replies behind it what to think."""

    measure: StaffMeasure
    untimed: Natural
    rows: Sequence[StaffRow]


class TicketSample(Struct, frozen=True):
    ticket: str
    orders: Sequence[str]


class ServiceTicketsRow(Struct, frozen=True):
    panel: str
    service: str
    name: str
    tickets: Natural
    orders: Natural
    complaint: str | None
    complaint_tickets: Natural
    samples: Sequence[TicketSample]


class Unresolved(Struct, frozen=True):
    """Why tickets are about no order."""

    no_order: Natural
    no_number: Natural
    unread: Natural


class TicketsByService(Answer, frozen=True, kw_only=True):
    tickets: Natural
    resolved: Natural
    unresolved: Unresolved
    orders: Natural
    tickets_read: Natural
    tickets_behind: Natural
    rows: Sequence[ServiceTicketsRow]
