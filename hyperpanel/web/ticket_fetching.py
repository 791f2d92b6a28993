"""Tracking → Tickets: conversations that the report lacks, read now. What is asked for, how far it has come, and what stopped a panel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from litestar import Response, get, post
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import panels, tickets
from hyperpanel.db.panels import Panel
from hyperpanel.support.thread_fetching import AT_MOST, Fetching, Progress, by_panel
from hyperpanel.web import ages, report_windows
from hyperpanel.web.frame import frame
from hyperpanel.web.panel_choice import CHOICE, chosen
from hyperpanel.web.render import render, see_other, wanted_block
from hyperpanel.web.report_windows import NAMES
from hyperpanel.web.ticket_tracking_rows import FETCH, SERVICES
from hyperpanel.web.visits import Visit, visit_of
from reports import windows
from reports.ticket_services import About

KEPT = (*CHOICE, *NAMES)
BLOCK = "reading"
TOLD_FOR = timedelta(minutes=2)


@dataclass(frozen=True)
class Coverage:
    """How many tickets' messages are held. `fetch_href`: where those are asked for that are not, or not as the ticket is now; None where
    there is none, or some are being read. `now`: while they are; `said`: what the last request came to, with a sentence for each panel that
    was stopped."""

    told: str
    fetch_href: str | None
    fetch_label: str
    now: str
    done: int
    in_all: int
    live_href: str
    said: str
    troubles: Sequence[str]
    report_href: str


@dataclass(frozen=True)
class Index:
    coverage: Coverage


def coverage(visit: Visit, about: About, names: Mapping[int, str]) -> Coverage:
    """What is held of a conversation counts, even if its ticket changed since."""
    number, changed = visit.fmt.number, about.behind - (about.tickets - about.read)
    told = visit.say("%(held)s of %(all)s tickets read", held=number(about.read), all=number(about.tickets))
    if changed:
        told += " · " + visit.say("%(number)s changed since", number=number(changed))
    some = min(about.behind, AT_MOST)
    label = visit.count(
        "Read %(number)s conversation now", "Read %(number)s conversations now", some, number=number(some)
    )
    return made(visit, told if about.tickets else "", label if about.behind else "", names)


def made(visit: Visit, told: str, label: str, names: Mapping[int, str]) -> Coverage:
    progress = last(visit)
    is_running = progress is not None and progress.ended_at is None
    return Coverage(
        told=told,
        fetch_href=str(visit.url.only(KEPT, FETCH))
        if label and not is_running and visit.may("threads:fetch")
        else None,
        fetch_label=label,
        now=so_far(visit, progress) if is_running and progress else "",
        done=progress.so_far if progress else 0,
        in_all=progress.in_all if progress else 0,
        live_href=str(visit.url.only(KEPT, f"{FETCH}ing")),
        said=outcome(visit, progress) if progress and not is_running else "",
        troubles=troubles(visit, progress, names) if progress else (),
        report_href=str(visit.url.only(KEPT, SERVICES)),
    )


def last(visit: Visit) -> Progress | None:
    """What came of it is told for a while."""
    found = visit.console.fetches.of.get(visit.person.id) if visit.person else None
    is_old = found is not None and found.ended_at is not None and visit.now - found.ended_at > TOLD_FOR
    return None if is_old else found


def so_far(visit: Visit, progress: Progress) -> str:
    number = visit.fmt.number
    return visit.say(
        "Reading conversations: %(done)s of %(all)s", done=number(progress.so_far), all=number(progress.in_all)
    )


def outcome(visit: Visit, progress: Progress) -> str:
    number = visit.fmt.number
    read = progress.so_far - progress.unreadable
    told = visit.count(
        "%(number)s conversation was read.", "%(number)s conversations were read.", read, number=number(read)
    )
    bad = visit.count(
        "%(number)s could not be read and was set aside.",
        "%(number)s could not be read and were set aside.",
        progress.unreadable,
        number=number(progress.unreadable),
    )
    return f"{told} {bad}" if progress.unreadable else told


def troubles(visit: Visit, progress: Progress, names: Mapping[int, str]) -> list[str]:
    """Of the panels on this page: whoever's these are, another page's are not told."""
    return [
        ages.trouble(visit, trouble.of(names[panel_id]))
        for panel_id, trouble in sorted(progress.troubles.items())
        if panel_id in names
    ]


@get(f"{FETCH}ing", name="ticket_fetching.index", opt={"permission": "tracking:read"})
async def index(request: HTMXRequest) -> Response[str]:
    """How far it has come. When it is over, the page that asked is loaded again with what was read."""
    visit = visit_of(request)
    known = await visit.read(lambda connection: panels.all_of(connection, visit.scope))
    answer = page(request, visit, known)
    progress = last(visit)
    if wanted_block(request, {BLOCK}) and (progress is None or progress.ended_at is not None):
        answer.headers["HX-Refresh"] = "true"
    return answer


@post(FETCH, opt={"permission": "threads:fetch"}, status_code=200)
async def start(request: HTMXRequest) -> Response[str]:
    """One request at a time for each person; a second click looks at the first one."""
    visit = visit_of(request)
    known = await visit.read(lambda connection: panels.all_of(connection, visit.scope))
    some = chosen(visit, known)
    fetches, person = visit.console.fetches, visit.person
    if person is not None and fetches.running(person.id) is None:
        await begin(visit, fetches.begin(person.id, (), visit.now), some)
    if wanted_block(request, {BLOCK}) is None:
        return see_other(str(visit.url.only(KEPT, SERVICES)))
    return page(request, visit, known)


async def begin(visit: Visit, progress: Progress, some: Sequence[Panel]) -> None:
    """The place was taken before anything is waited for, so that a click beside this one finds it taken."""
    try:
        missing = await visit.read(partial(lacking, visit=visit, some=some))
    except BaseException:
        progress.ended_at = visit.now
        raise
    progress.wanted = by_panel(missing)
    doing = Fetching(visit.console.installation, visit.console.clock, progress)
    visit.console.work(doing.run([panel for panel in some if panel.id in progress.wanted]))


def lacking(connection: Connection, visit: Visit, some: Sequence[Panel]) -> list[tuple[int, str]]:
    window = report_windows.windowed(visit, windows.TICKETS).window
    scope = visit.scope.narrowed([panel.id for panel in some])
    return tickets.unread(connection, scope, window.since, window.until, visit.now, AT_MOST)


def page(request: HTMXRequest, visit: Visit, known: Sequence[Panel]) -> Response[str]:
    view = Index(made(visit, "", "", {panel.id: panel.name for panel in known}))
    around = frame(visit, "ticket_tracking.staff", visit.say("Reading conversations"))
    return render(request, around, "ticket_fetching/index.html", view, {BLOCK})
