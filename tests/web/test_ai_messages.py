"""Translate and Intent below each message: who may ask, what goes out, what is shown of the answer, and what is kept of it."""

import json
import re

import pytest

from hyperpanel.db import ai_providers
from hyperpanel.db.ai_providers import PanelUse
from hyperpanel.db.schema import ai_calls, messages, staff
from hyperpanel.sandbox.ai_behaviours import Behaviour
from hyperpanel.sandbox.ai_hostile import CATALOGUE
from tests.support.analysed import LINES, Model, model, one_ticket, set_up
from tests.support.conversations import HERE, edited, filled, plain, said
from tests.support.staged import NOON
from tests.web.test_tickets import queries

pytestmark = pytest.mark.loopback
FIRST, SECOND = f"{1:032x}", f"{2:032x}"
STRANGER = "906386"
TEXT = "[canned translation] siparişim 2274209 nerede? 2274210, 2274211"


@pytest.fixture(scope="module")
def server():
    with model() as made:
        yield made


@pytest.fixture
def canned(server: Model) -> Model:
    server.bench.forget()
    server.bench.queue.waiting.clear()
    return server


@pytest.fixture
async def ready(staged, canned):
    await one_ticket(staged)
    await set_up(staged, canned, "eu-1")
    return canned


async def asked(browser, what: str = "translate", message: str = FIRST, **changes: str):
    given = {"panel": "eu-1", "ticket": "255", "message": message, **changes}
    return await browser.post(f"/tickets/{what}", data=given, headers={"Accept": LINES})


async def lines(browser, what: str = "translate", message: str = FIRST) -> list[dict[str, str]]:
    answer = await asked(browser, what, message)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(LINES)
    return [json.loads(line) for line in answer.text.splitlines() if line]


def behave(server: Model, *some: Behaviour) -> None:
    server.bench.queue.waiting.extend(some)


async def choose(browser, language: str):
    return await browser.post(
        "/tickets/translation-language", data={"panel": "eu-1", "ticket": "255", "language": language}
    )


async def test_a_press_brings_the_translation_and_it_is_kept(ready, ben):
    before = (await ben.get(HERE)).text
    assert before.count(f'data-ai="ai-t-{FIRST}"') == 1
    assert TEXT not in before
    *_, last = await lines(ben)
    assert TEXT in last["html"]
    page = (await ben.get(HERE)).text
    assert TEXT in page
    assert f'data-ai="ai-t-{FIRST}"' not in page
    assert "Translated by canned" in plain(await ben.get(HERE))
    await lines(ben)
    assert len(ready.asked) == 1


async def test_numbers_links_and_names_do_not_go_out(ready, ben):
    await lines(ben)
    [sent] = ready.asked
    assert "siparişim ⟦1⟧ nerede? ⟦2⟧, ⟦3⟧" in sent
    assert "2274209" not in sent
    assert "bakıyoruz" not in sent


async def test_it_grows_while_it_comes(ready, ben):
    behave(ready, Behaviour("drip", each=0.02))
    grown = [line["so_far"] for line in await lines(ben) if "so_far" in line]
    assert grown
    assert all(TEXT.startswith(one) for one in grown)


async def test_what_a_customer_wants_is_told_with_the_orders_that_he_names(ready, ben):
    *_, last = await lines(ben, "intent")
    page = await ben.get(HERE)
    assert "Intent by" in plain(page)
    assert 'href="/orders/eu-1/2274209"' in last["html"]
    assert 'href="/orders/eu-1/2274211"' not in page.text
    assert last["html"].count("<a ") == page.text.partition(f'id="ai-i-{FIRST}"')[2].partition("</li>")[0].count("<a ")


async def test_what_staff_wrote_is_translated_and_wants_nothing(ready, ben):
    page = (await ben.get(HERE)).text
    assert f"ai-t-{SECOND}" in page
    assert f"ai-i-{SECOND}" not in page
    assert "[canned translation] bakıyoruz" in (await lines(ben, message=SECOND))[-1]["html"]
    assert (await asked(ben, "intent", SECOND)).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [{"panel": "us-2"}, {"panel": "zz"}, {"ticket": "900"}, {"ticket": "9"}, {"message": "9"}, {"message": ""}],
)
async def test_what_is_foreign_is_missing(ready, ben, changes):
    for what in ("translate", "intent"):
        answer = await asked(ben, what, **{"message": FIRST, **changes})
        assert answer.status_code == 404
        assert "secret" not in answer.text
    assert ready.asked == []


async def test_a_viewer_is_offered_nothing_and_may_not_ask(staged, ready, ben):
    await lines(ben)
    vic = await staged.signed_in("vic")
    page = (await vic.get(HERE)).text
    assert "ai-t-" not in page
    assert "/tickets/translat" not in page
    assert (await asked(vic)).status_code == 403


async def test_a_panel_that_is_off_offers_nothing_and_shows_what_is_held(staged, ready, ben):
    await lines(ben)
    await set_up(staged, None)
    async with staged.database.write() as connection:
        await ai_providers.switch(connection, [(1, PanelUse(is_on=False))], "ana", NOON)
    page = await ben.get(HERE)
    assert TEXT in page.text
    assert "data-ai=" not in page.text
    assert "AI is off for eu-1" in plain(page)
    *_, last = await lines(ben, message=SECOND)
    assert "AI is off" in last["refused"]
    assert len(ready.asked) == 1


async def test_without_a_provider_the_rest_of_the_page_works(staged, ben):
    await one_ticket(staged)
    page = await ben.get(HERE)
    assert page.status_code == 200
    assert "siparişim" in page.text
    assert "data-ai=" not in page.text


