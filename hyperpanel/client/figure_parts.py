"""What the answers of all reports begin with: the window, how old the data is, and what each figure means."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

Amount = Annotated[
    str, Meta(description="An exact decimal number.", examples=["12.50"], pattern=r"^-?[0-9]+(\.[0-9]+)?$")
]
Natural = Annotated[int, Meta(ge=0)]
PanelState = Annotated[
    str, Meta(description="on_time, late, paused, never (read) or key (refused).", examples=["on_time"])
]


Reach = Annotated[
    datetime | None,
    Meta(
        description="All since this moment is held, so that a window that begins before it lacks some; null where that is not known."
    ),
]


class Age(Struct, frozen=True):
    """How a panel stands with the streams that a report is made of."""

    panel: Annotated[str, Meta(examples=["eu-1"])]
    state: PanelState
    as_of: datetime | None
    reaches_back_to: Reach = None


class Figure(Struct, frozen=True):
    """What a figure of a row means. Of one within another the name has a dot."""

    name: Annotated[str, Meta(examples=["stuck"])]
    unit: Annotated[str, Meta(examples=["orders"])]
    definition: str


class Answer(Struct, frozen=True, kw_only=True):
    """What every report begins with. `as_of`: of the oldest panel, null where one was not read yet."""

    report: str
    since: datetime
    until: datetime
    hours: float
    as_of: datetime | None
    reaches_back_to: Reach = None
    panels_on_time: Natural
    panels_in_all: Natural
    panels: Sequence[Age]
    figures: Sequence[Figure]
