"""What is done with AI prompts: written, changed, made current again, used, deleted and brought back. Each is in the audit.

Two who edit the same one: the second is shown both texts, and saves again or not.
"""

from collections.abc import Mapping
from dataclasses import replace

from litestar import Response, post
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.ai import prompts
from hyperpanel.ai.asks import Prompt
from hyperpanel.db import ai_prompts, audit
from hyperpanel.db.ai_prompts import Kept, TitleTaken, Wording
from hyperpanel.errors import BadInput, Missing
from hyperpanel.support import ai_prompt_forms
from hyperpanel.support import ai_prompt_scoring as scoring
from hyperpanel.support.ai_prompt_forms import Typed
from hyperpanel.web import ai_prompt_fields, ai_prompt_scores
from hyperpanel.web import ai_prompt_rights as rights
from hyperpanel.web.addresses import Address
from hyperpanel.web.ai_prompt_fields import LARGEST_BODY
from hyperpanel.web.ai_prompt_places import HERE, MAY, asked_of, edit_href, purpose_of
from hyperpanel.web.ai_prompt_views import Around, Theirs, again, one
from hyperpanel.web.ai_prompts import worse
from hyperpanel.web.ai_streams import visible
from hyperpanel.web.forms import fields
from hyperpanel.web.languages import N_
from hyperpanel.web.numbered import number
from hyperpanel.web.render import see_other
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit, visit_of

TAKEN = N_("A prompt of this title is there already for the same purpose. Choose another title.")
NOTED = 500


def by(visit: Visit) -> str:
    return visit.person.username if visit.person else ""


def told(wording: Wording) -> dict[str, str]:
    """A long text by its beginning: the versions have it whole."""
    return {name: value[:NOTED] for name, value in wording.__dict__.items()}


