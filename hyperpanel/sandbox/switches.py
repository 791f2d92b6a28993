"""What is not known of the real panels, as switches: both behaviours of each, in one table.

Every fact that the protocol notes mark `?`, `I` or `O1`, and that touches what is read, has a field here; what stands
after `=` is what a panel does unless told otherwise. POST them to `/_truth/PANEL/switches`, or call
`panel.switch(ids="string")`. What the switches hide is hidden in the truth too: it tells what a reader can know.
"""

from typing import Annotated, Literal
from zoneinfo import available_timezones

import msgspec
from msgspec import Meta

ORDER_FILTERS = (
    "created_from", "created_to", "ids", "order_status", "service_ids", "user", "provider",
    "mode", "creation_type", "ip_address", "link",
)  # fmt: skip
USER_FILTERS = ("username", "email", "ids")
PAYMENT_FILTERS = ("username", "user_email", "payment_status", "created_from", "created_to")
TICKET_FILTERS = ("user", "status")
FILTERS = tuple(dict.fromkeys((*ORDER_FILTERS, *USER_FILTERS, *PAYMENT_FILTERS, *TICKET_FILTERS, "sort")))

Optional = Literal["present", "missing"]
Renamed = Literal["kept", "followed"]


class Switches(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One panel's habits."""

    # The envelope of a list
    count: Literal["total", "page"] = "total"  # data.count: all that match, or the rows of this page
    pagination: Literal["full", "empty_hrefs", "absent"] = "full"  # next_page_href: true, always "", or no such object
    error_code: Literal["zero", "null", "absent"] = "zero"  # of a success
    page_cap: Annotated[int, Meta(ge=1, le=1000)] = 1000  # a larger `limit` is cut to this without a word
    ids_cap: Annotated[int, Meta(ge=1)] | None = None  # only so many of `ids` are looked at
    unknown_filter: Literal["ignored", "refused"] = "ignored"  # a query parameter it does not know: nothing, or 400
    ignored_filters: tuple[str, ...] = ()  # filters it should know and ignores all the same (see FILTERS; `sort` too)
    ties: Literal["stable", "unstable"] = "stable"  # rows of one second: always in one order, or not
    payments_created_filter: Literal["absent", "present"] = "absent"  # created_from and created_to of payments
    # The order of a list, unless it is asked for
    users_order: Literal["newest", "oldest"] = "newest"
    payments_order: Literal["newest", "oldest"] = "newest"
    tickets_order: Literal["update", "id"] = "update"  # the last touched first, or the highest number
    # An order
    last_update: Literal["list", "detail", "nowhere"] = "list"  # newer panels; older panels; never
    charge: Literal["string", "number"] = "string"  # charge.value and provider_charge.value
    user: Literal["string", "object"] = "string"  # "login", or {"id": 7, "username": "login"}
    remains_null: Literal["null", "missing"] = "null"  # where nothing is known of it
    provider_null: Literal["null", "missing"] = "null"  # provider and provider_charge of manual services
    created_timestamp: Optional = "present"  # else only `created`, in the panel's own zone
    service_name: Renamed = "kept"  # an order of a service renamed since: the name then, or now
    order_user: Renamed = "kept"  # an order of a user renamed since: the name then, or now
    # Any row. Where these are not the panel's own, whoever set a reader up for it was mistaken, or its owner has changed them
    currency: Annotated[str, Meta(pattern="^[A-Z]{3,5}$")] | None = None  # the code beside its amounts
    time_zone: str | None = None  # of its written times
    ids: Literal["int", "string"] = "int"  # `id`, `payment_id`, `service_id`
    # balance, spent and amount: an object whose value is a string or a number, or that value alone, without a currency
    amounts: Literal["object", "object_number", "string", "number"] = "object"
    # beside the written times of users, tickets and messages; those are in the panel's own zone and do not say so
    timestamps: Optional = "present"
    unknown_statuses: bool = False  # one user, payment and ticket in thirty has a status that nobody has heard of
    gone: Literal["404", "200"] = "404"  # the detail of what is not there: 404, or 200 with an error_code
    # A user. The last_auth of who never was there: 0000-00-00 with 0 beside it, or with PHP's -62169984000; nulls; nothing
    never: Literal["zeros", "negative", "null", "missing"] = "zeros"
    # A payment
    payment_user: Literal["object", "full", "string"] = "object"  # {"username"}, {"id", "username"}, "login"
    payment_user_name: Renamed = "followed"  # of a user renamed since
    payment_balance: Optional = "present"
    payment_fraud_risk: Optional = "present"
    payment_updated: Optional = "present"
    payment_updated_timestamp: Optional = "present"
    payment_mode: Optional = "present"
    payment_created_timestamp: Optional = "present"
    # A ticket and its messages
    ticket_user: Literal["object", "string"] = "object"
    unassigned: Literal["null", "empty", "missing"] = "null"  # the assignee of a ticket that nobody has
    unanswered: Literal["pending", "open"] = "pending"  # the status of a ticket that staff never answered
    messages_order: Literal["oldest", "newest"] = "oldest"
    no_files: Literal["empty", "null", "missing"] = "empty"  # `files` of a message without any
    message_sender: Renamed = "kept"  # sender_name of a user renamed since
    # Refusals
    retry_after: Literal["absent", "seconds", "date"] = "absent"  # on 429
    rate_limit: Annotated[int, Meta(ge=1)] = 5  # requests in any second, 429 above
    # What it takes: payments/add and tickets/N/reply; the other writes are never simulated
    writes: Literal["refused", "taken"] = "refused"
    # The user API
    service_numbers: Literal["string", "int"] = (
        "string"  # rate, min, max (a rate that is no whole number stays a number)
    )
    service_ids: Literal["int", "string"] = "int"
    service_errors: Literal["200", "4xx"] = "200"  # the status that comes with {"error": "…"}
    status_titles: Literal["sentence", "title"] = (
        "sentence"  # "In progress" and "Canceled", or "In Progress" and "Cancelled"
    )
    # Transport
    gzip: bool = False  # answers are packed for those who accept it
    date_header: Literal["present", "absent"] = "present"
    clock_skew: int = 0  # seconds the panel's Date header is ahead of its own records


def changed(switches: Switches, changes: dict[str, object]) -> Switches:
    """The switches with some of them turned; an unknown name or value is a ValidationError that names it."""
    after = msgspec.convert({**msgspec.to_builtins(switches), **changes}, Switches)
    if unknown := set(after.ignored_filters) - set(FILTERS):
        raise msgspec.ValidationError(f"no such filter: {', '.join(sorted(unknown))}; there are {', '.join(FILTERS)}")
    if after.time_zone and after.time_zone not in available_timezones():
        raise msgspec.ValidationError(f"no such time zone: {after.time_zone}")
    return after
