"""The pages on which an AI prompt is written: its form, with the trial, the scores and the versions beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from litestar import Response
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.ai import prompts
from hyperpanel.ai.asks import PURPOSES, Prompt
from hyperpanel.ai.prompts import BODIES, SYSTEMS
from hyperpanel.db import ai_prompts
from hyperpanel.db.ai_prompts import Kept, Wording
from hyperpanel.errors import BadInput, Missing
from hyperpanel.support import ai_prompt_forms
from hyperpanel.support.ai_prompt_forms import LONGEST_TITLE, Typed
from hyperpanel.web import ai_prompt_fields, ai_prompt_scores
from hyperpanel.web.ai_prompt_fields import Form
from hyperpanel.web.ai_prompt_places import BUILT_IN, FOR, HERE, copy_href, edit_href, older_href
from hyperpanel.web.ai_prompt_results import Result
from hyperpanel.web.ai_prompt_rights import may_change
from hyperpanel.web.ai_prompt_scores import Scores, scores
from hyperpanel.web.ai_prompt_trials import Trial, trial
from hyperpanel.web.ai_prompt_versions import Version, versions
from hyperpanel.web.frame import frame
from hyperpanel.web.numbered import number
from hyperpanel.web.render import render
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

Errors = Mapping[str, BadInput]
BLOCKS = {"scores"}


@dataclass(frozen=True)
class Kind:
    """A purpose that a new prompt can be for."""

    label: str
    href: str
    chosen: bool


@dataclass(frozen=True)
class New:
    kinds: Sequence[Kind]
    form: Form
    trial: Trial
    scores: Scores
    may_change: bool


@dataclass(frozen=True)
class Theirs:
    """What somebody else saved while this was typed."""

    text: str
    version: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Edit:
    """`seen`: the version that the form was opened with, or that was saved meanwhile and has now been shown. `warning`: what is said before a
    text that scored lower is put to use. `older_href`: of the versions before those listed, empty where there are none."""

    id: int
    title: str
    seen: int
    in_use: bool
    form: Form
    theirs: Theirs | None
    warning: str
    trial: Trial
    scores: Scores
    versions: Sequence[Version]
    older_href: str
    copy_href: str
    done: str
    may_change: bool


@dataclass(frozen=True)
class Around:
    """What a page is made with, beside what was typed: what was sent with it, what came of a trial, and what is said."""

    sent: Mapping[str, str]
    errors: Errors | None = None
    results: Sequence[Result] = ()
    refused: str = ""
    theirs: Theirs | None = None
    warning: str = ""
    done: str = ""


def one(connection: Connection, prompt_id: int, version: int | None = None) -> Kept:
    """Raises Missing, also for a deleted one."""
    found = ai_prompts.one(connection, prompt_id, version)
    if found is None or found.deleted_at:
        raise Missing("prompt")
    return found


def begun(connection: Connection, visit: Visit, purpose: str, of: str) -> Typed:
    """A new one, empty or as a copy."""
    if not of:
        return Typed(purpose)
    if of == "built-in":
        name, wording = visit.say(BUILT_IN), Wording("", "", SYSTEMS[purpose], BODIES[purpose])
    else:
        found = one(connection, number(of))
        purpose, name, wording = found.purpose, found.title, found.wording
    title = visit.say("Copy of %(name)s", name=name)[:LONGEST_TITLE]
    return Typed(purpose, title, **wording.__dict__)


def said_by(typed: Typed) -> Prompt | None:
    """As it would be sent; None for what cannot be."""
    judged = ai_prompt_forms.judge(typed, needs_title=False)
    return prompts.worded(typed.purpose, judged.wording) if judged.wording else None


def beginning(connection: Connection, visit: Visit, typed: Typed, around: Around) -> New:
    href, sent = f"{HERE}/new?purpose={typed.purpose}", around.sent
    return New(
        kinds=[Kind(visit.say(FOR[each]), f"{HERE}/new?purpose={each}", each == typed.purpose) for each in PURPOSES],
        form=ai_prompt_fields.form(connection, visit, typed, around.errors),
        trial=trial(connection, visit, typed.purpose, sent, around.results),
        scores=scores(connection, visit, typed.purpose, said_by(typed), sent, href, around.refused),
        may_change=may_change(visit),
    )


def new_page(request: HTMXRequest, visit: Visit, view: New, status: int = 200) -> Response[str]:
    around = frame(visit, "ai_prompts.new", visit.say("New AI prompt"))
    return render(request, around, "ai_prompts/new.html", view, BLOCKS, status)


def editing(connection: Connection, visit: Visit, found: Kept, typed: Typed, around: Around) -> Edit:
    sent = around.sent
    before = number(sent["before"]) if sent.get("before") else None
    history = ai_prompts.history(connection, found.id, before)
    every = {found.purpose: [prompts.of_kept(version) for version in history]}
    seen = 0 if around.theirs or not sent.get("seen") else number(sent["seen"])
    return Edit(
        id=found.id,
        title=shown(found.title) or "",
        seen=seen or found.version,
        in_use=found.in_use,
        form=ai_prompt_fields.form(connection, visit, typed, around.errors),
        theirs=around.theirs,
        warning=around.warning,
        trial=trial(connection, visit, found.purpose, sent, around.results),
        scores=scores(connection, visit, found.purpose, said_by(typed), sent, edit_href(found.id), around.refused),
        versions=versions(visit, history, ai_prompt_scores.told(connection, visit, every)),
        older_href=older_href(found.id, history[-1].version) if history and history[-1].version > 1 else "",
        copy_href=copy_href(found.purpose, str(found.id)),
        done=around.done,
        may_change=may_change(visit),
    )


def edit_page(request: HTMXRequest, visit: Visit, view: Edit, status: int = 200) -> Response[str]:
    around = frame(visit, "ai_prompts.edit", visit.say("AI prompt %(name)s", name=view.title))
    return render(request, around, "ai_prompts/edit.html", view, BLOCKS, status)


async def again(request: HTMXRequest, visit: Visit, typed: Typed, around: Around, status: int = 200) -> Response[str]:
    """The page that the form was sent from, as it was typed."""
    wanted = number(around.sent["prompt"]) if around.sent.get("prompt") else None
    if wanted is None:
        view = await visit.read(lambda connection: beginning(connection, visit, typed, around))
        return new_page(request, visit, view, status)
    edit = await visit.read(lambda connection: editing(connection, visit, one(connection, wanted), typed, around))
    return edit_page(request, visit, edit, status)
