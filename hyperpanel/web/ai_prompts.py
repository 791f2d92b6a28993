"""Settings → AI prompts: what models are asked, for each purpose the built-in text and those that people wrote, one of them in use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from litestar import Response, get
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.ai import prompts
from hyperpanel.ai.asks import PURPOSES
from hyperpanel.ai.prompts import BODIES, RULES, SYSTEMS
from hyperpanel.db import ai_prompts
from hyperpanel.db.ai_prompts import Wording
from hyperpanel.support import ai_prompt_forms
from hyperpanel.web import ai_prompt_lines, ai_prompt_scores
from hyperpanel.web.ai_prompt_lines import Gone, Line
from hyperpanel.web.ai_prompt_places import BUILT_IN, FOR, HERE, MAY, copy_href, edit_href, purpose_of
from hyperpanel.web.ai_prompt_rights import may_change
from hyperpanel.web.ai_prompt_versions import Part, parts
from hyperpanel.web.ai_prompt_views import Around, Edit, New, beginning, begun, edit_page, editing, new_page, one
from hyperpanel.web.frame import frame
from hyperpanel.web.languages import N_
from hyperpanel.web.numbered import number
from hyperpanel.web.render import render
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit, visit_of

DONE = {
    "created": N_("The prompt was saved. It is not in use yet."),
    "changed": N_("A new version was saved."),
    "unscored": N_("A new version was saved, and is in use. It has not been scored."),
    "same": N_("Nothing was changed, so there is no new version."),
    "used": N_("The prompt is in use from now on."),
    "built-in": N_("The built-in prompt is in use from now on."),
    "restored": N_("The prompt is back. It is not in use."),
    "used-again": N_("The prompt is back, and in use again."),
    "deleted": N_("The prompt was deleted. For a day it can be brought back, below."),
    "fell-back": N_(
        "The prompt was deleted, and the built-in one is in use instead. For a day it can be brought back, below."
    ),
}
TAKEN = N_("Another prompt has its title by now. Give that one another title first.")


@dataclass(frozen=True)
class Worse:
    """What is said before a prompt that scored lower is put to use: nothing has been done yet. `prompt`: empty for the built-in one."""

    purpose: str
    prompt: str
    title: str
    sentence: str


@dataclass(frozen=True)
class Index:
    """`more`: what is said where not all are listed; `gone`: deleted ones that can still be brought back."""

    lines: Sequence[Line]
    more: str
    gone: Sequence[Gone]
    done: str
    refused: str
    worse: Worse | None
    may_change: bool


@dataclass(frozen=True)
class Show:
    """One version, or a built-in text (`id` 0). `before`: the version that it is compared with; `rules`: what is always added;
    `href`: where its prompt is edited."""

    id: int
    title: str
    label: str
    version: str
    before: str
    latest: int
    number: int
    in_use: bool
    by: str
    at: datetime | None
    parts: Sequence[Part]
    rules: str
    href: str
    copy_href: str
    may_change: bool


@get(HERE, name="ai_prompts.index", opt={"permission": MAY})
async def index(request: HTMXRequest) -> Response[str]:
    visit, query = visit_of(request), request.query_params
    view = await visit.read(lambda connection: listing(connection, visit, query))
    return render(request, frame(visit, "ai_prompts.index", visit.say("AI prompts")), "ai_prompts/index.html", view)


def listing(connection: Connection, visit: Visit, query: Mapping[str, str]) -> Index:
    done, every = query.get("done", ""), ai_prompts.all_of(connection)
    wanted = {
        purpose: [prompts.built_in(purpose), *(prompts.of_kept(one) for one in every if one.purpose == purpose)]
        for purpose in PURPOSES
    }
    return Index(
        lines=ai_prompt_lines.lines(visit, every, ai_prompt_scores.told(connection, visit, wanted)),
        more=ai_prompt_lines.more(connection, visit, len(every)),
        gone=ai_prompt_lines.gone(connection, visit),
        done=said(visit, done),
        refused=visit.say(TAKEN) if done == "taken" else "",
        worse=worse(connection, visit, query["purpose"], query.get("prompt", "")) if "purpose" in query else None,
        may_change=may_change(visit),
    )


def worse(connection: Connection, visit: Visit, purpose: str, prompt: str) -> Worse | None:
    """None where it is not lower, or no longer."""
    purpose_of(purpose)
    kept = one(connection, number(prompt)) if prompt else None
    wanted = prompts.of_kept(kept) if kept else prompts.built_in(purpose)
    sentence = ai_prompt_scores.worse(connection, visit, purpose, wanted)
    return Worse(purpose, prompt, shown(wanted.title) or visit.say(BUILT_IN), sentence) if sentence else None


def said(visit: Visit, done: str) -> str:
    return visit.say(DONE[done]) if done in DONE else ""


@get(HERE + "/new", name="ai_prompts.new", opt={"permission": MAY})
async def new(request: HTMXRequest) -> Response[str]:
    """`of`: the prompt that this begins as a copy of, by its number, or `built-in`."""
    visit, query = visit_of(request), request.query_params
    purpose = purpose_of(query.get("purpose", PURPOSES[0]))

    def look(connection: Connection) -> New:
        return beginning(
            connection, visit, begun(connection, visit, purpose, query.get("of", "")), Around(beside(query))
        )

    return new_page(request, visit, await visit.read(look))


def beside(query: Mapping[str, str]) -> Mapping[str, str]:
    """Which run of the evaluation set an address is about, and before which version the list of them begins."""
    return {name: query[name] for name in ("cases", "run", "before") if name in query}


@get(HERE + "/edit", name="ai_prompts.edit", opt={"permission": MAY})
async def edit(request: HTMXRequest) -> Response[str]:
    visit, query = visit_of(request), request.query_params
    wanted = number(query.get("prompt"))

    def look(connection: Connection) -> Edit:
        found, around = one(connection, wanted), Around(beside(query), done=said(visit, query.get("done", "")))
        return editing(connection, visit, found, ai_prompt_forms.typed(found), around)

    return edit_page(request, visit, await visit.read(look))


@get(HERE + "/show", name="ai_prompts.show", opt={"permission": MAY})
async def show(request: HTMXRequest) -> Response[str]:
    """A version of a prompt (`prompt`, `version`), or the built-in one of a purpose (`purpose`)."""
    visit, query = visit_of(request), request.query_params
    if purpose := query.get("purpose"):
        wanted = purpose_of(purpose)
        view = await visit.read(lambda connection: built_in(connection, visit, wanted))
    else:
        prompt_id, version = number(query.get("prompt")), number(query.get("version"))
        view = await visit.read(lambda connection: showing(connection, visit, prompt_id, version))
    title = visit.say("%(name)s, version %(number)s", name=view.title, number=view.version) if view.id else view.title
    return render(request, frame(visit, "ai_prompts.show", title), "ai_prompts/show.html", view)


def showing(connection: Connection, visit: Visit, prompt_id: int, version: int) -> Show:
    found = one(connection, prompt_id, version)
    before = ai_prompts.one(connection, prompt_id, version - 1)
    return Show(
        id=found.id,
        title=shown(found.title) or "",
        label=visit.say(FOR[found.purpose]),
        version=visit.fmt.number(version),
        before=visit.fmt.number(before.version) if before else "",
        latest=found.latest,
        number=version,
        in_use=found.in_use,
        by=shown(found.by) or "",
        at=found.at,
        parts=parts(visit, before.wording if before else None, found.wording),
        rules=RULES,
        href=edit_href(found.id),
        copy_href=copy_href(found.purpose, str(found.id)),
        may_change=may_change(visit),
    )


def built_in(connection: Connection, visit: Visit, purpose: str) -> Show:
    return Show(
        id=0,
        title=visit.say("Built-in prompt for %(purpose)s", purpose=visit.say(FOR[purpose])),
        label=visit.say(FOR[purpose]),
        version="",
        before="",
        latest=0,
        number=0,
        in_use=ai_prompts.in_use(connection, purpose) is None,
        by="",
        at=None,
        parts=parts(visit, None, Wording("", "", SYSTEMS[purpose], BODIES[purpose])),
        rules=RULES,
        href="",
        copy_href=copy_href(purpose, "built-in"),
        may_change=may_change(visit),
    )
