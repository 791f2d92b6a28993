"""A prompt tried beside its form, on a ticket or on a case, and scored beside the one in use: what goes out, and what is said of it."""

import json
import re
from html import unescape

import pytest
from sqlalchemy import select

from hyperpanel.ai import eval_runs, eval_scores, prompts
from hyperpanel.ai.eval_scores import Outcome, Score
from hyperpanel.db import ai_prompts, ai_scores, staff
from hyperpanel.db.ai_prompts import Wording
from hyperpanel.db.ai_scores import DONE, STOPPED
from hyperpanel.db.schema import ai_answers, ai_calls
from hyperpanel.db.schema import ai_scores as runs
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.sandbox.ai_behaviours import Behaviour
from hyperpanel.support import ai_prompt_scoring as scoring
from tests.support.analysed import LINES, model, one_ticket, set_up
from tests.support.staged import NOON, PASSWORD_HASH

pytestmark = pytest.mark.loopback
HERE = "/settings/ai/prompts"
TYPED = {"purpose": "intent", "title": "", "provider": "", "model": "", "system": "Be brief.", "body": ""}
ON_TICKET = {"panel": "eu-1", "row": "255"}
ON_CASE = {"panel": "", "row": "en-001"}


@pytest.fixture(scope="module")
def server():
    with model() as made:
        yield made


@pytest.fixture
async def canned(staged, server):
    server.bench.forget()
    server.bench.queue.waiting.clear()
    await one_ticket(staged)
    await set_up(staged, server, "eu-1")
    return server


@pytest.fixture
async def max_(staged):
    return await staged.signed_in("max")


async def tried(browser, **changes):
    """The last line of the answer."""
    answer = await browser.post(f"{HERE}/try", data={**TYPED, **ON_TICKET, **changes}, headers={"Accept": LINES})
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.text.splitlines() if line][-1]


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


async def test_a_trial_asks_with_the_unsaved_text_and_shows_what_was_sent(canned, max_):
    html = (await tried(max_))["html"]
    for told in ("This text", "Intent", "Urgency", "tokens in", "What was sent", "Be brief.", prompts.RULES):
        assert told in plain(html)
    assert html.strip().startswith('<div class="trial-result" id="trial">')
    assert len(canned.asked) == 1


async def test_a_trial_keeps_nothing_but_the_row_of_the_ledger(staged, canned, max_):
    await tried(max_)
    [call] = await staged.rows(select(ai_calls.c.purpose, ai_calls.c.ticket_id, ai_calls.c.prompt_id, ai_calls.c.by))
    assert tuple(call) == ("intent", "255", None, "max")
    assert await staged.rows(EVERYTHING.select(ai_answers)) == []


@pytest.mark.parametrize("purpose", ["translate", "intent", "analyze"])
@pytest.mark.parametrize("on", [ON_TICKET, ON_CASE], ids=["ticket", "case"])
async def test_each_purpose_can_be_tried_on_a_ticket_and_on_a_case(canned, max_, purpose, on):
    last = await tried(max_, purpose=purpose, **on)
    assert "tokens in" in plain(last["html"])


async def test_the_one_in_use_is_tried_on_the_same_ticket_beside_it(staged, canned, max_):
    async with staged.database.write() as connection:
        made = await ai_prompts.add(connection, "intent", "Old one", Wording("", "", "Be slow.", ""), "max", NOON)
        await ai_prompts.use(connection, "intent", made)
    html = (await tried(max_, which="trial-used"))["html"]
    assert 'id="trial-used"' in html
    assert "In use: Old one" in plain(html)
    assert "Be slow." in html
    assert "Be brief." not in html
    [call] = await staged.rows(select(ai_calls.c.prompt_id, ai_calls.c.prompt_version))
    assert tuple(call) == (made, 1)


async def test_what_a_model_says_is_text(canned, max_):
    canned.bench.queue.waiting.append(Behaviour("hostile", number=2))
    html = (await tried(max_))["html"]
    assert "&lt;ScRiPt&gt;" in html
    assert "<script" not in html.lower()


@pytest.mark.parametrize(
    "on",
    [
        {"panel": "us-2", "row": "255"},
        {"panel": "zz-9", "row": "255"},
        {"panel": "eu-1", "row": "999"},
        {"panel": "", "row": "xx-1"},
    ],
)
async def test_a_foreign_panel_one_that_is_off_and_what_is_not_there_look_alike(canned, max_, on):
    assert "There is no such ticket on this panel" in (await tried(max_, **on))["html"]
    assert canned.asked == []


async def test_a_text_that_cannot_be_sent_is_refused_in_the_words_of_its_form(canned, max_):
    assert "Did you mean {{text}}?" in unescape((await tried(max_, body="{{texts}}"))["html"])
    assert "ticket report" in unescape((await max_.get(f"{HERE}/new?purpose=themes")).text)
    assert canned.asked == []


