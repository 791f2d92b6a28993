"""A bar chart, as far as figures make it: heights, ticks and words. templates/parts/chart.html draws it, and tells it as a table too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

LOWEST = 1.0
"""In hundredths of the whole height: what is there can be seen."""


@dataclass(frozen=True)
class Bar:
    """`value`: exactly, with its unit. `height`: of a hundred, 0 where nothing is."""

    label: str
    value: str
    height: float


@dataclass(frozen=True)
class Chart:
    """`name` tells the charts of a page apart. `told`: what it shows, in a sentence. `ticks`: the axis from its top down to nothing; `edges`:
    the first, a middle and the last bar's label. `heads`: of the table's two columns."""

    name: str
    title: str
    told: str
    bars: Sequence[Bar]
    ticks: Sequence[str]
    edges: Sequence[str]
    heads: tuple[str, str]


def chart(
    name: str,
    title: str,
    told: str,
    values: Sequence[tuple[str, int]],
    written: Callable[[int], str],
    heads: tuple[str, str],
) -> Chart:
    """`values`: a label and a whole number each, in order; `written`: a number as it is shown."""
    top = rounded_up(max((value for _, value in values), default=0))
    labels = [label for label, _ in values]
    return Chart(
        name=name,
        title=title,
        told=told,
        bars=[Bar(label, written(value), height(value, top)) for label, value in values],
        ticks=[written(top), written(top // 2), written(0)] if top > 1 else [written(top), written(0)],
        edges=[labels[0], labels[len(labels) // 2], labels[-1]] if len(labels) > 2 else labels,
        heads=heads,
    )


def height(value: int, top: int) -> float:
    return max(LOWEST, round(100 * value / top, 1)) if value > 0 else 0.0


def rounded_up(value: int) -> int:
    """To 1, 2 or 5 with noughts behind: where an axis may end."""
    power = int(10 ** (len(str(max(value, 1))) - 1))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value)
