"""Settings → Sync → Settings: how often and how much each resource is read, and how long it is kept; for all panels, or for the one that the
address names.

To keep something for a shorter time deletes what is older: so that is asked first, with the rows that go. What a person agreed to is told
by the moment at which it was counted; where more would go by then than they saw, they are asked again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import panels, sync_rules
from hyperpanel.db.panels import Panel
from hyperpanel.db.sync_rules import Rules
from hyperpanel.db.types import from_micros, micros
from hyperpanel.support import sync_forms
from hyperpanel.support.retention import Shortening
from hyperpanel.support.sync_forms import every_field
from hyperpanel.support.sync_saving import lets_go, longer, save
from hyperpanel.web import ages
from hyperpanel.web.empties import Empty
from hyperpanel.web.forms import fields
from hyperpanel.web.frame import frame
from hyperpanel.web.languages import N_
from hyperpanel.web.panel_choice import CHOICE, chosen
from hyperpanel.web.render import render, see_other
from hyperpanel.web.sync import HERE as SYNC
from hyperpanel.web.sync import MAY_SET
from hyperpanel.web.sync_fields import Grid, grid
from hyperpanel.web.visits import Visit, visit_of
from sync.store import FeedKey

HERE = SYNC + "/settings"
HELP = "/help/how-often"
AGREED = timedelta(hours=1)
"""For so long an answer to the question counts."""

DONE = {
    "saved": N_("Saved. It holds from now on."),
    "longer": N_("Saved. The older past is read by itself now, while the newest goes first."),
    "same": N_("Nothing was changed."),
}


@dataclass(frozen=True)
class Going:
    """What goes of one resource of one panel: `rows` records and `history` changes of theirs."""

    panel: str
    stream_label: str
    before: datetime
    rows: int
    history: int


@dataclass(frozen=True)
class Question:
    """`kept`: the fields as they were typed, to be sent again; `asked`: when the rows were counted."""

    goings: Sequence[Going]
    rows: int
    history: int
    kept: Sequence[tuple[str, str]]
    asked: str


@dataclass(frozen=True)
class Edit:
    """`panel` is None for all panels; `own_href` of those panels that have settings of their own."""

    panel: str | None
    grid: Grid | None
    question: Question | None
    action: str
    every_href: str | None
    own: Sequence[tuple[str, str]]
    done: str
    is_wrong: bool
    back_href: str
    empty: Empty | None


@dataclass(frozen=True)
class Found:
    """`panel` is None for all; `is_unclear`: several were named, or not all may be seen."""

    panels: Sequence[Panel]
    chosen: Sequence[Panel]
    panel: Panel | None
    is_unclear: bool
    rules: Rules


@get(HERE, name="sync_settings.edit", opt={"permission": MAY_SET})
async def edit(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    found = await visit.read(lambda connection: look(connection, visit))
    return page(request, visit, found, None if found.is_unclear else grid(visit, found.rules, id_of(found)))


@post(HERE, opt={"permission": MAY_SET}, status_code=303)
async def update(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    given = await fields(request, "asked", "rows", *map(str, every_field()))
    found = await visit.read(lambda connection: look(connection, visit))
    if found.is_unclear:
        return page(request, visit, found, None, status=422)
    judged = sync_forms.judge(found.rules, id_of(found), given)
    if judged.errors:
        return page(request, visit, found, grid(visit, found.rules, id_of(found), given, judged.errors), status=422)
    change = sync_forms.change(found.rules, id_of(found), judged)
    if not change.fields:
        return back(visit, "same")
    asked_at = agreed_at(visit, given)
    settings, counted = visit.console.settings.sync, asked_at or visit.now
    going = await visit.read(lambda connection: lets_go(connection, visit.scope, change, settings, counted))
    more = await visit.read(lambda connection: longer(connection, visit.scope, change, settings))
    if sum(one.rows for one in going) > agreed_rows(asked_at, given):
        question = ask(visit, found, going, given)
        return page(request, visit, found, None, question)
    async with visit.write() as transaction:
        await save(transaction, change, going, more, found.panel.name if found.panel else "", visit.act, visit.now)
    return back(visit, outcome(going, more))


def look(connection: Connection, visit: Visit) -> Found:
    known = panels.all_of(connection, visit.scope)
    some = chosen(visit, known)
    is_named = any(name in CHOICE for name, _ in visit.url.pairs)
    return Found(
        panels=known,
        chosen=some,
        panel=some[0] if is_named and len(some) == 1 else None,
        is_unclear=len(some) != 1 if is_named else visit.scope.panel_ids is not None,
        rules=sync_rules.load(connection, ages.paced(visit.console.settings.sync)),
    )


def id_of(found: Found) -> int | None:
    return found.panel.id if found.panel else None


def agreed_at(visit: Visit, given: Mapping[str, str]) -> datetime | None:
    """When what is agreed to was counted: None where nothing was asked, or too long ago."""
    text = given.get("asked", "")
    if not text.isascii() or not text.isdigit() or len(text) > 17:
        return None
    asked = from_micros(int(text))
    return asked if timedelta(0) <= visit.now - asked <= AGREED else None


def agreed_rows(asked_at: datetime | None, given: Mapping[str, str]) -> int:
    text = given.get("rows", "")
    return int(text) if asked_at and text.isascii() and text.isdigit() and len(text) < 16 else 0


def ask(visit: Visit, found: Found, going: Sequence[Shortening], given: Mapping[str, str]) -> Question:
    names = {panel.id: panel.name for panel in found.panels}
    return Question(
        goings=[
            Going(names.get(one.panel_id, ""), ages.stream_label(visit, one.stream), one.before, one.rows, one.history)
            for one in going
            if one.rows
        ],
        rows=sum(one.rows for one in going),
        history=sum(one.history for one in going),
        kept=[(name, value) for name, value in given.items() if name not in ("asked", "rows")],
        asked=str(micros(visit.now)),
    )


def outcome(going: Sequence[Shortening], more: Sequence[FeedKey]) -> str:
    if any(one.rows for one in going):
        return "erasing"
    return "longer" if more else "saved"


def back(visit: Visit, done: str) -> Response[str]:
    if done == "erasing":
        return see_other(str(visit.url.only(CHOICE, SYNC)))
    return see_other(str(visit.url.only(CHOICE).having(done=done)))


def page(
    request: HTMXRequest,
    visit: Visit,
    found: Found,
    form: Grid | None,
    question: Question | None = None,
    status: int = 200,
) -> Response[str]:
    onward = replace(visit, url=visit.url.only(CHOICE))
    title = (
        visit.say("Sync settings of %(panel)s", panel=found.panel.name) if found.panel else visit.say("Sync settings")
    )
    around = replace(frame(onward, "sync.index", title, found.panels, found.chosen), help_href=HELP)
    done = dict(visit.url.pairs).get("done", "")
    view = Edit(
        panel=found.panel.name if found.panel else None,
        grid=form,
        question=question,
        action=str(onward.url),
        every_href=HERE if found.panel and visit.scope.panel_ids is None else None,
        own=owners(found),
        done=visit.say(DONE[done]) if done in DONE and status == 200 and not question else "",
        is_wrong=status != 200 and form is not None,
        back_href=str(visit.url.only(CHOICE, SYNC)),
        empty=unclear(visit) if found.is_unclear else None,
    )
    return render(request, around, "sync_settings/edit.html", view, (), status)


def owners(found: Found) -> list[tuple[str, str]]:
    """Panels with settings of their own, where those of all panels are looked at: these do not reach them everywhere."""
    if found.panel is not None or found.is_unclear:
        return []
    own = [panel for panel in found.panels if found.rules.overrides.get(panel.id)]
    return [(panel.name, f"{HERE}?{urlencode({CHOICE[0]: panel.name})}") for panel in own]


def unclear(visit: Visit) -> Empty:
    if visit.scope.panel_ids is None:
        return Empty(visit.say("Choose one panel above, or all of them."), visit.say("All panels"), HERE)
    return Empty(
        visit.say("Choose one panel above. What holds for all panels is set by who sees all of them."), None, None
    )
