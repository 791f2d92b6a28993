"""Settings → Sync → Runs: what each reading of a feed cost and found, for as long as runs are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from litestar import Response, get
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import feeds, panels, run_lists
from hyperpanel.db.panels import Panel
from hyperpanel.db.run_keeping import KEPT
from hyperpanel.db.run_lists import PAGE, Filters, Key, Line
from hyperpanel.db.types import from_micros, micros
from hyperpanel.errors import BadInput
from hyperpanel.support.cursors import EARLIEST, LARGEST, LARGEST_ID, LATEST
from hyperpanel.web import ages
from hyperpanel.web.addresses import Address
from hyperpanel.web.empties import Empty, no_panels
from hyperpanel.web.frame import frame
from hyperpanel.web.languages import N_
from hyperpanel.web.panel_choice import CHOICE, chosen
from hyperpanel.web.render import render
from hyperpanel.web.sync import HERE as SYNC
from hyperpanel.web.sync_run_rows import Held, RunRow, run_row
from hyperpanel.web.sync_timings import PLANS
from hyperpanel.web.visits import Visit, visit_of

HERE = SYNC + "/runs"
FILTERS = ("stream", "plan", "outcome")
OUTCOMES = {"news": N_("found something"), "fault": N_("ended in a fault"), "open": N_("have not ended")}


@dataclass(frozen=True)
class Choice:
    """One filter: its name in the address, its label, and what can be chosen, each with whether it is."""

    name: str
    label: str
    options: Sequence[tuple[str, str, bool]]


@dataclass(frozen=True)
class Index:
    """`older_href` is None on the last page."""

    choices: Sequence[Choice]
    rows: Sequence[RunRow]
    many_panels: bool
    kept_days: int
    is_top: bool
    newest_href: str
    older_href: str | None
    sync_href: str
    empty: Empty | None


@dataclass(frozen=True)
class Found:
    panels: Sequence[Panel]
    chosen: Sequence[Panel]
    lines: Sequence[Line]
    held: Held


@get(HERE, name="sync_runs.index", opt={"permission": "sync:read"})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    filters, before = asked(visit.url)
    found = await visit.read(lambda connection: look(connection, visit, filters, before))
    around = frame(visit, "sync.index", visit.say("Runs"), found.panels, found.chosen)
    return render(request, around, "sync_runs/index.html", told(visit, found, filters, before))


def look(connection: Connection, visit: Visit, filters: Filters, before: Key | None) -> Found:
    """One more than a page tells whether there are any beyond."""
    known = panels.all_of(connection, visit.scope)
    some = chosen(visit, known)
    scope = visit.scope.narrowed(panel.id for panel in some)
    standing = feeds.all_of(connection, scope, visit.now)
    return Found(
        panels=known,
        chosen=some,
        lines=run_lists.page(connection, scope, filters, before, visit.now, PAGE + 1),
        held={(feed.panel_id, feed.stream): feed.is_held for feed in standing},
    )


def told(visit: Visit, found: Found, filters: Filters, before: Key | None) -> Index:
    names = {panel.id: panel.name for panel in found.chosen}
    lines, top = found.lines[:PAGE], visit.url.only((*CHOICE, *FILTERS))
    more = len(found.lines) > PAGE
    return Index(
        choices=choices(visit, filters),
        rows=[run_row(visit, names[line.panel_id], line, found.held) for line in lines],
        many_panels=len(found.chosen) > 1,
        kept_days=KEPT // timedelta(days=1),
        is_top=before is None,
        newest_href=str(top),
        older_href=str(top.having(after=written(lines[-1].key))) if more else None,
        sync_href=str(visit.url.only(CHOICE, SYNC)),
        empty=None if lines else empty(visit, found, filters, top),
    )


def choices(visit: Visit, filters: Filters) -> list[Choice]:
    say = visit.say
    return [
        choice(visit, "stream", say("Resource"), ages.STREAMS, filters.stream),
        choice(visit, "plan", say("Plan"), PLANS, filters.plan),
        choice(visit, "outcome", say("Only those that"), OUTCOMES, filters.outcome),
    ]


def choice(visit: Visit, name: str, label: str, words: Mapping[str, str], wanted: str | None) -> Choice:
    every = ("", visit.say("All"), wanted is None)
    return Choice(name, label, [every, *((value, visit.say(word), value == wanted) for value, word in words.items())])


def empty(visit: Visit, found: Found, filters: Filters, top: Address) -> Empty:
    say = visit.say
    if not found.chosen:
        return no_panels(visit)
    if any(name == "after" for name, _ in visit.url.pairs):
        return Empty(say("There is nothing further on."), say("Go to the newest"), str(top))
    if filters != Filters():
        return Empty(say("No run is like that."), say("See all runs"), str(visit.url.only(CHOICE)))
    return Empty(say("Nothing was read yet."), say("See how the reading goes"), SYNC)


def asked(address: Address) -> tuple[Filters, Key | None]:
    """Raises BadInput for what no page of ours leads to."""
    one = {name: value for name, value in reversed(address.pairs) if value}
    known = {"stream": ages.STREAMS, "plan": PLANS, "outcome": OUTCOMES}
    for name, words in known.items():
        if name in one and one[name] not in words:
            raise BadInput("no such resource, plan or outcome")
    filters = Filters(**{name: one.get(name) for name in FILTERS})
    return filters, place(one["after"]) if "after" in one else None


def written(key: Key) -> str:
    return f"{micros(key.started_at)}.{key.panel_id}.{key.number}"


def place(text: str) -> Key:
    parts = text.split(".") if text.isascii() and len(text) < 100 else []
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        raise BadInput("an impossible place in the list")
    at, panel_id, number = map(int, parts)
    if not EARLIEST <= at <= LATEST or panel_id > LARGEST_ID or number > LARGEST:
        raise BadInput("an impossible place in the list")
    return Key(from_micros(at), panel_id, number)
