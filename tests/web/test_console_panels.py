"""Settings → Panels → Add panels of a hyperpanel: the console is asked, its panels are ticked, and each becomes one here."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from hyperpanel.db.audit import Act
from hyperpanel.db.schema import panels
from hyperpanel.support import api_keys
from hyperpanel.support.api_key_fields import Wanted
from tests.support.staged import NOON
from tests.support.stand_in_console import KEY, StandIn, line, standing_in

pytestmark = pytest.mark.loopback

PLACE = "/settings/panels/console"
FOUND = {"HX-Request": "true", "HX-Target": "found"}


def typed(url, **more):
    return {"name": "far", "url": url, "admin_key": KEY, "private": "yes", **more}


async def added(staged):
    rows = await staged.rows(
        select(panels).where(panels.c.kind == "hyperpanel").order_by(panels.c.name).execution_options(scoped=True)
    )
    return [(row.name, row.url, row.currency, row.time_zone, row.rate) for row in rows]


async def test_new_asks_for_the_console_and_its_key(ana):
    page = (await ana.get(PLACE)).text
    assert 'name="url"' in page
    assert 'name="admin_key"' in page
    assert PLACE in (await ana.get("/settings/panels/new")).text


async def test_its_panels_are_shown_with_their_names_here_and_the_key_is_in_no_page(ana):
    with standing_in(StandIn()) as url:
        answer = await ana.post(f"{PLACE}/look", data=typed(url), headers=FOUND)
    assert answer.text.strip().startswith("<section")
    assert all(word in answer.text for word in ("far-eu-1", "far-us-2", "2.5 calls a second"))
    assert KEY not in answer.text


async def test_those_that_are_ticked_become_panels_with_rates_that_add_up_to_the_keys(staged, ana):
    with standing_in(StandIn(per_minute=180)) as url:
        answer = await ana.post(PLACE, data=typed(url, only=["eu-1", "us-2"], group="Far"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings/panels")
    zone = ("EUR", "Europe/Berlin", 1.5)
    assert await added(staged) == [("far-eu-1", f"{url}/p/eu-1", *zone), ("far-us-2", f"{url}/p/us-2", *zone)]


async def test_one_panel_gets_the_name_that_was_typed(staged, ana):
    with standing_in(StandIn(lines=[line("eu 1")])) as url:
        await ana.post(PLACE, data=typed(url, only=["eu 1"]))
    assert [row[:2] for row in await added(staged)] == [("far", f"{url}/p/eu%201")]


async def test_what_is_here_already_is_said_and_not_added_again(staged, ana):
    with standing_in(StandIn()) as url:
        await ana.post(PLACE, data=typed(url, only=["eu-1"]))
        looked = await ana.post(f"{PLACE}/look", data=typed(url), headers=FOUND)
        again = await ana.post(PLACE, data=typed(url, only=["eu-1"]))
    assert looked.text.count("Here already") == 1
    assert (again.status_code, len(await added(staged))) == (422, 1)


async def test_a_key_that_allows_too_little_is_told_and_nothing_is_added(staged, ana):
    with standing_in(StandIn(per_minute=6)) as url:
        answer = await ana.post(PLACE, data=typed(url, only=["eu-1", "us-2"]))
    assert answer.status_code == 422
    assert "The key allows 6 calls a minute" in answer.text
    assert await added(staged) == []


@pytest.mark.parametrize(
    ("console", "key", "said"),
    [
        (StandIn(is_console=False), KEY, "is no hyperpanel"),
        (StandIn(), "another", "refuses the key"),
        (StandIn(scopes=["orders:read"]), KEY, "panels:read"),
    ],
)
async def test_what_keeps_it_from_telling_is_said(ana, console, key, said):
    with standing_in(console) as url:
        answer = await ana.post(f"{PLACE}/look", data=typed(url, admin_key=key), headers=FOUND)
    assert answer.status_code == 422
    assert said in answer.text


async def test_what_is_no_console_is_never_shown_the_key(ana):
    console = StandIn(is_console=False)
    with standing_in(console) as url:
        await ana.post(f"{PLACE}/look", data=typed(url))
    assert console.keyed == []


async def test_a_key_of_this_very_console_is_refused(staged, ana):
    act = partial(Act, "ana", details={})
    wanted = Wanted("own", frozenset({"panels:read"}), None, (), 60, timedelta(days=1))
    async with staged.database.write() as transaction:
        secret = await api_keys.make(transaction, api_keys.Hand(lambda *told, **_: act(*told[:3])), wanted, NOON)
    answer = await ana.post(f"{PLACE}/look", data=typed("http://127.0.0.1:1", admin_key=secret.text), headers=FOUND)
    assert (answer.status_code, "it would read itself" in answer.text) == (422, True)


async def test_what_cannot_be_right_is_told_without_asking_anybody(ana):
    answer = await ana.post(f"{PLACE}/look", data=typed("panel.example", admin_key=""), headers=FOUND)
    assert answer.status_code == 422
    assert "Write it as https://panel.example" in answer.text