async def test_without_a_script_the_page_comes_again_with_the_result(canned, max_):
    page = await max_.post(f"{HERE}/try", data={**TYPED, **ON_TICKET, "which": "trial"})
    assert page.status_code == 200
    assert ">Be brief.</textarea>" in page.text
    assert 'class="trial-result" id="trial">' in page.text
    assert (await max_.post(f"{HERE}/try", data={**TYPED, "row": "nothing"})).status_code == 422


async def test_without_a_provider_the_page_says_so_and_the_rest_of_it_works(staged, max_):
    page = plain((await max_.get(f"{HERE}/new?purpose=intent")).text)
    assert page.count("AI is not set up.") == 2
    assert "System prompt" in page


async def test_trials_and_scores_are_for_managers(canned, ben):
    for path in ("try", "score"):
        assert (await ben.post(f"{HERE}/{path}", data={**TYPED, **ON_TICKET})).status_code == 403
    assert canned.asked == []


def scored(purpose: str, some, points, stopped: str = "") -> str:
    """A result over the first of these cases, with the points of each."""
    outcomes = tuple(Outcome(case.id, case.language, float(each)) for case, each in zip(some, points, strict=False))
    return eval_scores.kept(Score(purpose, len(some), outcomes, stopped))


async def keep(staged, wording: Wording, points, state: str = DONE, problem: str | None = None) -> None:
    """A run over twenty cases that somebody else has made."""
    prompt, some = prompts.worded("intent", wording), scoring.chosen("20")
    of = await staged.database.read(lambda connection: eval_runs.of(connection, prompt, "intent", some))
    result = scored("intent", some, points, problem or "")
    async with staged.database.write() as connection:
        run = await ai_scores.begin(connection, of, len(some), "max", "holder", NOON)
        assert run is not None
        await ai_scores.end(connection, run, "holder", state, len(points), result, problem, NOON)


BUILT_IN, MINE = Wording("", "", "", ""), Wording("", "", "Be brief.", "")
GOOD, BAD = [100] * 20, [0] * 12 + [100] * 8


async def score(browser, **changes):
    return await browser.post(f"{HERE}/score", data={**TYPED, "cases": "20", **changes}, headers=SCORES)


SCORES = {"HX-Request": "true", "HX-Target": "scores"}


async def test_a_text_is_scored_in_the_background_with_progress(staged, canned, max_):
    part = (await score(max_)).text
    assert part.strip().startswith('<section class="deed"')
    assert "0 of 20 cases" in plain(part)
    while staged.console.works:
        await next(iter(staged.console.works))
    [again] = re.findall(r'hx-get="([^"]+)"', part)
    done = plain((await max_.get(unescape(again), headers=SCORES)).text)
    assert "The one in use has not been scored over these cases." in done
    assert "Right intent" in done
    assert len(canned.asked) == 20


async def test_the_same_text_is_not_scored_twice(staged, canned, max_):
    await keep(staged, MINE, GOOD)
    assert "100" in plain((await score(max_)).text)
    assert canned.asked == []
    assert len(await staged.rows(select(runs))) == 1


async def test_a_text_with_a_mistake_is_not_scored(canned, max_):
    answer = await score(max_, body="{{texts}}")
    assert answer.status_code == 422
    assert "Did you mean {{text}}?" in unescape(answer.text)


async def test_a_run_can_be_stopped(staged, canned, max_):
    prompt, some = prompts.worded("intent", MINE), scoring.chosen("20")
    of = await staged.database.read(lambda connection: eval_runs.of(connection, prompt, "intent", some))
    async with staged.database.write() as connection:
        run = await ai_scores.begin(connection, of, len(some), "max", "holder", NOON)
    assert "Stop" in plain((await score(max_)).text)
    await score(max_, which="stop", run=str(run))
    assert [row.state for row in await staged.rows(select(runs.c.state))] == ["stopping"]


@pytest.mark.parametrize(
    ("mine", "used", "said"),
    [
        (
            BAD,
            GOOD,
            "Worse than the one in use: 40 against 100 points over the same cases. Of 20 cases it did better in 0 and worse in 12.",
        ),
        (GOOD, BAD, "Better than the one in use: 100 against 40 points"),
        ([0, *GOOD[1:]], GOOD, "Lower than the one in use: 95 against 100 points"),
        (GOOD, [0, *GOOD[1:]], "That may be chance (sign test, p = 1)."),
        (GOOD, GOOD, "As good as the one in use: 100 points"),
    ],
)
async def test_the_score_stands_beside_that_of_the_one_in_use_in_words(staged, canned, max_, mine, used, said):
    await keep(staged, MINE, mine)
    await keep(staged, BUILT_IN, used)
    assert said in plain((await score(max_)).text)


