"""User tracking: who ordered for how much in a window, one currency at a time, the largest spending first; and of one customer all terms."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from litestar import Response, get
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import feeds, panels
from hyperpanel.db.feeds import Feed
from hyperpanel.db.panels import Panel
from hyperpanel.errors import Missing
from hyperpanel.support import profiles, user_tracking
from hyperpanel.support.profiles import Profile, Users
from hyperpanel.support.user_tracking import PAGE, Asked, Report
from hyperpanel.web import ages, profile_choice, report_windows
from hyperpanel.web.addresses import Address
from hyperpanel.web.empties import Empty, no_panels
from hyperpanel.web.facts import Way
from hyperpanel.web.frame import AsOf, frame
from hyperpanel.web.panel_choice import CHOICE, chosen, named
from hyperpanel.web.profile_choice import Profiled, profiled
from hyperpanel.web.render import render
from hyperpanel.web.report_windows import Windowed, windowed
from hyperpanel.web.user_tracking_rows import Line, Tab, Term, Total, line, tabs, totals
from hyperpanel.web.user_tracking_terms import Shown, shown_one, ways_of
from hyperpanel.web.visits import Visit, visit_of
from reports.windows import USERS

HERE = "/tracking/users"
STREAMS = ("orders", "payments", "users")
KEPT = (*CHOICE, *report_windows.NAMES, profile_choice.NAME, "currency")


@dataclass(frozen=True)
class Index:
    """`note`: what of the profile does not hold here. `first` and `last` are places in the whole list, of `count` customers."""

    chosen: Windowed
    profile: Profiled
    tabs: Sequence[Tab]
    totals: Sequence[Total]
    on_time: str
    note: str
    many_panels: bool
    lines: Sequence[Line]
    empty: Empty | None
    first: int
    last: int
    count: int
    before_href: str | None
    after_href: str | None


@dataclass(frozen=True)
class Show:
    line: Line
    told: str
    terms: Sequence[Term]
    shown: Shown
    ways: Sequence[Way]
    back_href: str


@dataclass(frozen=True)
class Around:
    """What a report is asked by, in one snapshot."""

    panels: Sequence[Panel]
    chosen: Sequence[Panel]
    feeds: Sequence[Feed]
    profiles: Sequence[Profile]

    @property
    def names(self) -> dict[int, str]:
        return {panel.id: panel.name for panel in self.chosen}


@dataclass(frozen=True)
class Question:
    """`page` counts from 0."""

    window: Windowed
    settings: Users
    currency: str
    page: int
    profile: Profile | None = field(default=None)

    def asked(self, visit: Visit, panel_ids: Sequence[int]) -> Asked:
        return Asked(
            scope=visit.scope.narrowed(panel_ids),
            window=self.window.window,
            currency=self.currency,
            min_payments=self.settings.min_payments,
            min_spend=self.settings.least if self.settings.min_spend else None,
            picked=self.settings.wanted,
            first=self.page * PAGE,
        )


@get(HERE, name="user_tracking.index", opt={"permission": "tracking:read"})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    around = await visit.read(lambda connection: look(connection, visit))
    question = read(visit, around)
    report = await ask(visit, question, around)
    as_of = ages.as_of(visit, around.chosen, around.feeds)
    frame_ = frame(visit, "user_tracking.index", visit.say("User tracking"), around.panels, around.chosen, as_of)
    view = seen(visit, around, question, report, as_of)
    return render(request, frame_, "user_tracking/index.html", view, {"rows"}, 422 if question.window.is_wrong else 200)


def look(connection: Connection, visit: Visit) -> Around:
    known = panels.all_of(connection, visit.scope)
    some = chosen(visit, known)
    told = feeds.all_of(connection, visit.scope.narrowed([panel.id for panel in some]), visit.now)
    ours = [feed for feed in told if feed.stream in STREAMS]
    return Around(known, some, ours, profiles.all_of(connection, profiles.USERS))


def read(visit: Visit, around: Around) -> Question:
    profile = profile_choice.chosen(visit, around.profiles)
    settings = profile.users if profile else Users()
    told = [feed for feed in around.feeds if feed.stream != "users"]
    first_page = replace(visit, url=visit.url.without("page"))
    window = windowed(first_page, USERS, settings.hours, told, around.chosen)
    return Question(window, settings, value(visit, "currency")[:16], page_of(visit), profile)


def value(visit: Visit, name: str) -> str:
    return next((value.strip() for given, value in visit.url.pairs if given == name), "")


def page_of(visit: Visit) -> int:
    """From 0; in the address they count from 1."""
    text = value(visit, "page")
    return max(int(text) - 1, 0) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


async def ask(visit: Visit, question: Question, around: Around) -> Report | None:
    if not around.chosen or question.window.is_wrong:
        return None
    asked = question.asked(visit, [panel.id for panel in around.chosen])
    return await visit.console.database.reader.ask(user_tracking.made, asked)


def seen(visit: Visit, around: Around, question: Question, report: Report | None, as_of: AsOf | None) -> Index:
    rows = report.rows if report else ()
    kept = visit.url.only(KEPT)
    count, first = report.count if report else 0, question.page * PAGE
    lines = (
        [line(visit, around.names, report.currency, kept, question.window.window, row) for row in rows]
        if report
        else []
    )
    return Index(
        chosen=question.window,
        profile=profiled(visit, profiles.USERS, around.profiles, question.profile),
        tabs=tabs(visit, kept, report) if report else (),
        totals=totals(visit, report) if report and lines else (),
        on_time=as_of.told if as_of else "",
        note=unmet(visit, question, report),
        many_panels=len(around.chosen) > 1,
        lines=lines,
        empty=None if lines else nothing(visit, around, question, report),
        first=first + 1,
        last=first + len(lines),
        count=count,
        before_href=turned(kept, question.page) if question.page else None,
        after_href=turned(kept, question.page + 2) if first + len(lines) < count and lines else None,
    )


def turned(kept: Address, number: int) -> str:
    return str(kept.having(page=str(number)) if number > 1 else kept)


def unmet(visit: Visit, question: Question, report: Report | None) -> str:
    least = question.settings.least
    if not question.settings.min_spend or report is None or report.currency in ("", least.currency):
        return ""
    return visit.say(
        "The profile asks for a spend of %(least)s at least. That says nothing about amounts in %(currency)s.",
        least=visit.fmt.money(least),
        currency=report.currency,
    )


def nothing(visit: Visit, around: Around, question: Question, report: Report | None) -> Empty:
    say = visit.say
    if not around.panels:
        return no_panels(visit)
    if report is None:
        return Empty(say("Correct the marked field to see the report."), None, None)
    if report.count:
        return Empty(say("There is nothing further on."), say("Go to the start"), str(visit.url.without("page")))
    if not any(feed.as_of for feed in around.feeds if feed.stream == "orders"):
        return Empty(say("No orders have been read yet."), say("See how the reading goes"), "/settings/sync")
    if question.profile:
        return Empty(
            say("No customer meets this profile in this window."),
            say("Show every customer"),
            str(visit.url.without(profile_choice.NAME, "page")),
        )
    longest = str(visit.url.without(*report_windows.NAMES, "page").having(hours=str(USERS[-1])))
    return Empty(say("Nobody ordered or paid in this window."), say("Show a longer window"), longest)


@get(HERE + "/{panel:str}/{user_id:str}", name="user_tracking.show", opt={"permission": "tracking:read"})
async def show(request: HTMXRequest, panel: FromPath[str], user_id: FromPath[str]) -> Response[str]:
    """The same figures as the row has, with the orders and payments behind them."""
    visit = visit_of(request)
    around = await visit.read(lambda connection: look_at(connection, visit, panel))
    question = read(visit, around)
    [one] = around.chosen
    asked = question.asked(visit, [one.id])
    report = await visit.console.database.reader.ask(user_tracking.one, asked, one.id, user_id)
    if not report.rows:
        raise Missing("user")
    as_of = ages.as_of(visit, around.chosen, around.feeds)
    [row] = report.rows
    kept, window = visit.url.only(KEPT), question.window.window
    told = line(visit, around.names, report.currency, kept, window, row)
    terms, shown = shown_one(visit, one.name, report.currency, row)
    ways = ways_of(visit, told, row, window)
    view = Show(told, question.window.told, terms, shown, ways, str(kept.only(KEPT, HERE)))
    return render(
        request,
        frame(visit, "user_tracking.show", told.name, (), (), as_of),
        "user_tracking/show.html",
        view,
        {"drawer"},
    )


def look_at(connection: Connection, visit: Visit, panel_name: str) -> Around:
    panel = named(panels.all_of(connection, visit.scope), panel_name)
    told = feeds.all_of(connection, visit.scope.narrowed([panel.id]), visit.now)
    ours = [feed for feed in told if feed.stream in STREAMS]
    return Around([panel], [panel], ours, profiles.all_of(connection, profiles.USERS))
