"""Charts, as far as figures make them: heights, paths, ticks and words. templates/parts/chart.html draws them, and tells them as tables too.

Every point stands in a slot of its own, equally wide: over the drawing lies a row of as many places to point at, in which the browser puts
them without a style. Time runs the way the text runs.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

LOWEST = 1.0
"""In hundredths of the whole height: what is there can be seen."""

MOST_STEPS = 4
NEARLY = 14
"""Of so many places the one behind the middle stands as good as there."""

UNKNOWN = "–"


@dataclass(frozen=True)
class Bar:
    """`value`: exactly, with its unit. `height`: of a hundred, 0 where nothing is."""

    label: str
    value: str
    height: float


@dataclass(frozen=True)
class Chart:
    """`name` tells the charts of a page apart. `told`: what it shows, in a sentence. `ticks`: the axis from its top down to nothing; `edges`:
    the first, a middle and the last bar's label. `heads`: of the table's two columns. `csv_href`: the same figures as a file."""

    name: str
    title: str
    told: str
    bars: Sequence[Bar]
    ticks: Sequence[str]
    edges: Sequence[str]
    heads: tuple[str, str]
    csv_href: str = ""


@dataclass(frozen=True)
class Stop:
    """One place on the way, with what each line is there, in words; a dash where that is not known."""

    label: str
    values: Sequence[str]


@dataclass(frozen=True)
class Stroke:
    """One line: `path` is broken where nothing is known. `dots`: where it is known and is not at either side, so that no line shows it."""

    name: str
    path: str
    dots: str


@dataclass(frozen=True)
class Lines:
    """Lines over the same places. `zero`: how far down nothing stands where some of it is below; `heads`: of the table's columns."""

    name: str
    title: str
    told: str
    strokes: Sequence[Stroke]
    stops: Sequence[Stop]
    ticks: Sequence[str]
    edges: Sequence[str]
    heads: Sequence[str]
    zero: float | None = None
    csv_href: str = ""


Written = Callable[[float], str]
Series = Sequence[tuple[str, Sequence[float | None]]]


def chart(
    name: str,
    title: str,
    told: str,
    values: Sequence[tuple[str, int]],
    written: Callable[[int], str],
    heads: tuple[str, str],
    csv_href: str = "",
) -> Chart:
    """`values`: a label and a whole number each, in order; `written`: a number as it is shown."""
    top = rounded_up(max((value for _, value in values), default=0))
    return Chart(
        name=name,
        title=title,
        told=told,
        bars=[Bar(label, written(value), height(value, top)) for label, value in values],
        ticks=[written(top), written(top // 2), written(0)] if top > 1 else [written(top), written(0)],
        edges=ends([label for label, _ in values]),
        heads=heads,
        csv_href=csv_href,
    )


def lines(
    name: str,
    title: str,
    told: str,
    labels: Sequence[str],
    series: Series,
    written: Written,
    head: str,
    most: int | None = None,
    csv_href: str = "",
) -> Lines:
    """`series`: of each line its name and a value for each label, None where it is not known. `head`: what the labels are; `most`: where the
    axis ends, if that is given by what is measured. At most three lines can be told apart without colour."""
    known = [value for _, values in series for value in values if value is not None]
    axis = [0, most] if most else between(min(known, default=0), max(known, default=0))
    low, high = axis[0], axis[-1]
    return Lines(
        name=name,
        title=title,
        told=told,
        strokes=[Stroke(one, *path(values, low, high)) for one, values in series],
        stops=[Stop(label, told_at(series, place, written)) for place, label in enumerate(labels)],
        ticks=[written(tick) for tick in reversed(axis)],
        edges=ends(labels),
        heads=[head, *(one for one, _ in series)],
        zero=down(0, low, high) if low < 0 < high else None,
        csv_href=csv_href,
    )


def path(values: Sequence[float | None], low: float, high: float) -> tuple[str, str]:
    """The line, and the dots of it that stand alone; in a space of a hundred by a hundred."""
    line, dots = "", ""
    for known in together(values):
        points = [f"{100 * (place + 0.5) / len(values):.2f} {down(value, low, high):.2f}" for place, value in known]
        if len(points) > 1:
            line += f"M{'L'.join(points)}"
        else:
            dots += f"M{points[0]}h0"
    return line, dots


def together(values: Sequence[float | None]) -> Iterable[list[tuple[int, float]]]:
    """Known values with their places, as far as they follow one on the other."""
    found: list[tuple[int, float]] = []
    for place, value in enumerate(values):
        if value is not None:
            found.append((place, value))
        elif found:
            yield found
            found = []
    if found:
        yield found


def told_at(series: Series, place: int, written: Written) -> list[str]:
    found = [values[place] for _, values in series]
    return [UNKNOWN if value is None else written(value) for value in found]


def down(value: float, low: float, high: float) -> float:
    """From the top, of a hundred; what lies beyond the axis stands on its end."""
    return round(100 * (high - min(max(value, low), high)) / (high - low), 2)


def between(least: float, most: float) -> list[int]:
    """The ticks of an axis that holds both and nothing: whole steps of 1, 2 or 5 with noughts behind."""
    below, above = max(0, -int(least // 1)), max(0, -int(-most // 1))
    step = rounded_up(max(1, -(-(below + above) // MOST_STEPS)))
    while -(-below // step) + -(-above // step) > MOST_STEPS:
        step = rounded_up(step + 1)
    low, high = -(-below // step), max(-(-above // step), 0 if below else 1)
    return [step * tick for tick in range(-low, high + 1)]


def ends(labels: Sequence[str]) -> list[str]:
    """What an axis is written with: its first, its last, and its middle where there is one, or nearly."""
    has_middle = len(labels) > NEARLY or len(labels) % 2
    return (
        [labels[0], *([labels[len(labels) // 2]] if has_middle else []), labels[-1]]
        if len(labels) > 2
        else list(labels)
    )


def height(value: int, top: int) -> float:
    return max(LOWEST, round(100 * value / top, 1)) if value > 0 else 0.0


def rounded_up(value: int) -> int:
    """To 1, 2 or 5 with noughts behind: where an axis may end."""
    power = int(10 ** (len(str(max(value, 1))) - 1))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value)