async def test_scores_are_shown_by_language_too(staged, canned, max_):
    await keep(staged, MINE, GOOD)
    page = plain((await score(max_)).text)
    assert all(name in page for name in ("All languages", "English", "Turkish", "Russian", "Persian", "Portuguese"))


async def test_a_run_that_met_a_budget_says_how_far_it_came(staged, canned, max_):
    await keep(staged, MINE, GOOD[:7], STOPPED, "day_budget")
    page = plain((await max_.get(f"{HERE}/new?purpose=intent&cases=20&run=1", headers=SCORES)).text)
    assert "Today’s AI budget is used up." in page
    assert "7 of 20 cases were scored until then." in page


async def test_a_run_that_was_broken_off_says_so_with_what_it_has(staged, canned, max_):
    await keep(staged, MINE, GOOD[:12], STOPPED, "interrupted")
    page = plain((await max_.get(f"{HERE}/new?purpose=intent&cases=20&run=1", headers=SCORES)).text)
    assert "It was broken off, since the process that asked has ended. 12 of 20 cases were scored until then." in page


async def test_a_run_of_another_purpose_is_not_shown(staged, canned, max_):
    await keep(staged, MINE, GOOD)
    page = plain((await max_.get(f"{HERE}/new?purpose=analyze&cases=20&run=1", headers=SCORES)).text)
    assert "This text has not been scored." in page


@pytest.fixture
async def in_use(staged, canned):
    """A prompt in use that scored well."""
    wording = Wording("", "", "Be good.", "")
    async with staged.database.write() as connection:
        made = await ai_prompts.add(connection, "intent", "Ours", wording, "max", NOON)
        await ai_prompts.use(connection, "intent", made)
    await keep(staged, wording, GOOD)


async def save(browser, **changes):
    return await browser.post(f"{HERE}/edit", data={**TYPED, "title": "Ours", "prompt": "1", "seen": "1", **changes})


async def version(staged) -> int:
    return int((await staged.database.read(lambda found: prompts.in_use(found, "intent"))).version)


async def test_a_text_that_scored_worse_is_saved_by_a_second_press(staged, in_use, max_):
    await keep(staged, MINE, BAD)
    page = await save(max_)
    assert (page.status_code, await version(staged)) == (409, 1)
    assert "Worse than the one in use: 40 against 100" in page.text
    assert "Save although it scores worse" in page.text
    assert (await save(max_, sure="yes")).status_code == 303
    assert await version(staged) == 2


async def test_a_text_that_was_not_scored_is_saved_and_that_is_said(staged, in_use, max_):
    saved = await save(max_)
    assert "It has not been scored." in (await max_.get(saved.headers["location"])).text
    assert await version(staged) == 2


async def test_a_text_that_scored_better_is_saved_at_once(staged, in_use, max_):
    await keep(staged, MINE, GOOD)
    assert (await save(max_)).status_code == 303


async def test_putting_a_worse_one_to_use_wants_a_second_press_too(staged, in_use, max_):
    await keep(staged, BUILT_IN, BAD)
    asked = await max_.post(f"{HERE}/use", data={"purpose": "intent", "prompt": ""})
    page = (await max_.get(asked.headers["location"])).text
    assert "Use it although it scores worse" in page
    assert "40 over 20 cases" in plain(page)
    assert await version(staged) == 1
    await max_.post(f"{HERE}/use", data={"purpose": "intent", "prompt": "", "sure": "yes"})
    assert await version(staged) == 0


@pytest.fixture
async def lea(staged):
    """A manager of one panel alone."""
    async with staged.database.write() as connection:
        await staff.add(connection, "lea", PASSWORD_HASH, "manager", [1], NOON)
    return await staged.signed_in("lea")


async def test_who_sees_some_panels_alone_tries_with_the_main_provider_only(canned, lea):
    assert "html" in await tried(lea)
    assert "so you can try with the main provider only" in plain((await tried(lea, provider="openai"))["html"])
    assert len(canned.asked) == 1


async def test_who_sees_some_panels_alone_stops_their_own_run_alone(staged, canned, lea):
    async with staged.database.write() as connection:
        for by in ("max", "lea"):
            of = ai_scores.Of("intent", by, "compatible", "m", "cases")
            await ai_scores.begin(connection, of, 20, by, "holder", NOON)
    assert (await score(lea, which="stop", run="1")).status_code == 403
    assert (await score(lea, which="stop", run="3")).status_code == 403
    assert (await score(lea, which="stop", run="2")).status_code == 200
    assert (await score(lea)).status_code == 403
    states = await staged.rows(select(runs.c.state).order_by(runs.c.id))
    assert [row.state for row in states] == ["running", "stopping"]
