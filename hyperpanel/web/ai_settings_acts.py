"""What a person does under Settings → AI: saves providers and budgets, tries a provider out as it is typed, and switches panels.

Of two who save at once the later is told what the other saved, with all that they typed still in the form, keys aside.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from litestar import Response, post
from litestar_htmx import HTMXRequest

from hyperpanel.ai.asks import PROVIDERS, About, AiTrouble
from hyperpanel.db.ai_providers import COMPATIBLE, PanelUse, Provider
from hyperpanel.errors import BadInput, Conflict, Refused, Unusable
from hyperpanel.support import ai_forms, ai_keys, ai_saving, ai_trials
from hyperpanel.support.ai_forms import FIELDS, KEYS, Draft, Judged
from hyperpanel.support.ai_saving import Change, Held, Switched
from hyperpanel.support.ai_trials import Trial
from hyperpanel.web import refusals
from hyperpanel.web.ai_setting_fields import form, label, seen_of
from hyperpanel.web.ai_settings import Found, Shown, Tested, look, may_set_all, page
from hyperpanel.web.ai_settings import seen_of as use_seen
from hyperpanel.web.ai_words import HERE, MAY_SET, sentence
from hyperpanel.web.forms import StrangeForm, fields
from hyperpanel.web.languages import N_
from hyperpanel.web.panel_fields import sentence as problem_of
from hyperpanel.web.render import see_other
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit, visit_of

MAY = {"permission": MAY_SET}
EMPTY = N_("Nothing was sent. Open Settings → AI and save from there.")
WRONG = N_("Nothing was saved. Correct the marked fields.")
MEANWHILE = N_(
    "Somebody else saved these settings meanwhile. Nothing of yours is saved yet, and all that you typed is below, keys aside."
)


@dataclass(frozen=True)
class Sent:
    """The form as it came over what is stored: `typed` has every field."""

    found: Found
    typed: Mapping[str, str]
    seen: str
    test: str
    judged: Judged


async def sent(request: HTMXRequest, visit: Visit) -> Sent:
    """Raises Refused for who sees some panels alone, and BadInput where nothing was sent."""
    given = dict(await fields(request, "seen", "test", *FIELDS))
    if not given:
        raise BadInput(EMPTY)
    if not may_set_all(visit):
        await refusals.tell(visit, permission=MAY_SET)
        raise Refused(MAY_SET)
    seen, test = given.pop("seen", ""), given.pop("test", "")
    found = await visit.read(lambda connection: look(connection, visit))
    typed = {**ai_forms.typed_of(found.held.providers, found.held.chosen), **given}
    if f"{COMPATIBLE}_address" in given:
        typed[f"{COMPATIBLE}_private"] = given.get(f"{COMPATIBLE}_private", "")
    return Sent(found, typed, seen, test, ai_forms.judge(typed, found.held.providers))


@post(HERE, opt=MAY, status_code=303)
async def update(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    came = await sent(request, visit)
    if came.seen != seen_of(came.found.held.at):
        return too_late(request, visit, came)
    if came.judged.errors:
        marked = form(visit, came.typed, came.found.held, came.judged.errors)
        return page(request, visit, came.found, Shown(form=marked, problem=visit.say(WRONG), status=422))
    change = Change(came.found.held, came.judged.drafts, came.judged.chosen)
    if change.is_same():
        return see_other(f"{HERE}?done=same")
    try:
        async with visit.write() as transaction:
            await ai_saving.save(transaction, visit.console.vault, change, visit.act, visit.now)
    except Conflict:
        found = await visit.read(lambda connection: look(connection, visit))
        return too_late(request, visit, Sent(found, came.typed, came.seen, "", came.judged))
    return see_other(f"{HERE}?done=saved")


def too_late(request: HTMXRequest, visit: Visit, came: Sent) -> Response[str]:
    told = Shown(
        form=form(visit, came.typed, came.found.held, came.judged.errors),
        problem=visit.say(MEANWHILE),
        meanwhile=meanwhile(visit, came.typed, came.found.held),
        status=409,
    )
    return page(request, visit, came.found, told)


def meanwhile(visit: Visit, typed: Mapping[str, str], held: Held) -> list[tuple[str, str]]:
    """The fields that hold something else than what was typed."""
    stored = ai_forms.typed_of(held.providers, held.chosen)
    differing = [name for name in FIELDS if name not in KEYS and stored[name] != typed.get(name, "").strip()]
    return [(label(visit, name), shown(stored[name]) or visit.say("nothing")) for name in differing]


@post(f"{HERE}/test", opt=MAY, status_code=200)
async def test(request: HTMXRequest) -> Response[str]:
    """As it is typed, or as it is stored where nothing is; nothing is saved, and what it costs is in the ledger."""
    visit = visit_of(request)
    came = await sent(request, visit)
    if came.test not in PROVIDERS:
        raise StrangeForm("test")
    wrong = came.judged.errors_of(came.test)
    said = unasked(visit, wrong) if wrong else await tried(visit, came)
    again = form(visit, came.typed, came.found.held, wrong)
    told = Shown(form=again, tried={came.test: said}, status=422 if wrong else 200)
    return page(request, visit, came.found, told)


def unasked(visit: Visit, wrong: Mapping[str, BadInput]) -> Tested:
    first = problem_of(visit, next(iter(wrong.values())))
    return Tested("bad", visit.say("Nobody was asked yet. %(problem)s", problem=first))


async def tried(visit: Visit, came: Sent) -> Tested:
    draft = came.judged.drafts[came.test]
    held = came.found.held.providers.get(draft.name)
    person = visit.person
    about = About("test", person.username if person else "", person.id if person else None)
    try:
        key = key_of(visit, draft, held)
        return answered(visit, await ai_trials.try_out(visit.console.ai, draft, key, about))
    except Unusable as problem:
        return Tested("bad", str(problem))
    except AiTrouble as trouble:
        return Tested("bad", sentence(visit, trouble))


def key_of(visit: Visit, draft: Draft, held: Provider | None) -> str:
    """What was judged keeps a stored key for its own address alone."""
    return ai_keys.opened(visit.console.vault, held) if held and draft.keeps(held) else draft.key or ""


def answered(visit: Visit, trial: Trial) -> Tested:
    models = [name for name in (shown(one) for one in trial.models) if name]
    number = visit.fmt.number(len(models))
    if trial.ms is None:
        told = visit.count(
            "The key is taken. Choose the %(number)s model that it may use, and test again.",
            "The key is taken. Choose one of the %(number)s models that it may use, and test again.",
            len(models),
            number=number,
        )
        return Tested("idle", told, models)
    values = {"ms": visit.fmt.number(trial.ms), "model": shown(trial.model) or ""}
    return Tested("ok", visit.say("Answered in %(ms)s ms by the model %(model)s.", **values), models)


@post(f"{HERE}/panels", opt=MAY, status_code=303)
async def switch(request: HTMXRequest) -> Response[str]:
    """Of the panels that this person sees, those that are to be used in another way than when the page was made."""
    visit = visit_of(request)
    found = await visit.read(lambda connection: look(connection, visit))
    names = [f"{what}-{panel.id}" for panel in found.panels for what in ("on", "hide", "seen")]
    given = await fields(request, "all", *names)
    changed = [one for panel in found.panels if (one := switched(panel.id, panel.name, found.uses[panel.id], given))]
    if not changed:
        return see_other(f"{HERE}?done=same")
    async with visit.write() as transaction:
        await ai_saving.switch(transaction, changed, visit.act, visit.now)
    return see_other(f"{HERE}?done=switched")


def switched(id: int, name: str, now: PanelUse, given: Mapping[str, str]) -> Switched | None:
    """None for a panel that stays as it is. What was not changed on the page is left as it is by now."""
    seen = given.get(f"seen-{id}", use_seen(now))
    is_on, hides = bool(given.get(f"on-{id}")), bool(given.get(f"hide-{id}"))
    if f"seen-{id}" not in given:
        is_on, hides = now.is_on, now.hides_personal
    wanted = PanelUse(
        now.is_on if seen[:1] == f"{is_on:d}" else is_on, now.hides_personal if seen[1:] == f"{hides:d}" else hides
    )
    if given.get("all") in ALL:
        wanted = replace(wanted, is_on=given["all"] == "on")
    return None if wanted == now else Switched(id, name, now, wanted)


ALL = ("on", "off")
