"""Orders, payments, users and tickets as a Perfect Panel writes them, with the panel that each is of and when it was last known to be so.

What a panel did not tell is null; what this key may not see, or what no console keeps, is absent. An id is a number where its panel's is.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

Id = Annotated[int | str, Meta(description="A number, or a text where the panel's own is none.", examples=[906386])]
PanelName = Annotated[str, Meta(description="Whose it is.", examples=["eu-1"])]
AsOf = Annotated[
    datetime | None,
    Meta(
        description="Up to this moment what is new and what is open was read; null where the panel was not read yet. What is final is not read "
        "again so often: by itself, a record says when it was last seen so."
    ),
]
Local = Annotated[
    str | None, Meta(description="In the panel's own time zone, which is not told.", examples=["2026-08-30 02:20:43"])
]
Seconds = Annotated[int | None, Meta(description="Seconds since 1970.", examples=[1788056443])]
Raw = Annotated[str, Meta(description="As the panel wrote it.", examples=["In progress"])]
State = Annotated[
    str,
    Meta(
        description="The status in one spelling for all panels: small letters, `_` for spaces.",
        examples=["in_progress"],
    ),
]
Username = Annotated[str | None, Meta(description="The customer's name there.", examples=["kadir"])]
Count = Annotated[int | None, Meta(examples=[100])]
Mode = Annotated[str | None, Meta(description="auto or manual.", examples=["auto"])]


class Money(Struct, frozen=True, gc=False):
    """An exact amount; `formatted` is for people."""

    value: Annotated[str, Meta(pattern=r"^-?[0-9]+(\.[0-9]+)?$", examples=["0.03"])]
    currency_code: Annotated[str, Meta(examples=["USD"])]
    formatted: Annotated[str, Meta(examples=["$0.03"])]


class Order(Struct, frozen=True, gc=False):
    """`external_id` (the provider's number), `provider` and `provider_charge` are there with the scope providers:read alone."""

    id: Id
    panel: PanelName
    as_of: AsOf
    user: Username
    creation_type: Annotated[
        str | None, Meta(description="How it was made: web, api, mass and so on.", examples=["api"])
    ]
    charge: Annotated[Money | None, Meta(description="What the customer paid.")]
    link: Annotated[str | None, Meta(description="As the customer typed it.", examples=["https://example.com/p/1"])]
    start_count: Annotated[int | None, Meta(description="What was counted at the link before.", examples=[250])]
    quantity: Count
    service_id: Annotated[int | str | None, Meta(description="Its service, by the panel's number.", examples=[170])]
    service_type: Annotated[str | None, Meta(examples=["default"])]
    service_name: Annotated[str | None, Meta(description="As it was called then.", examples=["Followers [5-10K/Day]"])]
    status: Raw
    state: State
    remains: Annotated[int | None, Meta(description="What is still to be delivered.", examples=[40])]
    is_autocomplete: bool | None
    created: Local
    created_timestamp: Seconds
    last_update: Local
    last_update_timestamp: Seconds
    mode: Mode
    external_id: (
        Annotated[str | None, Meta(description="Its number at the provider.", examples=["77120"])] | UnsetType
    ) = UNSET
    provider: (
        Annotated[str | None, Meta(description="Who delivers it.", examples=["provider-a.example"])] | UnsetType
    ) = UNSET
    provider_charge: Money | UnsetType | None = UNSET


class StatusChange(Struct, frozen=True):
    """It happened after `not_before` and no later than `not_after`: between two looks at the panel."""

    was: Annotated[str, Meta(examples=["pending"])]
    now: Annotated[str, Meta(examples=["in_progress"])]
    not_before: datetime
    not_after: datetime


class OrderDetail(Order, frozen=True, kw_only=True):
    """An order with its changes of status, the newest first. Which actions the panel would offer is not known, so `actions` is absent."""

    status_changes: Sequence[StatusChange]


class Customer(Struct, frozen=True, gc=False):
    """Of a payment or a ticket; `id` only where the panel tells it."""

    username: Username
    id: Id | UnsetType = UNSET


class Payment(Struct, frozen=True, gc=False):
    """`payment_id` is its number; `id` is the same, as other records have it."""

    payment_id: Id
    id: Id
    panel: PanelName
    as_of: AsOf
    user: Customer | None
    amount: Money | None
    balance: Money | None
    method: Annotated[str | None, Meta(description="As the panel shows it.", examples=["PayPal"])]
    status: Raw
    state: State
    memo: Annotated[str | None, Meta(examples=["March"])]
    fraud_risk: Annotated[str | None, Meta(examples=["low"])]
    mode: Mode
    created: Local
    created_timestamp: Seconds
    updated: Local
    updated_timestamp: Seconds


class Discount(Struct, frozen=True, gc=False):
    formatted: Annotated[str, Meta(examples=["5%"])]


class CustomRate(Struct, frozen=True, gc=False):
    """A price of a customer's own for a thousand; with `percent` 1 it is so many percent of the usual."""

    service_id: Id
    service_name: Annotated[str | None, Meta(examples=["Followers [5-10K/Day]"])]
    custom_rate: Annotated[str | None, Meta(examples=["0.50"])]
    percent: Annotated[int, Meta(ge=0, le=1)]


class User(Struct, frozen=True, gc=False):
    """A customer of a panel."""

    id: Id
    panel: PanelName
    as_of: AsOf
    username: Annotated[str, Meta(examples=["kadir"])]
    email: Annotated[str | None, Meta(examples=["kadir@example.com"])]
    balance: Money | None
    spent: Money | None
    status: Raw
    state: State
    created: Local
    created_timestamp: Seconds
    last_auth: Local
    last_auth_timestamp: Seconds
    discount: Discount | None
    custom_rates: Sequence[CustomRate]


class Ticket(Struct, frozen=True, gc=False):
    """Without its messages: ask for the ticket itself."""

    id: Id
    panel: PanelName
    as_of: AsOf
    user: Customer | None
    subject: Annotated[str | None, Meta(examples=["Orders - Refill"])]
    status: Raw
    state: State
    assignee: Annotated[str | None, Meta(description="Who answers, by the panel's name of them.", examples=["ana"])]
    is_read: bool | None
    created: Local
    created_timestamp: Seconds
    last_update: Local
    last_update_timestamp: Seconds


class File(Struct, frozen=True):
    """As the panel tells it; the console has not looked at it."""

    name: Annotated[str | None, Meta(examples=["screenshot.png"])]
    size: Annotated[
        int | str | None, Meta(description="Bytes, or a text where the panel writes one.", examples=[51200])
    ]
    url: Annotated[str | None, Meta(examples=["https://example.com/f/1.png"])]


class Message(Struct, frozen=True):
    """`message` is HTML as somebody sent it, and may be hostile: show it as text, or clean it first."""

    message: Annotated[str, Meta(description="Hostile HTML.", examples=["<p>Where is my order?</p>"])]
    sender_name: Annotated[str | None, Meta(examples=["kadir"])]
    is_staff: bool
    is_unread: bool | None
    created: Local
    created_timestamp: Seconds
    files: Sequence[File]
    is_cut: Annotated[bool, Meta(description="Of a message beyond 65 536 characters only so many are told.")] = False


class TicketDetail(Ticket, frozen=True, kw_only=True):
    """A ticket with its messages, the oldest first."""

    messages: Sequence[Message]
    messages_before: Annotated[
        int, Meta(ge=0, description="How many earlier ones there are: the last 500 are told.")
    ] = 0
    messages_as_of: AsOf = None
    messages_are_current: Annotated[
        bool, Meta(description="Whether they were read since the ticket became what it is; else some may be missing.")
    ] = False
