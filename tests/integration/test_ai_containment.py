"""Nothing of what models say, or of what customers say to models, does anything: two hundred hostile answers and five hundred injected messages.

The console is in process, the models are the sandbox's over real HTTP. Who asks may see all three panels, so that nothing but the prompts' own
narrowness keeps them apart.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest

from hyperpanel.ai import themes
from hyperpanel.ai.asks import About, AiTrouble
from hyperpanel.ai.prompts import built_in
from hyperpanel.ai.themes import Subject
from hyperpanel.db import notes
from hyperpanel.db.ai_report_tickets import Given
from hyperpanel.db.schema import messages, orders, tickets, users
from hyperpanel.sandbox.ai_behaviours import Behaviour
from hyperpanel.sandbox.ai_hostile import CATALOGUE
from tests.support import injections
from tests.support.analysed import LINES, Model, model, set_up
from tests.support.contained import WORDS, Shape, canary, digests, name, reaching
from tests.support.conversations import said, ticket
from tests.support.customers import customer
from tests.support.staged import NOON, PANELS, Browser, Stage, order, stage

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOSTILE = [one for one in CATALOGUE if one.number % 3]
"""Of every kind two in three: each costs a call."""

A_TICKET = 10
"""Messages in each."""


@pytest.fixture(scope="module")
def server() -> Iterator[Model]:
    with model() as made:
        yield made


@pytest.fixture
async def staged(database_url: str, server: Model) -> AsyncIterator[Stage]:
    server.bench.forget()
    server.bench.queue.waiting.clear()
    async with stage(database_url) as made:
        await set_up(made, server, *PANELS)
        yield made


async def tell(made: Stage, texts: list[str], first: int = 0) -> list[tuple[str, str, str]]:
    """Tickets of the three panels in turn, each with a customer, an order, and words of its own. Gives the place of each text."""
    places = list[tuple[str, str, str]]()
    rows = {table: list[dict[str, Any]]() for table in (tickets, messages, users, orders)}
    for at in range(0, len(texts), A_TICKET):
        number, panel = first + at // A_TICKET, list(PANELS)[at // A_TICKET % len(PANELS)]
        id, user = str(70_000 + number), f"user{name(number)}"
        rows[tickets].append(ticket(id, panel, user=user, user_id=id, subject=f"subject {name(number)}"))
        rows[users].append(customer(id, panel, username=user))
        rows[orders].append(order(str(800_000 + number), panel, user=user, service_name=f"service {name(number)}"))
        for place, text in enumerate(texts[at : at + A_TICKET], 1):
            body = f"{text} {name(number)} {800_000 + number}"
            sent = said(place, body, id, panel, sender=user, created_at=NOON - timedelta(hours=2))
            rows[messages].append(sent)
            places.append((panel, id, sent["id"]))
    for table, some in rows.items():
        await made.keep(*some, table=table)
    return places


async def asked(browser: Browser, what: str, panel: str, id: str, message: str = "", **more: str) -> dict[str, str]:
    """The last line of the answer."""
    sent = {"panel": panel, "ticket": id, **({"message": message} if message and what != "analyze" else {}), **more}
    answer = await browser.post(f"/tickets/{what}", data=sent, headers={"Accept": LINES})
    assert answer.status_code == 200, (what, answer.text)
    last: dict[str, str] = json.loads(answer.text.splitlines()[-1])
    return last


async def test_hostile_answers_do_nothing_reach_nobody_and_are_text(staged, server):
    assert len(HOSTILE) >= 200
    assert {one.kind for one in HOSTILE} == {one.kind for one in CATALOGUE}
    ana = await staged.signed_in("ana")
    with canary() as (address, came):
        places = await tell(staged, [f"hello, see {address}" for _ in HOSTILE])
        await staged.keep(*(order("906386", panel, user="somebody else") for panel in PANELS))
        whole = await fairly_asked(ana, await tell(staged, [f"hello, see {address}"] * 3 * A_TICKET, first=900))
        before = await digests(staged)
        with reaching() as reached:
            for hostile, place in zip(HOSTILE, places, strict=True):
                server.bench.queue.waiting[:] = [Behaviour("hostile", number=hostile.number, times=None)]
                if what := ASKED.get(hostile.number % 4):
                    is_text(await shape(ana, what, *place), whole)
                else:
                    await looked_for_themes(staged, hostile.number)
            for panel, id in dict.fromkeys((panel, id) for panel, id, _ in places):
                is_text(Shape(await page(ana, panel, id)), whole)
        assert await digests(staged) == before
        assert reached == {("127.0.0.1", int(server.address.split(":")[2].split("/")[0]))}
        assert came == []


async def fairly_asked(browser: Browser, places: list[tuple[str, str, str]]) -> list[Shape]:
    """What pages and answers are built of where nobody means harm, on each panel."""
    made = []
    for place in places[::A_TICKET]:
        made.append(Shape(await page(browser, *place[:2])))
        made += [await shape(browser, what, *place) for what in ASKED.values()]
        made.append(Shape(await page(browser, *place[:2])))
    return made


ASKED = {0: "translate", 1: "intent", 2: "analyze"}


async def page(browser: Browser, panel: str, id: str) -> str:
    return (await browser.get(f"/tickets/{panel}/{id}")).text


async def shape(browser: Browser, what: str, *place: str) -> Shape:
    return Shape((await asked(browser, what, *place)).get("html", ""))


def is_text(one: Shape, fair: list[Shape]) -> None:
    """Of the same elements, attributes and addresses as with a fair answer; a mark is what a number that nobody gave gets."""
    known = [set().union(*(getattr(shape, name) for shape in fair)) for name in ("elements", "attributes", "addresses")]
    assert one.elements <= known[0] | {"mark"}
    assert one.attributes <= known[1] | {"mark class", "mark title", "p hidden"}
    assert one.addresses <= known[2]
    assert not [value for value in one.values if "collector" in value or "alert(" in value or "906386" in value]


@pytest.mark.parametrize(
    "page",
    [
        "<img src=x>",
        "<p onclick=x>",
        '<p title="alert(1)">',
        '<a href="https://a.example">',
        '<p title="order 906386">',
    ],
)
def test_what_is_no_text_would_be_seen(page, database_url):
    with pytest.raises(AssertionError):
        is_text(Shape(page), [Shape('<p title="order 1"><a href="/orders/1">')])


async def looked_for_themes(made: Stage, number: int) -> None:
    about = About("themes", "ana", panel_id=1)
    subject = Subject(about, built_in("themes"), f"Likes {name(number)}", "en", False)
    given = [Given("70000", "late", "ana", "where is it"), Given("70001", "late", "ben", "nothing yet")]
    try:
        found = await themes.look(made.console.ai, subject, given)
    except AiTrouble:
        return
    assert {id for theme in found.themes for id in theme.tickets} <= {"70000", "70001"}


async def test_injected_messages_bring_no_prompt_more_than_its_own_ticket(staged, server):
    with canary() as (address, came):
        places = await tell(staged, list(injections.messages(address)))
        async with staged.database.write() as connection:
            staff_id = (await staged.person("ana")).id
            await notes.add(connection, staff_id, None, "a note that is nobody else's", NOON)
        ana = await staged.signed_in("ana")
        before = await digests(staged)
        with reaching() as reached:
            for at, place in enumerate(places[::5]):
                await asked(ana, ASKED[at % 2], *place)
            for panel, id in dict.fromkeys(place[:2] for place in places):
                await asked(ana, "analyze", panel, id)
        assert await digests(staged) == before
        assert len(reached) == 1
        assert came == []
    secrets = [server.bench.key, ana.cookies[staged.console.cookies.session], "a note that is nobody else's"]
    sent = [one.body["messages"] for one in server.bench.asked]
    told = [re.findall(r"^Customer, \d{4}-", one[-1]["content"], re.MULTILINE) for one in sent]
    assert sum(map(len, told)) == len(places) == 500
    for one in sent:
        holds_its_own_ticket(one, secrets)


def holds_its_own_ticket(sent: list[dict[str, str]], secrets: list[str]) -> None:
    system, question = sent[0]["content"], sent[-1]["content"]
    assert not WORDS.search(system)
    assert len(set(WORDS.findall(question))) == 1
    assert not [secret for secret in secrets if secret in system + question]
    assert not [panel for panel in PANELS if re.search(rf"\b{panel}\b", question)]
    outside = re.sub(r"<<<.*?>>>", "", question, flags=re.DOTALL)
    assert "<<<" not in outside
    assert ">>>" not in outside
    assert len(WORDS.findall(outside)) == len(re.findall(f"service {WORDS.pattern}", outside))
