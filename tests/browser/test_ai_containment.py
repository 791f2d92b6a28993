"""Twenty hostile answers on one page in a real browser: no request leaves for anywhere, nothing runs, and all of it is text."""

from datetime import UTC, datetime

import pytest
from playwright.async_api import expect

from hyperpanel.sandbox.ai_behaviours import Behaviour
from hyperpanel.sandbox.ai_hostile import CATALOGUE
from tests.support.analysed import model, set_up
from tests.support.contained import canary
from tests.support.conversations import filled, said, ticket

KINDS = ("script", "event handler", "svg", "frame", "head", "form", "htmx", "markdown image", "link", "style")
HOSTILE = [next(one for one in CATALOGUE[at::2] if one.kind == kind) for at in (0, 1) for kind in KINDS]
NUMBER = "9258"
ASK_ALL = """() => { for (const form of document.querySelectorAll('form[action="/tickets/intent"]')) form.requestSubmit(); }"""
ELEMENTS = "() => [...document.querySelectorAll('.ai-gist .ai-text *')].map(one => one.tagName)"


@pytest.fixture(scope="module")
def canned():
    with model() as made:
        yield made


async def test_no_request_leaves_and_nothing_of_it_is_an_element(site, ana, canned):
    await set_up(site, canned, "eu-1")
    with canary() as (address, came):
        now = datetime.now(UTC)
        sent = [said(at, f"please see {address}", NUMBER, created_at=now) for at in range(1, len(HOSTILE) + 1)]
        sent = [{**one, "body": f"{one['body']} {one['id']}"} for one in sent]
        await filled(site, tickets=[ticket(NUMBER)], messages=sent)
        canned.bench.queue.waiting[:] = [Behaviour("hostile", number=one.number) for one in HOSTILE]
        asked = set[str]()
        ana.on("request", lambda request: asked.add(request.url.split("/")[2]))
        await ana.goto(f"{site.url}/tickets/eu-1/{NUMBER}")
        await ana.evaluate(ASK_ALL)
        await expect(ana.locator(".ai-gist")).to_have_count(len(HOSTILE))
        assert canned.bench.queue.waiting == []
        await ana.reload()
        await expect(ana.locator(".ai-gist")).to_have_count(len(HOSTILE))
        assert set(await ana.evaluate(ELEMENTS)) <= {"BDI", "MARK", "SPAN"}
        assert "<img src=x onerror=alert" in " ".join(await ana.locator(".ai-gist").all_inner_texts())
        assert {f"http://{host}" for host in asked} == {site.url}
        assert came == []
