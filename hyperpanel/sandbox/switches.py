"""What is not known of the real panels, as switches: both behaviours of each, in one table.

Every fact that the protocol notes mark `?`, `I` or `O1`, and that touches orders or services, has a field here; what
stands after `=` is what a panel does unless told otherwise. POST them to `/_truth/PANEL/switches`, or call
`panel.switch(ids="string")`.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

FILTERS = (
    "created_from", "created_to", "ids", "order_status", "service_ids", "user", "provider",
    "mode", "creation_type", "ip_address", "link",
)  # fmt: skip


class Switches(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One panel's habits."""

    # The envelope of a list
    count: Literal["total", "page"] = "total"  # data.count: all that match, or the rows of this page
    pagination: Literal["full", "empty_hrefs", "absent"] = "full"  # next_page_href: true, always "", or no such object
    error_code: Literal["zero", "null", "absent"] = "zero"  # of a success
    page_cap: Annotated[int, Meta(ge=1, le=1000)] = 1000  # a larger `limit` is cut to this without a word
    ids_cap: Annotated[int, Meta(ge=1)] | None = None  # only so many of `ids` are looked at
    unknown_filter: Literal["ignored", "refused"] = "ignored"  # a query parameter it does not know: nothing, or 400
    ignored_filters: tuple[str, ...] = ()  # filters it should know and ignores all the same (see FILTERS)
    ties: Literal["stable", "unstable"] = "stable"  # rows of one second: always in one order, or not
    # A row
    last_update: Literal["list", "detail", "nowhere"] = "list"  # newer panels; older panels; never
    ids: Literal["int", "string"] = "int"  # `id` and `service_id`
    charge: Literal["string", "number"] = "string"  # charge.value and provider_charge.value
    user: Literal["string", "object"] = "string"  # "login", or {"id": 7, "username": "login"}
    remains_null: Literal["null", "missing"] = "null"  # where nothing is known of it
    provider_null: Literal["null", "missing"] = "null"  # provider and provider_charge of manual services
    created_timestamp: Literal["present", "missing"] = "present"  # else only `created`, in the panel's own zone
    # Refusals
    retry_after: Literal["absent", "seconds", "date"] = "absent"  # on 429
    rate_limit: Annotated[int, Meta(ge=1)] = 5  # requests in any second, 429 above
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
    return after