@post(HERE + "/new", opt={"permission": MAY}, status_code=303, request_max_body_size=LARGEST_BODY)
async def create(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    given, sent = await ai_prompt_fields.sent(request)
    purpose_of(given.purpose)
    await rights.require(visit, given.__dict__)
    judged, sent = ai_prompt_forms.judge(given), {**sent, "prompt": ""}
    if judged.wording is None:
        return await again(request, visit, given, Around(sent, judged.errors), 422)
    try:
        made = await created(visit, given.purpose, judged.title, judged.wording)
    except TitleTaken:
        return await again(request, visit, given, Around(sent, {"title": BadInput(TAKEN, "title")}), 422)
    return see_other(f"{edit_href(made)}&done=created")


async def created(visit: Visit, purpose: str, title: str, wording: Wording) -> int:
    async with visit.write() as transaction:
        made = await ai_prompts.add(transaction, purpose, title, wording, by(visit), visit.now)
        act = visit.act("ai-prompt-created", title, kind=purpose, after=told(wording))
        await audit.write(transaction, act, visit.now)
    return made


@post(HERE + "/edit", opt={"permission": MAY}, status_code=303, request_max_body_size=LARGEST_BODY)
async def update(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    given, sent = await ai_prompt_fields.sent(request)
    await rights.require(visit, sent)
    wanted = number(sent["prompt"])
    found = await visit.read(lambda connection: one(connection, wanted))
    given = replace(given, purpose=found.purpose)
    judged = ai_prompt_forms.judge(given)
    if judged.wording is None:
        return await again(request, visit, given, Around(sent, judged.errors), 422)
    return await saved(request, visit, found, given, judged.title, judged.wording, sent)


async def saved(
    request: HTMXRequest,
    visit: Visit,
    found: Kept,
    given: Typed,
    title: str,
    wording: Wording,
    sent: Mapping[str, str],
) -> Response[str]:
    """Where it is in use, a text that scored lower is saved by a second press."""
    seen, prompt = number(sent.get("seen")), prompts.worded(found.purpose, wording)
    warning = await warned(visit, found, prompt) if found.in_use and not sent.get("sure") else ""
    if warning:
        return await again(request, visit, given, Around(sent, warning=warning), 409)
    try:
        now = await changed(visit, found.id, title, wording, seen)
    except TitleTaken:
        return await again(request, visit, given, Around(sent, {"title": BadInput(TAKEN, "title")}), 422)
    if now is not None:
        return await again(request, visit, given, Around(sent, theirs=theirs(visit, now)), 409)
    done = await visit.read(lambda connection: what_was_done(connection, found.id, seen))
    return see_other(f"{edit_href(found.id)}&done={done}")


async def warned(visit: Visit, found: Kept, prompt: Prompt) -> str:
    return await visit.read(lambda connection: ai_prompt_scores.worse(connection, visit, found.purpose, prompt))


def what_was_done(connection: Connection, prompt_id: int, seen: int) -> str:
    now = one(connection, prompt_id)
    if now.version == seen:
        return "same"
    is_scored = bool(scoring.latest(connection, now.purpose, (prompts.of_kept(now),)))
    return "unscored" if now.in_use and not is_scored else "changed"


async def changed(visit: Visit, prompt_id: int, title: str, wording: Wording, seen: int) -> Kept | None:
    """What somebody else saved meanwhile, if that is another text than the one to be saved."""
    async with visit.write() as transaction:
        held = await reached(transaction, prompt_id)
        if (held.title, held.wording) == (title, wording):
            return None
        if held.version != seen:
            return held
        await ai_prompts.change(transaction, held.id, seen, title, wording, by(visit), visit.now)
        before, after = told(held.wording), told(wording)
        act = visit.act("ai-prompt-changed", title, kind=held.purpose, was=held.title, before=before, after=after)
        await audit.write(transaction, act, visit.now)
    return None


async def reached(transaction: AsyncConnection, prompt_id: int) -> Kept:
    """Raises Missing, also for a deleted one."""
    held = await ai_prompts.held(transaction, prompt_id)
    if held is None or held.deleted_at:
        raise Missing("prompt")
    return held


def theirs(visit: Visit, now: Kept) -> Theirs:
    """What somebody else saved: saving again puts the typed text after it."""
    built_in, wording = visit.say("Built-in text"), now.wording
    text = f"{now.title} · {asked_of(visit, wording)}\n\n{wording.system or built_in}\n\n{wording.body or built_in}"
    return Theirs(visible(text), visit.fmt.number(now.version), shown(now.by) or "", now.at)


@post(HERE + "/revert", opt={"permission": MAY}, status_code=303)
async def revert(request: HTMXRequest) -> Response[str]:
    """Makes an earlier version current again, as a new one with its text."""
    visit, sent = visit_of(request), await fields(request, "prompt", "version", "seen")
    await rights.require(visit, sent)
    wanted, version = number(sent.get("prompt")), number(sent.get("version"))
    found = await visit.read(lambda connection: one(connection, wanted, version))
    return await saved(request, visit, found, ai_prompt_forms.typed(found), found.title, found.wording, sent)


@post(HERE + "/use", opt={"permission": MAY}, status_code=303)
async def use(request: HTMXRequest) -> Response[str]:
    """`prompt`: empty for the built-in one. One that scored lower is put to use by a second press."""
    visit, sent = visit_of(request), await fields(request, "purpose", "prompt", "sure")
    await rights.require(visit, sent)
    purpose, wanted = purpose_of(sent.get("purpose", "")), sent.get("prompt", "")
    if not sent.get("sure") and await visit.read(
        lambda connection: worse(connection, visit, purpose, wanted) is not None
    ):
        return see_other(str(Address(HERE).having(purpose=purpose, prompt=wanted)))
    async with visit.write() as transaction:
        held = await reached(transaction, number(wanted)) if wanted else None
        if not await ai_prompts.use(transaction, purpose, held.id if held else None):
            raise Missing("prompt")
        named = {"number": held.version} if held else {"name": "built-in"}
        act = visit.act("ai-prompt-used", held.title if held else purpose, kind=purpose, **named)
        await audit.write(transaction, act, visit.now)
    return see_other(f"{HERE}?done={'used' if held else 'built-in'}")


@post(HERE + "/delete", opt={"permission": MAY}, status_code=303)
async def delete(request: HTMXRequest) -> Response[str]:
    visit, sent = visit_of(request), await fields(request, "prompt")
    await rights.require(visit, sent)
    async with visit.write() as transaction:
        held = await reached(transaction, number(sent.get("prompt")))
        await ai_prompts.delete(transaction, held.id, visit.now)
        act = visit.act("ai-prompt-deleted", held.title, kind=held.purpose, number=held.version)
        await audit.write(transaction, act, visit.now)
    return see_other(f"{HERE}?done={'fell-back' if held.in_use else 'deleted'}")


@post(HERE + "/restore", opt={"permission": MAY}, status_code=303)
async def restore(request: HTMXRequest) -> Response[str]:
    """Within a day. A title that was taken meanwhile is told."""
    visit, sent = visit_of(request), await fields(request, "prompt")
    await rights.require(visit, sent)
    try:
        in_use = await restored(visit, number(sent.get("prompt")))
    except TitleTaken:
        return see_other(f"{HERE}?done=taken")
    return see_other(f"{HERE}?done={'used-again' if in_use else 'restored'}")


async def restored(visit: Visit, prompt_id: int) -> bool:
    """Whether it is in use: as before, unless another was put to use meanwhile. One that is back already stays as it is."""
    async with visit.write() as transaction:
        held = await ai_prompts.held(transaction, prompt_id)
        if held is None:
            raise Missing("prompt")
        if held.deleted_at is None:
            return held.in_use
        if not await ai_prompts.restore(transaction, held.id, held.title, visit.now):
            raise Missing("prompt")
        act = visit.act("ai-prompt-restored", held.title, kind=held.purpose)
        await audit.write(transaction, act, visit.now)
        if held.in_use:
            await ai_prompts.use(transaction, held.purpose, held.id)
            act = visit.act("ai-prompt-used", held.title, kind=held.purpose, number=held.version)
            await audit.write(transaction, act, visit.now)
    return held.in_use
