"""Changes since a cursor: what came, changed or ended, each record as it is now.

Whoever follows keeps records by `stream`, `panel` and `id`: puts the `record` there, and takes away what is `gone`. To tell the same once more
does no harm, so a cursor is kept only when all that came with it was.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from hyperpanel.client.console import Service
from hyperpanel.client.records import AsOf, Id, Message, Order, PanelName, Payment, Ticket, User

Why = Annotated[
    str | None,
    Meta(
        description="Of what is gone. asked: its panel was asked for it and has it no longer. swept: two whole readings of the panel did not "
        "have it. ticket: its ticket is gone. erased: it is older than the console keeps. Null of all that is there.",
        examples=[None],
    ),
]
IsGone = Annotated[bool, Meta(description="Whether it is to be taken away; `record` is null then.")]
Cursor = Annotated[
    str, Meta(description="Give it as `since` the next time. Keep it once you have kept what came with it.")
]


class Change(Struct, frozen=True, kw_only=True):
    """`at`: when the console wrote it down; `gone_at`: as of when its panel had it no longer."""

    panel: PanelName
    id: Id
    at: datetime
    gone: IsGone = False
    gone_at: datetime | None = None
    why: Why = None


class OrderChange(Change, frozen=True, kw_only=True, tag_field="stream", tag="orders"):
    record: Order | None


class UserChange(Change, frozen=True, kw_only=True, tag_field="stream", tag="users"):
    record: User | None


class PaymentChange(Change, frozen=True, kw_only=True, tag_field="stream", tag="payments"):
    record: Payment | None


class TicketChange(Change, frozen=True, kw_only=True, tag_field="stream", tag="tickets"):
    record: Ticket | None


class Thread(Struct, frozen=True):
    """What was said in a ticket, the oldest first, as the ticket itself has it."""

    messages: Sequence[Message]
    messages_before: Annotated[
        int, Meta(ge=0, description="How many earlier ones there are: the last 500 are told.")
    ] = 0
    messages_as_of: AsOf = None


class MessagesChange(Change, frozen=True, kw_only=True, tag_field="stream", tag="messages"):
    """`id` is the ticket's; all of its messages are told anew."""

    record: Thread | None


class ServiceChange(Change, frozen=True, kw_only=True, tag_field="stream", tag="services"):
    record: Service | None


class PanelChange(Struct, frozen=True, kw_only=True, tag_field="stream", tag="panels"):
    """A panel that this key sees from now on: read its lists. Or one that is `gone`, with all that it had: take every record of it away."""

    panel: PanelName
    id: PanelName
    gone: bool
    record: None = None


AnyChange = OrderChange | UserChange | PaymentChange | TicketChange | MessagesChange | ServiceChange | PanelChange


class Told(Struct, frozen=True):
    """Panels first, then those that changed first. A record that changed ten times is told once."""

    list: Sequence[AnyChange]
    count: Annotated[int, Meta(ge=0, description="How many are in this answer.")]
    has_more: Annotated[bool, Meta(description="Ask again at once: there are more.")]
    next_cursor: Cursor


class Following(Struct, frozen=True):
    data: Told
    error_message: str = ""
    error_code: Annotated[int, Meta(examples=[0])] = 0


class Followed(Struct, frozen=True):
    count: Annotated[int, Meta(ge=0, description="How many lines came before this one.")]
    has_more: bool
    next_cursor: Cursor


class FollowedEnd(Struct, frozen=True):
    """The last line of an answer in NDJSON: without it the answer was cut off, and the cursor that was given is the one to go on from."""

    end: Followed
