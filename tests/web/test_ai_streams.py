"""An answer comes line by line, ends in one way or another, and goes on when nobody listens."""

import asyncio
import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hyperpanel.ai.asks import AiTrouble
from hyperpanel.errors import Missing
from hyperpanel.web import ai_streams
from hyperpanel.web.addresses import Address, address
from hyperpanel.web.ai_streams import LASTS, Coming, line, lines, run, visible
from hyperpanel.web.visits import Visit
from tests.support.staged import NOON


@pytest.fixture
async def visit(staged):
    english = staged.console.languages["en"]
    return Visit(staged.console, NOON, Address("/"), "", "", "", False, None, english, ZoneInfo("UTC"))


async def told(visit, coming: Coming) -> list[dict[str, str]]:
    return [json.loads(one) async for one in lines(visit, coming) if one.strip()]


async def ended(visit, problem: Exception) -> dict[str, str]:
    async def work(_):
        raise problem

    coming = Coming()
    await run(visit, work, coming)
    return dict(coming.end or {})


async def test_it_grows_and_ends(visit):
    async def work(hear):
        for text in ("a", "ab"):
            hear(text)
            await asyncio.sleep(0)
        return "<p>abc</p>"

    coming = Coming()
    await asyncio.gather(run(visit, work, coming), asyncio.sleep(0))
    assert await told(visit, coming) == [{"html": "<p>abc</p>"}]


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (AiTrouble("declined"), "would not answer"),
        (Missing("ticket"), "no longer there"),
        (ValueError("the customer's words"), "wrong on our side"),
    ],
)
async def test_whatever_goes_wrong_is_a_sentence(visit, problem, words):
    end = await ended(visit, problem)
    assert list(end) == ["refused"]
    assert words in end["refused"]


async def test_a_page_is_not_kept_waiting_for_ever_nor_when_the_process_ends(visit, staged):
    coming = Coming()
    coming.hear("so far")
    answer = lines(visit, coming)
    assert json.loads(await anext(answer)) == {"so_far": "so far"}
    await staged.clock.sleep(LASTS)
    assert "goes on without this page" in json.loads(await anext(answer))["refused"]
    visit.console.hub.close()
    assert "being restarted" in (await told(visit, Coming()))[0]["refused"]


async def test_what_is_broken_off_with_the_process_says_so_and_not_that_it_is_a_bug(visit):
    coming = Coming()
    task = asyncio.ensure_future(run(visit, lambda _: asyncio.sleep(60, ""), coming))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert coming.trouble == "closing"
    assert "being restarted" in (await told(visit, coming))[0]["refused"]


@pytest.mark.parametrize(("trouble", "words"), [("still", "goes on without this page"), ("closing", "being restarted")])
async def test_a_page_without_a_script_is_told_why_it_waits_no_longer(visit, staged, monkeypatch, trouble, words):
    monkeypatch.setattr(ai_streams, "LASTS", 0 if trouble == "still" else LASTS)
    if trouble == "closing":
        visit.console.hub.close()
    request: Any = SimpleNamespace(headers={})
    answer = await ai_streams.streamed(request, visit, lambda _: asyncio.sleep(60, ""), "/tickets/eu-1/255")
    onward = answer.headers["Location"]
    assert onward == f"/tickets/eu-1/255?ai={trouble}"
    assert words in ai_streams.refused(replace(visit, url=address(onward)))


def test_no_line_breaks_another_and_no_half_sign_breaks_one():
    one = line({"so_far": "a\nb\ud800\u2028</script>"})
    assert one.count(b"\n") == 1
    assert json.loads(one)["so_far"] == "a\nb?\u2028</script>"


def test_what_cannot_be_seen_is_marked_and_lines_stay():
    assert visible("a\r\nb\t\u202ec\u200b\x00") == "a\nb\t⟨U+202E⟩c⟨U+200B⟩⟨U+0000⟩"
    assert ai_streams.LINES == "application/x-ndjson"
