"""Conversations that the report lacks: asked for by a click, shown as they come, and told when they are there."""

import asyncio
from datetime import timedelta

import pytest

from hyperpanel.support.thread_fetching import Progress
from sync.verdicts import Trouble
from tests.support.conversations import filled, plain, ticket
from tests.support.staged import NOON

HERE, POST = "/tracking/tickets/fetching", "/tracking/tickets/fetch"
SERVICES = "/tracking/tickets/services"


@pytest.fixture
async def lacking(staged):
    """Three tickets without messages: two of eu-1, one of us-2. No panel answers here: they have no messages feed."""
    some = [
        ticket(id, panel, created_at=NOON - timedelta(hours=1))
        for id, panel in (("1", "eu-1"), ("2", "eu-1"), ("3", "us-2"))
    ]
    await filled(staged, tickets=some)
    return staged


def under_way(staged, person: str = "ben", **changes) -> Progress:
    number = {"ana": 1, "ben": 3}[person]
    progress = Progress({1: ["1", "2"]}, NOON, **changes)
    staged.console.fetches.of[number] = progress
    return progress


async def test_index_shows_how_far_it_has_come(lacking, ben):
    under_way(lacking, done={1: 1})
    answer = await ben.part(HERE, "reading")
    assert "Reading conversations: 1 of 2" in answer.text
    assert 'hx-trigger="every 1s"' in answer.text
    assert "hx-refresh" not in answer.headers
    page = await ben.get(HERE)
    assert "Reading conversations: 1 of 2" in plain(page)


async def test_index_loads_the_report_again_when_it_is_over(lacking, ben):
    under_way(lacking, done={1: 2}, set_aside={1: 1}, ended_at=NOON)
    answer = await ben.part(HERE, "reading")
    assert answer.headers["hx-refresh"] == "true"
    text = plain(await ben.get(SERVICES))
    assert "1 conversation was read. 1 could not be read and was set aside." in text
    assert "Read 2 conversations now" in text


async def test_what_it_came_to_is_not_told_for_ever(lacking, ben):
    under_way(lacking, done={1: 2}, ended_at=NOON - timedelta(minutes=3))
    assert "conversations were read" not in plain(await ben.get(SERVICES))


async def test_what_stopped_a_panel_is_said_of_panels_that_are_seen(lacking, ben):
    under_way(lacking, ended_at=NOON, troubles={1: Trouble("auth"), 2: Trouble("timeout", seconds=5)})
    text = plain(await ben.get(SERVICES))
    assert "eu-1 refuses the key." in text
    assert "us-2" not in text


async def test_anothers_request_is_not_shown(lacking, ana, ben):
    under_way(lacking, "ana", done={1: 1})
    assert "Reading conversations" not in plain(await ben.get(SERVICES))
    assert "Reading conversations: 1 of 2" in plain(await ana.get(SERVICES))


async def test_a_click_asks_for_what_this_person_sees_and_the_address_says(lacking, ana, ben):
    answer = await ben.post(f"{POST}?hours=24")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{SERVICES}?hours=24")
    fetches = lacking.console.fetches
    person = await lacking.person("ben")
    assert fetches.of[person.id].wanted == {1: ["1", "2"]}
    await ana.post(f"{POST}?panel=us-2")
    assert fetches.of[(await lacking.person("ana")).id].wanted == {2: ["3"]}
    assert (await ben.post(f"{POST}?panel=us-2")).status_code == 404


async def test_a_second_click_looks_at_the_first_one(lacking, ben):
    first = under_way(lacking, done={1: 1})
    answer = await ben.post(POST, headers={"HX-Request": "true", "HX-Target": "reading"})
    assert "Reading conversations: 1 of 2" in answer.text
    assert lacking.console.fetches.of[(await lacking.person("ben")).id] is first


async def test_clicks_at_once_make_one_request(lacking, ben, monkeypatch):
    fetches, begun = lacking.console.fetches, []
    real = fetches.begin

    def begin(*given):
        begun.append(given)
        return real(*given)

    monkeypatch.setattr(fetches, "begin", begin)
    await asyncio.gather(*(ben.post(POST) for _ in range(3)))
    assert len(begun) == 1


async def test_a_viewer_asks_a_panel_for_nothing(lacking):
    viewer = await lacking.signed_in("vic")
    page = await viewer.get(SERVICES)
    assert (page.status_code, "conversations now" in page.text) == (200, False)
    assert (await viewer.post(POST)).status_code == 403
