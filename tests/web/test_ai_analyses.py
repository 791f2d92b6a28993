"""Analyze on a ticket: who may ask of which ticket, what reaches the model, and what is shown of what it said, then and later."""

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from hyperpanel.db.schema import ai_answers, messages, orders, tickets
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.sandbox import ai_hostile
from hyperpanel.sandbox.ai_behaviours import Behaviour
from tests.support.analysed import analyze, model, one_ticket, set_up
from tests.support.conversations import HERE, filled, plain, said
from tests.support.staged import NOON

pytestmark = pytest.mark.loopback
KEY = re.compile(r'name="again" value="(\w+)"')


@pytest.fixture(scope="module")
def server():
    with model() as made:
        yield made


@pytest.fixture
def canned(server):
    server.bench.forget()
    server.bench.queue.waiting.clear()
    return server


@pytest.fixture
async def ready(staged, canned):
    await one_ticket(staged)
    await set_up(staged, canned, "eu-1")
    return canned


def part(page: str) -> str:
    """The analysis as it can be read."""
    found = page.partition('aria-labelledby="ai-analysis-title">')[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


OURS = frozenset({"dl", "dt", "dd", "mark", "details", "summary"})
"""The elements that an analysis adds to the page."""


def skeleton(page) -> set[str]:
    """Which elements a page has, and what leads away from the console."""
    elements = {name.lower() for name in re.findall(r"<([a-zA-Z][\w-]*)", page.text)}
    leads = re.findall(r'(?:href|src|action|hx-\w+)="([^"]*)"', page.text)
    return elements | {place for place in leads if ":" in place or place.startswith("//")}


def key_of(page: str) -> str:
    found = KEY.search(page)
    return found[1] if found else ""


async def shown(browser) -> str:
    return part((await browser.get(HERE)).text)


async def test_a_press_brings_the_fixed_parts_and_keeps_them(ready, ben):
    assert await shown(ben) == "AI analysis Analyze"
    *_, last = await analyze(ben)
    page = await shown(ben)
    for words in ("Summary", "What the customer wants", "Orders concerned", "Next step", "Urgency:", "Data used"):
        assert words in last["html"]
        assert words in page
    assert "Written by AI: check it before you act. canned · 0 s · ben · Built-in prompt" in page
    assert len(ready.asked) == 1


async def test_the_answer_grows_while_it_comes(ready, ben):
    ready.bench.queue.waiting.append(Behaviour("drip", each=0.02))
    lines = await analyze(ben)
    grown = [line["so_far"] for line in lines if "so_far" in line]
    assert grown
    assert grown[0].startswith("[canned")
    assert '"summary"' not in "".join(grown)


async def test_only_this_ticket_and_its_customers_orders_reach_the_model(ready, ben):
    await analyze(ben)
    [asked] = ready.asked
    assert "Order 2274209" in asked
    assert "Number 2274210: not an order of this customer" in asked
    assert "Number 2274211: not an order of this customer" in asked
    assert "secret" not in asked
    assert "another panel" not in asked


async def test_an_order_is_linked_with_its_true_status_only_if_it_is_theirs(ready, ben, staged):
    await analyze(ben)
    await staged.change(orders, {"status": "partial"}, id="2274209")
    page = (await ben.get(HERE)).text.partition('<div class="ai-held">')[2].partition("Next step")[0]
    assert 'href="/orders/eu-1/2274209"' in page
    assert "Partial" in page
    assert "/2274210" not in page
    await staged.change(orders, {"user": "ayşe_2"}, id="2274209")
    page = (await ben.get(HERE)).text.partition('<div class="ai-held">')[2].partition("Next step")[0]
    assert "/2274209" not in page
    assert "not an order of this ticket" in page


async def test_the_same_ticket_is_not_asked_about_twice(ready, ben, ana):
    await analyze(ben)
    assert [list(line) for line in await analyze(ana)] == [["html"]]
    assert len(ready.asked) == 1
    assert "· ben ·" in await shown(ana)


async def test_another_one_is_asked_for_by_whoever_has_seen_this_one(ready, ben, ana, staged):
    first = key_of((await analyze(ben))[-1]["html"])
    staged.clock.time = NOON + timedelta(minutes=5)
    second = key_of((await analyze(ana, again=first))[-1]["html"])
    assert second != first
    assert len(ready.asked) == 2
    assert second in (await analyze(ben, again=first))[-1]["html"]
    assert len(ready.asked) == 2
    assert f'value="{second}"' in (await ben.get(HERE)).text


async def test_a_key_that_no_answer_has_asks_for_nothing_more(ready, ben):
    await analyze(ben)
    await analyze(ben, again="f" * 32)
    assert len(ready.asked) == 1


async def test_time_alone_makes_no_answer_old(ready, ben, staged):
    await analyze(ben)
    staged.clock.time = NOON + timedelta(minutes=20)
    page = await shown(ben)
    assert "· 20 min · ben" in page
    assert "Older than the conversation" not in page
    assert "Analyze again" in page


CHANGES = {
    "a message": (lambda stage: filled(stage, messages=[said(3, "hello?")]), "Older than the conversation"),
    "an edit": (lambda stage: stage.change(messages, {"body": "x"}, id=f"{1:032x}"), "Older than the conversation"),
    "a status": (lambda stage: stage.change(tickets, {"status": "answered"}, id="255"), "Older than the conversation"),
    "an order": (lambda stage: stage.change(orders, {"remains": 7}, id="2274209"), "The orders have changed since"),
}


@pytest.mark.parametrize(("change", "told"), CHANGES.values(), ids=CHANGES)
async def test_an_answer_says_when_it_is_older_than_its_ticket(ready, ben, staged, change, told):
    await analyze(ben)
    await change(staged)
    page = await shown(ben)
    assert told in page
    assert "Analyze again" not in page
    await analyze(ben)
    assert len(ready.asked) == 2
    assert told not in await shown(ben)


async def test_what_was_said_of_the_rows_as_they_are_now_is_shown_rather_than_the_latest(ready, ben, staged):
    await analyze(ben)
    await staged.change(tickets, {"status": "answered"}, id="255")
    staged.clock.time = NOON + timedelta(minutes=9)
    await analyze(ben)
    await staged.change(tickets, {"status": "pending"}, id="255")
    page = await shown(ben)
    assert "· 9 min ·" in page
    assert "Older" not in page


async def test_personal_data_stays_here_where_the_panel_says_so(staged, canned, ben):
    await one_ticket(staged)
    await filled(
        staged, messages=[said(3, "kadir, a@b.example, +90 555 123 45 67, @kad.ir, https://instagram.com/kadir")]
    )
    await set_up(staged, canned, "eu-1", hides=True)
    *_, last = await analyze(ben)
    [asked] = canned.asked
    for word in ("kadir", "a@b.example", "555", "kad.ir", "instagram"):
        assert word not in asked
    told = " ".join(re.sub(r"<[^>]+>", " ", last["html"]).split())
    assert "1 name of the customer 1 e-mail 1 link 1 @name 1 telephone number" in told
    assert "⟦" not in last["html"]


@pytest.mark.parametrize(
    "given", [("us-2", "9900"), ("us-2", "255"), ("dark", "1"), ("nowhere", "255"), ("eu-1", "999")]
)
async def test_a_foreign_ticket_is_as_one_that_is_not_there(ready, ben, given):
    panel, number = given
    answer = await ben.post("/tickets/analyze", data={"panel": panel, "ticket": number})
    missing = await ben.post("/tickets/analyze", data={"panel": "no", "ticket": "no"})
    assert (answer.status_code, missing.status_code) == (404, 404)
    assert ready.asked == []


async def test_whoever_may_only_read_sees_none_of_it(ready, staged):
    vic = await staged.signed_in("vic")
    assert (await vic.post("/tickets/analyze", data={"panel": "eu-1", "ticket": "255"})).status_code == 403
    assert 'class="ai-analysis"' not in (await vic.get(HERE)).text


async def test_a_panel_that_is_off_says_so_and_its_page_works(staged, canned, ben, ana):
    await one_ticket(staged)
    await set_up(staged, canned)
    assert "off" in await shown(ben)
    assert "Analyze" not in (await shown(ben)).replace("AI analysis", "")
    assert "Open Settings → AI" in await shown(ana)
    assert "Open Settings → AI" not in await shown(ben)
    [refused] = await analyze(ben)
    assert "off" in refused["refused"]
    assert canned.asked == []


async def test_without_a_provider_everything_says_so(staged, ben):
    await one_ticket(staged)
    await set_up(staged, None, "eu-1")
    page = plain(await ben.get(HERE))
    assert "AI is not set up" in page
    assert "siparişim 2274209" in page


FAILURES = ("401", "500", "refusal", "prose", "extra_keys", "nested", "length")


@pytest.mark.parametrize("kind", FAILURES)
async def test_a_failure_is_a_sentence_and_the_ticket_is_as_it_was(ready, ben, kind):
    ready.bench.queue.waiting.append(Behaviour(kind, times=None))
    before = await shown(ben)
    *_, last = await analyze(ben)
    assert len(last["refused"]) > 20
    page = await ben.get(HERE)
    assert part(page.text) == before
    assert "siparişim 2274209" in plain(page)
    ready.bench.queue.waiting.clear()
    assert "html" in (await analyze(ben))[-1]


async def test_without_a_script_a_press_ends_at_the_ticket(ready, ben):
    answer = await ben.post("/tickets/analyze", data={"panel": "eu-1", "ticket": "255"})
    assert (answer.status_code, answer.headers["location"]) == (303, HERE)
    assert "Next step" in await shown(ben)


async def test_to_look_at_a_ticket_asks_nobody(ready, ben, staged):
    await ben.get(HERE)
    assert ready.asked == []
    assert await staged.rows(EVERYTHING.select(ai_answers.c.key)) == []


async def test_the_language_is_the_persons(ready, ben, staged):
    await analyze(ben)
    answer = await ben.get(HERE, headers={"Accept-Language": "tr"})
    assert "Answer in English." in ready.asked[0]
    assert answer.status_code == 200


async def test_hostile_answers_stay_text(ready, ben):
    """No element, attribute or address on the page comes from any of them. One in nine here, all of them in tests/integration."""
    plain_page, held = skeleton(await ben.get(HERE)), 0
    for number in range(0, len(ai_hostile.CATALOGUE), 9):
        ready.bench.queue.waiting[:] = [Behaviour("hostile", number=number, times=None)]
        last = (await analyze(ben, again=key_of((await ben.get(HERE)).text)))[-1]
        held += "html" in last
        assert skeleton(await ben.get(HERE)) <= plain_page | OURS, number
    assert held > 5


async def test_more_messages_and_answers_are_no_more_queries(ready, ben, staged):
    await analyze(ben)
    await ben.get(HERE)
    with counted(staged) as few:
        await ben.get(HERE)
    await filled(staged, messages=[said(n, f"and {2_300_000 + n}?") for n in range(10, 60)])
    await analyze(ben)
    with counted(staged) as many:
        await ben.get(HERE)
    assert len(many) == len(few)


@contextmanager
def counted(staged):
    """What readers execute meanwhile."""
    found: list[str] = []

    def note(*args: object) -> None:
        found.append(str(args[2]))

    event.listen(staged.database.reading, "before_cursor_execute", note)
    yield found
    event.remove(staged.database.reading, "before_cursor_execute", note)
