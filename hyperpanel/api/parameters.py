"""Filters that several lists take, as the document tells them."""

from typing import Annotated, Literal

from litestar.params import QueryParameter

LAST_SECOND = 253_402_214_400
"""The last day of the year 9999, which is all that a datetime holds."""

FROM_ZERO = {"minimum": 0}
"""Litestar leaves a bound that is 0 out of its document, where there may be no value."""

CreatedFrom = Annotated[
    int | None,
    QueryParameter(
        ge=0, le=LAST_SECOND, schema_extra=FROM_ZERO, description="Made in this second or later: seconds since 1970."
    ),
]
CreatedTo = Annotated[
    int | None,
    QueryParameter(
        ge=0, le=LAST_SECOND, schema_extra=FROM_ZERO, description="Made in this second or earlier: seconds since 1970."
    ),
]
Ids = Annotated[
    str | None, QueryParameter(max_length=12_000, description="Numbers with commas between, at most 1 000 of them.")
]
Username = Annotated[
    str | None, QueryParameter(max_length=500, description="A username, exactly as the panel writes it in these rows.")
]
Email = Annotated[
    str | None, QueryParameter(max_length=500, description="An e-mail address, in small or capital letters.")
]
CreatedSort = Annotated[
    Literal["created-at-desc", "created-at-asc"], QueryParameter(description="By when they were made.")
]
OnePanel = Annotated[
    str,
    QueryParameter(
        max_length=4000, description="Whose record is meant, where several of the key's panels have the id."
    ),
]


def statuses(known: str) -> QueryParameter:
    """What any status parameter takes, with the words that are known."""
    return QueryParameter(
        max_length=2_000,
        description=f"Statuses with commas between: {known}, or any other word that a panel uses. One that no row has finds nothing.",
    )
