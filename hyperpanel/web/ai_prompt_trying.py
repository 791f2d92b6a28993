"""What is asked of a model from the page of an AI prompt: a trial of the unsaved text or of the one in use, and their scores.

Both go out only by a press, and both are in the ledger; nothing else is changed by them.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from litestar import Response, post
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.ai import eval_runs, evaluating, prompts, trials
from hyperpanel.ai.asks import About, AiTrouble, Hear, Prompt
from hyperpanel.ai.eval_runs import UnderWay
from hyperpanel.db import ai_scores
from hyperpanel.db.ai_scores import DONE
from hyperpanel.errors import BadInput
from hyperpanel.support import ai_prompt_forms
from hyperpanel.support import ai_prompt_scoring as scoring
from hyperpanel.support.ai_prompt_forms import Typed
from hyperpanel.web import ai_prompt_fields, ai_words
from hyperpanel.web import ai_prompt_rights as rights
from hyperpanel.web.ai_prompt_fields import LARGEST_BODY
from hyperpanel.web.ai_prompt_places import HERE, MAY, purpose_of
from hyperpanel.web.ai_prompt_results import MINE, USED, Result, fragment, result
from hyperpanel.web.ai_prompt_scores import FEW, why
from hyperpanel.web.ai_prompt_trials import Wish, wished
from hyperpanel.web.ai_prompt_views import Around, again
from hyperpanel.web.ai_streams import LINES, streamed
from hyperpanel.web.numbered import number
from hyperpanel.web.panel_fields import sentence
from hyperpanel.web.visits import Visit, visit_of

STOP = "stop"


@post(HERE + "/try", opt={"permission": MAY}, status_code=200, request_max_body_size=LARGEST_BODY)
async def create(request: HTMXRequest) -> Response[Any]:
    """`which`: of the text in the form, or of the prompt in use. Without a script the page comes again, with what came of it."""
    visit = visit_of(request)
    given, sent = await ai_prompt_fields.sent(request)
    purpose_of(given.purpose)
    which = USED if sent["which"] == USED else MINE
    try:
        wish = await visit.read(lambda connection: wished(connection, visit, given, sent, which))
    except BadInput as problem:
        return await refused(request, visit, given, sent, Result(which, "", refused=sentence(visit, problem)))

    async def work(hear: Hear) -> str:
        return fragment(visit, await made(visit, wish, hear))

    if LINES in request.headers.get("accept", ""):
        return await streamed(request, visit, work)
    return await whole(request, visit, given, sent, wish)


async def made(visit: Visit, wish: Wish, hear: Hear) -> Result:
    desk = visit.console.ai
    tried = await trials.tried(desk, wish.about, wish.prompt, wish.purpose, wish.matter, wish.language, hear)
    return result(visit, wish.id, wish.title, tried)


async def whole(request: HTMXRequest, visit: Visit, given: Typed, sent: Mapping[str, str], wish: Wish) -> Response[str]:
    try:
        told = await made(visit, wish, lambda _: None)
    except AiTrouble as trouble:
        told = Result(wish.id, wish.title, refused=ai_words.sentence(visit, trouble))
    return await again(request, visit, given, Around(sent, results=[told]))


async def refused(
    request: HTMXRequest, visit: Visit, given: Typed, sent: Mapping[str, str], told: Result
) -> Response[Any]:
    """The sentence in the place of the result."""
    if LINES not in request.headers.get("accept", ""):
        return await again(request, visit, given, Around(sent, results=[told]), 422)

    async def work(_: Hear) -> str:
        return fragment(visit, told)

    return await streamed(request, visit, work)


@post(HERE + "/score", opt={"permission": MAY}, status_code=200, request_max_body_size=LARGEST_BODY)
async def score(request: HTMXRequest) -> Response[str]:
    """`which`: of the text in the form, or of the prompt in use; or `stop`, which ends the run that is named."""
    visit = visit_of(request)
    given, sent = await ai_prompt_fields.sent(request)
    purpose_of(given.purpose)
    if sent["which"] == STOP:
        await stop(visit, number(sent["run"]))
        return await again(request, visit, given, Around(sent))
    await rights.require(visit, given.__dict__)
    judged = ai_prompt_forms.judge(given, needs_title=False)
    if judged.wording is None:
        told = sentence(visit, next(iter(judged.errors.values())))
        return await again(request, visit, given, Around({**sent, "run": ""}, judged.errors, refused=told), 422)
    word = sent["cases"] if sent["cases"] in scoring.SETS else FEW
    mine, used = prompts.worded(given.purpose, judged.wording), await in_use(visit, given.purpose)
    await begin(visit, given.purpose, used if sent["which"] == USED else mine, word)
    return await again(request, visit, given, Around({**sent, "cases": word, "run": ""}))


async def stop(visit: Visit, run_id: int) -> None:
    """Raises Refused for somebody else's, where some panels alone are seen."""
    run = await visit.read(lambda connection: ai_scores.one(connection, run_id))
    if not rights.may_stop(visit, run):
        await rights.refuse(visit)
    async with visit.write() as transaction:
        await ai_scores.stop(transaction, run_id)


async def in_use(visit: Visit, purpose: str) -> Prompt:
    return await visit.read(lambda connection: prompts.in_use(connection, purpose))


async def begin(visit: Visit, purpose: str, prompt: Prompt, word: str) -> None:
    """In the background, unless the same was scored whole before, or is being scored."""
    if await visit.read(lambda connection: is_needless(connection, visit, purpose, prompt, word)):
        return
    person, desk, cases = visit.person, visit.console.ai, scoring.chosen(word)
    about = About(purpose, person.username if person else "", person.id if person else None)
    with suppress(UnderWay):
        run = await eval_runs.begin(desk, prompt, purpose, cases, about.by)
        visit.console.work(eval_runs.kept(desk, run, prompt, purpose, cases, evaluating.nobody, about))


def is_needless(connection: Connection, visit: Visit, purpose: str, prompt: Prompt, word: str) -> bool:
    """Or cannot be."""
    if why(connection, visit, purpose)[0]:
        return True
    before = scoring.latest(connection, purpose, (prompt,), word).get(prompt.digest)
    return before is not None and before.state == DONE
