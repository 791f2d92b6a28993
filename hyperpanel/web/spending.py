"""What a customer spent over time, as charts: one for each currency, by the calendar of the person who looks, and by week beyond a quarter.

A window that reaches further back than what is held says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hyperpanel.db.days import Ahead, ahead
from hyperpanel.db.feeds import Feed
from hyperpanel.db.user_sums import Day, Used
from hyperpanel.web.addresses import Address
from hyperpanel.web.charts import Chart, chart
from hyperpanel.web.formats import day
from hyperpanel.web.languages import N_
from hyperpanel.web.order_rows import money
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit
from sync.money import Money

WINDOWS = {30: N_("30 days"), 90: N_("90 days"), 365: N_("1 year")}
USUAL = 30
BY_WEEK_FROM = 100
MOST_CURRENCIES = 4
MOST_SERVICES = 3


@dataclass(frozen=True)
class Window:
    """`first`: its first day; `since`: when that began where the person is. `step`: days in a bar."""

    days: int
    first: date
    last: date
    since: datetime
    step: int

    def bars(self) -> list[date]:
        count = (self.last - self.first).days // self.step + 1
        return [self.first + timedelta(days=self.step * n) for n in range(count)]

    def offsets(self, zone: ZoneInfo, now: datetime) -> list[Ahead]:
        return ahead(zone, self.since, max(now, self.since + timedelta(seconds=1)))


@dataclass(frozen=True)
class Choice:
    label: str
    href: str
    chosen: bool


@dataclass(frozen=True)
class Service:
    """One that this customer ordered most; an amount for each currency."""

    id: str
    name: str
    count: int
    amounts: Sequence[Money]
    href: str


@dataclass(frozen=True)
class Spending:
    """`note`: what is not held of this window."""

    choices: Sequence[Choice]
    charts: Sequence[Chart]
    services: Sequence[Service]
    note: str


def window(visit: Visit) -> Window:
    asked = next((value for name, value in visit.url.pairs if name == "days"), "")
    days = int(asked) if asked in map(str, WINDOWS) else USUAL
    today = visit.now.astimezone(visit.zone).date()
    first, step = today - timedelta(days=days - 1), 1
    if days >= BY_WEEK_FROM:
        first, step = first - timedelta(days=first.weekday()), 7
    since = datetime.combine(first, time(), tzinfo=visit.zone).astimezone(UTC)
    return Window(days, first, today, since, step)


def choices(visit: Visit, chosen: int) -> list[Choice]:
    here = visit.url
    return [
        Choice(
            visit.say(label),
            str(here.without("days") if days == USUAL else here.having(days=str(days))),
            days == chosen,
        )
        for days, label in WINDOWS.items()
    ]


def charts(visit: Visit, asked: Window, found: Sequence[Day]) -> list[Chart]:
    """The currency that most orders are in comes first."""
    counts: dict[str, int] = {}
    for one in found:
        counts[one.currency] = counts.get(one.currency, 0) + one.count
    often = sorted(counts, key=lambda currency: (-counts[currency], currency))[:MOST_CURRENCIES]
    return [drawn(visit, asked, currency, [one for one in found if one.currency == currency]) for currency in often]


def drawn(visit: Visit, asked: Window, currency: str, found: Sequence[Day]) -> Chart:
    units = dict.fromkeys(asked.bars(), 0)
    for one in found:
        bar = asked.first + timedelta(days=(one.day - asked.first).days // asked.step * asked.step)
        if bar in units:
            units[bar] += one.units
    locale = visit.language.locale

    def written(amount: int) -> str:
        return visit.fmt.money(Money(amount, currency))

    most = max(units, key=lambda bar: units[bar])
    told = {"total": written(sum(units.values())), "day": day(most, locale), "amount": written(units[most])}
    title, sentence, head = worded(visit, asked, currency, told)
    values = [(day(bar, locale), amount) for bar, amount in units.items()]
    return chart(currency, title, sentence, values, written, (head, visit.say("Charge")))


def worded(visit: Visit, asked: Window, currency: str, told: Mapping[str, str]) -> tuple[str, str, str]:
    """The title, a sentence, and what a bar is of."""
    say = visit.say
    if asked.step == 1:
        sentence = say("%(total)s in all; the most on %(day)s: %(amount)s", **told)
        return say("Spent per day, %(currency)s", currency=currency), sentence, say("Day")
    sentence = say("%(total)s in all; the most in the week of %(day)s: %(amount)s", **told)
    return say("Spent per week, %(currency)s", currency=currency), sentence, say("Week of")


def services(visit: Visit, panel: str, username: str, used: Iterable[Used], names: Mapping[str, str]) -> list[Service]:
    return [
        Service(
            id=shown(id) or "",
            name=shown(names.get(id)) or "",
            count=sum(one.count for one in mine),
            amounts=amounts((one.units, one.currency) for one in mine),
            href=str(Address("/orders").having(panel=panel, user=username, service=id)),
        )
        for id, mine in most_used(used).items()
    ]


def most_used(used: Iterable[Used]) -> dict[str, list[Used]]:
    by_service: dict[str, list[Used]] = {}
    for one in used:
        by_service.setdefault(one.service_id, []).append(one)
    often = sorted(by_service, key=lambda id: (-sum(one.count for one in by_service[id]), id))
    return {id: by_service[id] for id in often[:MOST_SERVICES]}


def amounts(sums: Iterable[tuple[int, str | None]]) -> list[Money]:
    """By currency, each by itself."""
    units: dict[str, int] = {}
    for amount, currency in sums:
        if currency is not None:
            units[currency] = units.get(currency, 0) + amount
    return [found for currency in sorted(units) if (found := money(units[currency], currency))]


def note(visit: Visit, asked: Window, feed: Feed | None, summed_from: datetime | None) -> str:
    """Of orders: how far back they are held, or added up, where that is less than the window."""
    if summed_from is not None and summed_from > asked.since:
        date = day(summed_from.astimezone(visit.zone).date(), visit.language.locale)
        return visit.say("There are too many orders to add up: those before %(date)s are left out.", date=date)
    if feed is None:
        return ""
    if feed.reached is not None and feed.reached > asked.since:
        date = day(feed.reached.astimezone(visit.zone).date(), visit.language.locale)
        return visit.say("Orders from before %(date)s are not held here, so the chart begins then.", date=date)
    if feed.reached is None and feed.is_filling:
        return visit.say("Older orders are still being read, so the beginning of the chart may lack some.")
    return ""
