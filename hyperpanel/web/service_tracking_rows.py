"""A service as the report shows it: its score with the band in word and shape, the terms that it comes of, its speed, and whether it is snoozed.

Nothing is green on old data: where its panel is not on time, a healthy service is as of then, in a neutral tone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from hyperpanel.db.service_scores import Point
from hyperpanel.db.snoozes import Snooze
from hyperpanel.support.service_tracking import Row, Service
from hyperpanel.web.addresses import Address
from hyperpanel.web.formats import Formats
from hyperpanel.web.languages import N_
from hyperpanel.web.reported_places import new_href, reports_href
from hyperpanel.web.service_trends import Trend, trend
from hyperpanel.web.snooze_words import SnoozeLine, snooze_line, woke_line
from hyperpanel.web.texts import LONGEST_LINK, shown
from hyperpanel.web.visits import Visit
from reports import service_figures, service_health
from reports.service_health import CRITICAL, FEW, HEALTHY, STALLED, WARNING

HERE = "/tracking/services"
BANDS = {
    CRITICAL: (N_("Critical"), "bad"),
    STALLED: (N_("Stalled"), "stalled"),
    WARNING: (N_("Warning"), "warn"),
    HEALTHY: (N_("Healthy"), "ok"),
    FEW: (N_("Too few orders"), "unknown"),
}
OPENED = (CRITICAL, STALLED, WARNING)
"""Bands whose terms stand in the table itself."""


@dataclass(frozen=True)
class Known:
    """What else is known for a row: `aged` by panel where it is not on time (None: never read), `setters` of speeds by service."""

    panels: Mapping[int, str]
    aged: Mapping[int, datetime | None] = field(default_factory=dict)
    snoozes: Mapping[Service, Snooze] = field(default_factory=dict)
    woke: Mapping[Service, Snooze] = field(default_factory=dict)
    setters: Mapping[Service, str] = field(default_factory=dict)
    providers: Mapping[Service, Sequence[str]] = field(default_factory=dict)
    trends: Mapping[Service, Sequence[Point]] = field(default_factory=dict)
    kept: Address = field(default_factory=lambda: Address(HERE))
    """The report's own window and profile, which its rows are opened with."""
    at: datetime | None = None
    """The moment that lines of scores end at; None: now."""
    past: Formats | None = None
    """As ages were told then, where that moment has passed."""
    reported: Mapping[Service, int] = field(default_factory=dict)
    """How many open reports a service has, of those that have any."""


@dataclass(frozen=True)
class Speed:
    """`chip`: in few words; `title`: where it comes from."""

    chip: str
    title: str
    is_missing: bool


@dataclass(frozen=True)
class ServiceLine:
    """`element`: its id on the page. `place`: the path that acts on it begin with. `formula`: figures and signs alone. `slow` is a share, `n`
    what it is of; `finished` observed of all. `is_opened`: its terms stand below it. `provider`: with how many others.
    `waited`: how long the oldest had waited at a past moment; empty for now, when it still does."""

    element: str
    panel: str
    id: str
    name: str
    place: str
    href: str
    orders_href: str
    score: str
    tone: str
    label: str
    formula: str
    is_opened: bool
    stuck: int
    oldest: datetime | None
    waited: str
    slow: str
    slow_orders: int
    n: int
    finished: str
    finished_told: str
    speed: Speed
    provider: str
    providers: str
    trend: Trend | None
    snooze: SnoozeLine | None
    woke: str
    reported: int
    reports_href: str
    new_report_href: str | None


def line(visit: Visit, row: Row, known: Known) -> ServiceLine:
    panel, number = known.panels[row.panel_id], visit.fmt.number
    place = place_of(panel, row.service_id)
    by = known.providers.get(row.service, ())
    snoozed, woken = known.snoozes.get(row.service), known.woke.get(row.service)
    all_finished = row.finished + row.unobserved
    return ServiceLine(
        element=f"s-{panel}-{row.service_id}",
        panel=panel,
        id=shown(row.service_id) or "",
        name=shown(row.name, LONGEST_LINK) or "",
        place=place,
        href=str(Address(place, known.kept.pairs)),
        orders_href=str(Address("/orders").having(panel=panel, service=row.service_id)),
        score=score_told(visit, row),
        tone=tone(row, known.aged),
        label=label(visit, row, known.aged),
        formula=formula(visit, row),
        is_opened=row.band in OPENED and snoozed is None,
        stuck=row.stuck,
        oldest=row.oldest,
        waited=known.past.ago(row.oldest) if known.past and row.oldest else "",
        slow=visit.say("%(number)s %%", number=number(slow_term(row))) if row.rated else "–",
        slow_orders=row.slow,
        n=row.rated,
        finished=f"{number(row.finished)}/{number(all_finished)}" if row.unobserved else number(row.finished),
        finished_told=finished_told(visit, row),
        speed=speed(visit, row, known.setters.get(row.service, "")),
        provider=shown(by[0]) or "" if by else "",
        providers=", ".join(shown(one) or "" for one in by) if len(by) > 1 else "",
        trend=trend(visit, known.trends.get(row.service, ()), known.at or visit.now),
        snooze=snooze_line(visit, snoozed, known.past) if snoozed else None,
        woke=woke_line(visit, woken, known.past) if woken and not snoozed else "",
        reported=known.reported.get(row.service, 0),
        reports_href=reports_href(panel, row.service_id),
        new_report_href=new_href(panel, row.service_id) if visit.may("reported:raise") else None,
    )


