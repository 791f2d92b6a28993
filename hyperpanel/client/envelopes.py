"""What is around every answer of the admin API, as a Perfect Panel writes it: a script written for one reads the other.

Its `error_code` is 0 where all is well; `data` of a refusal is an empty list, whatever was asked for. Beside what a panel has there are
`as_of`, `count_is_total`, `next_cursor` and the number of an error.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Generic, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType

T = TypeVar("T")

Code = Annotated[int, Meta(description="0: all is well. 100: no such path. Else the HTTP status.", examples=[0])]


class Rows(Struct, Generic[T], frozen=True):
    count: Annotated[int, Meta(ge=0, description="How many rows the question has, over all its pages.", examples=[1])]
    count_is_total: Annotated[
        bool, Meta(description="False where there are more than `count`: rows are counted to 10 000.", examples=[True])
    ]
    list: Sequence[T]


class Pagination(Struct, frozen=True):
    """Where the list goes on; an address is empty where it does not."""

    prev_page_href: Annotated[str, Meta(description="The page before; empty on the first.", examples=[""])]
    next_page_href: Annotated[
        str,
        Meta(description="The page after, by cursor; empty on the last.", examples=["/adminapi/v2/orders?cursor=…"]),
    ]
    offset: Annotated[int, Meta(ge=0, examples=[0])]
    limit: Annotated[int, Meta(ge=1, le=1000, examples=[100])]
    next_cursor: Annotated[
        str, Meta(description="Give it as `cursor` to go on after the last row; empty on the last page.", examples=[""])
    ] = ""


AsOf = Annotated[
    datetime | None,
    Meta(description="What is told was right at this moment; null where something was never read.", examples=[None]),
]


ReachesBackTo = Annotated[
    datetime | None,
    Meta(
        description="Of records: all that were created later are held, but for those that are gone from their panel; null where that is "
        "not known. What is older may have been let go of, or was not read yet.",
        examples=[None],
    ),
]


class Listed(Struct, Generic[T], frozen=True):
    """A page of a list."""

    data: Rows[T]
    pagination: Pagination
    as_of: AsOf = None
    reaches_back_to: ReachesBackTo = None
    error_message: Annotated[str, Meta(examples=[""])] = ""
    error_code: Code = 0


class Detail(Struct, Generic[T], frozen=True):
    """One record."""

    data: T
    error_message: Annotated[str, Meta(examples=[""])] = ""
    error_code: Code = 0


class Refusal(Struct, frozen=True, kw_only=True):
    """Every way a call can end badly."""

    data: Sequence[None] = ()
    error_message: Annotated[str, Meta(description="What is wrong, and what to do next.")]
    error_code: Code
    error_id: Annotated[str, Meta(description="Its number, which the console's log repeats.")] | UnsetType = UNSET
    panels: (
        Annotated[Sequence[str], Meta(description="Of an id that several panels have: name one of them as `panel`.")]
        | UnsetType
    ) = UNSET
    fields: Annotated[Sequence[str], Meta(description="The parameters that are wrong.")] | UnsetType = UNSET
    cursor: Annotated[str, Meta(description="Of a cursor that is too old: where to begin anew.")] | UnsetType = UNSET


class Ended(Struct, frozen=True):
    """`next_cursor` is empty where there are no more rows."""

    count: Annotated[int, Meta(ge=0, description="How many lines came before this one.")]
    next_cursor: str = ""


class End(Struct, frozen=True):
    """The last line of an answer in NDJSON: one that does not have it was cut off."""

    end: Ended


class Health(Struct, frozen=True):
    ok: bool = True