async def test_the_language_is_ones_own_and_changes_at_once(staged, ready, ben):
    await lines(ben)
    answer = await choose(ben, "fa")
    assert (answer.status_code, answer.headers["location"]) == (303, HERE)
    page = (await ben.get(HERE)).text
    assert TEXT not in page
    assert '<option value="fa" lang="fa" selected="">فارسی</option>' in re.sub(r"\s+", " ", page)
    await lines(ben)
    assert "into Persian" in ready.asked[-1]
    await choose(ben, "en")
    assert TEXT in (await ben.get(HERE)).text
    ana = await staged.signed_in("ana")
    assert TEXT in (await ana.get(HERE)).text
    assert len(ready.asked) == 2
    [row] = await staged.rows(staff.select().where(staff.c.username == "ben"))
    assert row.translates_to == "en"


@pytest.mark.parametrize("language", ["xx", "", "en'--"])
async def test_no_other_language_is_chosen(ready, ben, language):
    assert (await choose(ben, language)).status_code == 422


async def test_an_edited_message_has_no_stale_translation(staged, ready, ben):
    await lines(ben)
    await staged.change(messages, {"body": "vazgeçtim"}, id=FIRST)
    await filled(staged, versions=[edited(1, "siparişim 2274209 nerede? 2274210, 2274211")])
    page = (await ben.get(HERE)).text
    assert TEXT not in page
    assert f'data-ai="ai-t-{FIRST}"' in page


async def test_the_same_words_elsewhere_on_the_panel_are_not_asked_for_again(staged, ready, ben):
    await filled(staged, messages=[said(3, "<p>siparişim 2274209 nerede? 2274210, 2274211</p>")])
    await lines(ben)
    assert (await ben.get(HERE)).text.count(TEXT) == 2


async def test_a_message_without_words_is_never_sent(staged, ready, ben):
    await filled(staged, messages=[said(3, "https://x.com/a 906386")])
    assert f"ai-t-{3:032x}" not in (await ben.get(HERE)).text
    *_, last = await lines(ben, message=f"{3:032x}")
    assert "Nothing to translate" in last["html"]
    assert ready.asked == []


async def test_an_answer_that_altered_a_number_is_refused_and_may_be_asked_again(ready, ben):
    number, harm = next((one.number, one.text) for one in CATALOGUE if "906386" in one.text)
    behave(ready, Behaviour("hostile", number=number))
    *_, last = await lines(ben)
    assert "did not come back as they were" in last["refused"]
    assert harm not in (await ben.get(HERE)).text
    assert TEXT in (await lines(ben))[-1]["html"]


async def test_a_used_up_budget_is_a_sentence_and_the_page_is_unharmed(staged, canned, ben):
    await one_ticket(staged)
    await set_up(staged, canned, "eu-1", day_tokens=1)
    *_, last = await lines(ben)
    assert "Today’s AI budget is used up." in last["refused"]
    page = await ben.get(HERE)
    assert page.status_code == 200
    assert "siparişim" in page.text
    assert canned.asked == []


async def test_without_a_script_one_comes_back_to_the_ticket(staged, ready, ben):
    given = {"panel": "eu-1", "ticket": "255", "message": FIRST}
    answer = await ben.post("/tickets/translate", data=given)
    assert (answer.status_code, answer.headers["location"]) == (303, HERE)
    assert TEXT in (await ben.get(HERE)).text
    behave(ready, Behaviour("401"))
    answer = await ben.post("/tickets/intent", data=given)
    assert answer.headers["location"] == f"{HERE}?ai=key_refused"
    assert "refuses the key" in plain(await ben.get(answer.headers["location"]))


async def test_a_question_is_in_the_ledger_under_who_asked(staged, ready, ben):
    await lines(ben)
    [row] = await staged.rows(ai_calls.select())
    assert (row.by, row.purpose, row.panel_id, row.ticket_id, row.state) == ("ben", "translate", 1, "255", "done")


async def test_more_messages_are_no_more_queries(staged, ready, ben):
    await lines(ben)
    few = await queries(staged, ben, HERE)
    await filled(staged, messages=[said(n, f"mesaj {n} lütfen") for n in range(3, 60)])
    for n in range(3, 8):
        await lines(ben, message=f"{n:032x}")
    assert await queries(staged, ben, HERE) <= few


async def test_all_of_a_page_are_offered_at_one_press_as_long_as_there_are_any(staged, ready, ben):
    await filled(staged, messages=[said(n, f"mesaj {n} lütfen") for n in range(3, 60)])
    assert "Translate 30 messages" in plain(await ben.get(HERE))
    await staged.change(messages, {"body": "906386"}, is_staff=False)
    assert 'data-every="' not in (await ben.get(HERE)).text


HARM = re.compile(
    r"<(?:script|img|iframe|svg(?! class=.icon)|object|embed|style|link|meta|base)\b|<a (?!class=.mention)|<[^>]*\son\w+=",
    re.I,
)


async def test_what_a_model_says_is_text_or_is_refused(staged, ready, ben):
    some = CATALOGUE[::15]
    await filled(staged, messages=[said(100 + one.number, f"merhaba {one.kind} {one.number}") for one in some])
    shown = 0
    for one in some:
        for what in ("translate", "intent"):
            behave(ready, Behaviour("hostile", number=one.number))
            *_, last = await lines(ben, what, f"{100 + one.number:032x}")
            assert not HARM.search(last.get("html", "")), (one, last)
            shown += "html" in last
    assert shown > len(some) / 2
    page = (await ben.get(HERE)).text
    assert not HARM.search(page.partition('class="thread"')[2].partition("</aside>")[0])
    assert f"/orders/eu-1/{STRANGER}" not in page
    assert len(ready.asked) <= 3 * len(some)