def place_of(panel: str, service_id: str) -> str:
    return f"{HERE}/{quote(panel, safe='')}/{quote(word_of(service_id), safe='')}"


def word_of(service_id: str) -> str:
    """As one part of a path: servers and browsers take `/` and a part of dots alone for steps, however they are quoted."""
    word = service_id.replace("~", "~0").replace("/", "~1")
    return word.replace(".", "~2") if word in (".", "..") else word


def id_of(word: str) -> str:
    return word.replace("~2", ".").replace("~1", "/").replace("~0", "~")


def tone(row: Row, aged: Mapping[int, datetime | None]) -> str:
    return "unknown" if row.band == HEALTHY and row.panel_id in aged else BANDS[row.band][1]


def label(visit: Visit, row: Row, aged: Mapping[int, datetime | None]) -> str:
    word, at = visit.say(BANDS[row.band][0]), aged.get(row.panel_id)
    if row.band != HEALTHY or at is None:
        return word
    return visit.say("%(band)s as of %(ago)s", band=word, ago=visit.fmt.ago(at))


def score_told(visit: Visit, row: Row) -> str:
    """Bounded as people see it; a dash where it has none."""
    return "–" if row.score is None else figure(visit, service_health.shown(row.score))


def figure(visit: Visit, value: float) -> str:
    """A score with a decimal, or with two where one would lift it over the edge of its band."""
    return visit.fmt.number(service_figures.rounded(value))


def slow_term(row: Row) -> float:
    """With as many decimals as the score."""
    return service_figures.slow_term(row.stuck_term, service_health.WHOLE - row.stuck_term - row.slow_term)


def formula(visit: Visit, row: Row) -> str:
    """With this row's numbers: 100 − min(60, 5 × 9) − 24 = 31."""
    number = visit.fmt.number
    made = service_health.WHOLE - row.stuck_term - row.slow_term
    most, per, whole = service_health.MOST_FOR_STUCK, service_health.PER_STUCK, service_health.WHOLE
    sum_of = f"{whole} − min({most}, {per} × {number(row.stuck)}) − {number(slow_term(row))}"
    raw = figure(visit, made).replace("-", "−")
    return f"{sum_of} = {raw}" if made >= 0 else f"{sum_of} = {raw} → 0"


def finished_told(visit: Visit, row: Row) -> str:
    if not row.unobserved:
        return ""
    return visit.count(
        "Of %(number)s more nobody saw when it finished: it is not rated.",
        "Of %(number)s more nobody saw when they finished: they are not rated.",
        row.unobserved,
        number=visit.fmt.number(row.unobserved),
    )


def speed(visit: Visit, row: Row, setter: str) -> Speed:
    """The chip beside the name."""
    if row.origin == "set":
        by = visit.say("speed set by %(who)s", who=shown(setter) or "–")
        return Speed(f"{per_day(visit, row)} · {by}", said(visit, row), is_missing=False)
    if row.per_day is None:
        missing = visit.say("no speed in the name")
        return Speed(missing, visit.say("It is not rated for speed."), is_missing=True)
    return Speed(per_day(visit, row), said(visit, row), is_missing=False)


def per_day(visit: Visit, row: Row) -> str:
    if row.per_day is None:
        return visit.say("no speed")
    return visit.say("%(number)s a day", number=visit.fmt.number(row.per_day))


def said(visit: Visit, row: Row) -> str:
    if row.said is None:
        return visit.say("The name tells no speed.")
    number = visit.fmt.number(row.said)
    return visit.say("The name says %(number)s a day: “%(part)s”.", number=number, part=shown(row.part) or "")
