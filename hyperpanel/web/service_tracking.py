"""Tracking → Service tracking: how well each service delivers, the worst first; and one of them, opened to the orders behind its score."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from litestar import Response, get
from litestar.params import FromPath
from litestar_htmx import HTMXRequest

from hyperpanel.errors import BadInput
from hyperpanel.support.service_tracking import Row
from hyperpanel.web import ages, service_tracking_lists
from hyperpanel.web.empties import Empty
from hyperpanel.web.frame import AsOf, frame
from hyperpanel.web.list_views import Head
from hyperpanel.web.profile_choice import NAME, Profiled
from hyperpanel.web.render import render, see_other
from hyperpanel.web.report_windows import NAMES, Windowed
from hyperpanel.web.service_tracking_detail import Show, opened
from hyperpanel.web.service_tracking_found import Found, asked, look, profile_of, providers, reported, window_of
from hyperpanel.web.service_tracking_lists import Tab, arrange
from hyperpanel.web.service_tracking_parts import Section, Urgent, Woke, beside, empty, foot, urgent, woken
from hyperpanel.web.service_tracking_rows import HERE, id_of, line
from hyperpanel.web.set_aside import Notice
from hyperpanel.web.visits import Visit, visit_of

__all__ = ["Index", "Show", "index", "show"]


@dataclass(frozen=True)
class Index:
    """`carried`: what else the address says, for the form that looks for a service. `foot`: which of how many; `behind`: how many panels are on
    time, where not all are."""

    window: Windowed
    profile: Profiled
    urgent: Urgent | None
    tabs: Sequence[Tab]
    q: str
    carried: Sequence[tuple[str, str]]
    heads: Sequence[Head]
    sections: Sequence[Section]
    woke: Sequence[Woke]
    foot: str
    behind: str
    newer_href: str | None
    older_href: str | None
    many_panels: bool
    sees_provider: bool
    may_snooze: bool
    may_set_speed: bool
    empty: Empty | None
    notice: Notice | None


@get(HERE, name="service_tracking.index", opt={"permission": "tracking:read"})
async def index(request: HTMXRequest) -> Response[str]:
    return await standing(request)


async def standing(request: HTMXRequest, notice: Notice | None = None) -> Response[str]:
    """The page, or its rows alone where htmx asks for them."""
    visit = visit_of(request)
    found = await visit.read(lambda connection: look(connection, visit))
    as_of = ages.as_of(visit, found.chosen, found.feeds)
    view = await seen(visit, found, as_of, notice)
    around = frame(visit, "service_tracking.index", visit.say("Service tracking"), found.panels, found.chosen, as_of)
    return render(request, around, "service_tracking/index.html", view, {"rows"})


async def seen(visit: Visit, found: Found, as_of: AsOf | None, notice: Notice | None) -> Index:
    window = window_of(visit, found)
    wanted, problem, rows, nameless = asked(visit, found, window.window), None, list[Row](), 0
    try:
        rows, nameless = await reported(visit, wanted) if found.chosen else ([], 0)
    except BadInput as refused:
        problem = refused
    arranged = arrange(visit, rows, found.snoozed)
    used = await providers(visit, wanted) if arranged.parts else {}
    known = await visit.read(lambda connection: beside(connection, visit, found, arranged.rows, used))
    return Index(
        window=replace(window, notes=[*window.notes, *without_service(visit, nameless)]),
        profile=profile_of(visit, found),
        urgent=urgent(visit, found, rows, window),
        tabs=arranged.tabs,
        q=arranged.q,
        carried=visit.url.without("q", "page").pairs,
        heads=service_tracking_lists.heads(visit, len(found.chosen) > 1, visit.may("provider:see")),
        sections=[Section(part, [line(visit, row, known) for row in part.rows]) for part in arranged.parts],
        woke=woken(visit, found, rows, known),
        foot=foot(visit, arranged),
        behind=as_of.told if as_of and as_of.state != "on_time" else "",
        newer_href=arranged.newer_href,
        older_href=arranged.older_href,
        many_panels=len(found.chosen) > 1,
        sees_provider=visit.may("provider:see"),
        may_snooze=visit.may("snooze:set") and not window.is_past,
        may_set_speed=visit.may("speeds:set"),
        empty=None if arranged.parts else empty(visit, found, rows, arranged, problem),
        notice=notice,
    )


def without_service(visit: Visit, nameless: int) -> list[str]:
    if not nameless:
        return []
    told = visit.count(
        "%(number)s stuck or finished order names no service: it is in none of these.",
        "%(number)s stuck or finished orders name no service: they are in none of these.",
        nameless,
        number=visit.fmt.number(nameless),
    )
    return [told]


@get(HERE + "/{panel:str}/{service_id:str}", name="service_tracking.show", opt={"permission": "tracking:read"})
async def show(request: HTMXRequest, panel: FromPath[str], service_id: FromPath[str]) -> Response[str]:
    """As of a moment before its panel was read there is nothing to open: the report says so."""
    try:
        return await showing(request, panel, id_of(service_id))
    except BadInput:
        return see_other(str(visit_of(request).url.only((*NAMES, NAME), HERE).having(panel=panel)))


async def showing(request: HTMXRequest, panel: str, service_id: str, said: str = "", error: str = "") -> Response[str]:
    """`said`: what was just done; `error`: what was wrong with what was typed."""
    visit = visit_of(request)
    view = await opened(visit, panel, service_id, said, error)
    title = visit.say("Service %(id)s", id=view.service.id)
    around = frame(visit, "service_tracking.show", title, (), (), view.as_of)
    return render(request, around, "service_tracking/show.html", view, {"drawer"}, 422 if error else 200)
