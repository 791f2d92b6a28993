"""What reports find stands among the dashboard's needs: as it was written down, for whoever may see it, without what was put aside."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import event

from hyperpanel.db import outages
from hyperpanel.db.schema import service_scores, snoozes
from reports.outages import Share, of_shares
from tests.support.staged import NOON, order


def need(page: str, name: str) -> str:
    [line] = re.findall(rf'<li id="need-{name}">.*?</li>', page, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", line)).split())


def score(service: str, panel: int = 1, hours: int = 0, **changes):
    at = NOON - timedelta(hours=hours)
    usual = {"stuck": 12, "slow": 0, "rated": 0, "finished": 0, "score": 40.0, "band": "stalled"}
    return {"panel_id": panel, "service_id": service, "at": at, **usual, **changes}


async def scored(staged, *rows) -> None:
    await staged.keep(*rows, table=service_scores)


def snooze(service: str, **changes):
    usual = {
        "panel_id": 1,
        "id": service,
        "service_id": service,
        "by": "ana",
        "why": "known",
        "at": NOON,
        "wakes": "recovered",
    }
    measure = {"hours": 24.0, "stuck_after": 12.0, "multiplier": 2.0, "min_orders": 5, "stuck": 12}
    return {**usual, **measure, **changes}


async def test_index_counts_critical_and_stalled_services_with_their_oldest(staged, ana):
    await scored(staged, score("1"), score("2", 2, band="critical"), score("3", band="warning"))
    await staged.keep(order("5", status="pending", service_id="1", created_at=NOON - timedelta(days=3)))
    told = need((await ana.get("/")).text, "critical")
    assert told.startswith("Critical 2 services")
    assert "3 d" in told


async def test_what_is_put_aside_is_not_counted(staged, ana):
    await scored(staged, score("1"), score("2"))
    await staged.keep(snooze("1"), table=snoozes)
    assert "1 service " in need((await ana.get("/")).text, "critical")
    await staged.keep(snooze("2"), table=snoozes)
    assert 'id="need-critical"' not in (await ana.get("/")).text


@pytest.mark.parametrize("rows", [[score("1", hours=4)], [score("1", hours=1), score("1", band="healthy", score=90.0)]])
async def test_what_is_old_or_came_right_is_not_told(staged, ana, rows):
    await scored(staged, *rows)
    assert 'id="need-critical"' not in (await ana.get("/")).text


async def test_it_is_of_the_panels_that_somebody_sees(staged):
    await scored(staged, score("1", 2))
    vic, max = await staged.signed_in("vic"), await staged.signed_in("max")
    assert 'id="need-critical"' not in (await vic.get("/")).text
    assert "1 service " in need((await max.get("/")).text, "critical")
    assert 'id="need-critical"' not in (await max.get("/?panel=eu-1")).text


async def test_a_provider_that_is_down_stands_there_for_whoever_may_see_providers(staged, ana):
    async with staged.database.write() as connection:
        shares = (Share(1, services=1, orders=2), Share(2, services=1, orders=3))
        down = of_shares("prov-a", 0.97, NOON - timedelta(hours=2), shares)
        await outages.keep(connection, [down], NOON - timedelta(minutes=1))
    told = need((await ana.get("/")).text, "down")
    assert ("1 provider" in told, "prov-a" in told, "2 h" in told) == (True, True, True)
    assert 'id="need-down"' not in (await (await staged.signed_in("vic")).get("/")).text
    staged.clock.time += timedelta(minutes=15)
    assert 'id="need-down"' not in (await ana.get("/")).text


async def test_many_services_are_no_more_statements(staged, ana):
    seen: list[str] = []
    event.listen(staged.database.reading, "before_cursor_execute", lambda *args: seen.append(args[2]))

    async def statements() -> int:
        seen.clear()
        await ana.get("/")
        return len(seen)

    await scored(staged, score("1"))
    few = await statements()
    await scored(staged, *(score(str(n)) for n in range(100, 400)))
    assert await statements() == few


async def test_scores_are_as_old_as_the_oldest_of_a_panel_s_newest(staged, ana):
    await scored(
        staged, score("1"), score("2", 2, hours=2, band="healthy", score=90.0), score("2", 2, hours=1, band="healthy")
    )
    assert "By the scores of 1 h ago" in need((await ana.get("/")).text, "critical")
