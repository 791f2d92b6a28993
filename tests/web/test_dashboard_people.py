"""What people bring stands among the dashboard's needs: reported services, and failed sign-ins once they are too many to be typing mistakes."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from hyperpanel.db import audit
from hyperpanel.db.audit import Act
from tests.support.staged import NOON
from tests.web.test_dashboard_urgent import need
from tests.web.test_reported import put, report, resolved


async def fail(staged, name: str, times: int = 1, hours: int = 1, **details) -> None:
    async with staged.database.write() as connection:
        for _ in range(times):
            act = Act(name, "sign-in failed", name, details=details)
            await audit.write(connection, act, NOON - timedelta(hours=hours))


async def test_open_reports_stand_there_with_the_oldest(staged, ana):
    await put(staged, report("a", hours=2), report("b", hours=5), resolved("c", hours=9))
    page = (await ana.get("/")).text
    assert need(page, "reported").startswith("Reported 2 open reports oldest 5 h")
    assert 'href="/reported-services"' in page


async def test_they_are_of_the_panels_that_somebody_looks_at(staged, ana):
    await put(staged, report(service="171", panel_id=2))
    vic = await staged.signed_in("vic")
    assert 'id="need-reported"' not in (await vic.get("/")).text
    assert 'id="need-reported"' not in (await ana.get("/?panel=eu-1")).text
    assert 'href="/reported-services?panel=us-2"' in (await ana.get("/?panel=us-2")).text


async def test_what_is_resolved_needs_nobody(staged, ana):
    await put(staged, resolved())
    assert 'id="need-reported"' not in (await ana.get("/")).text


@pytest.mark.parametrize(("tries", "is_told"), [({"ben": 4, "max": 4}, False), ({"ben": 5}, True)])
async def test_failed_sign_ins_are_told_once_one_name_has_five(staged, ana, tries, is_told):
    for name, times in tries.items():
        await fail(staged, name, times)
    assert ('id="need-sign-ins"' in (await ana.get("/")).text) == is_told


async def test_failed_sign_ins_of_many_names_are_told_together(staged, ana):
    for n in range(19):
        await fail(staged, "", mark=f"m{n}")
    assert 'id="need-sign-ins"' not in (await ana.get("/")).text
    await fail(staged, "ben", hours=3)
    page = (await ana.get("/")).text
    assert need(page, "sign-ins").startswith("Sign-ins 20 failed oldest 3 h Of 20 names, within 24 hours.")
    assert 'href="/settings/activity?action=sign-in+failed&amp;from=2026-02-28T12%3A00%3A00Z"' in page
    log = await ana.get("/settings/activity?action=sign-in+failed&from=2026-02-28T12%3A00%3A00Z")
    assert (log.status_code, log.text.count('<tr id="')) == (200, 20)


async def test_failed_sign_ins_of_yesterday_or_for_others_are_not_told(staged, ana):
    await fail(staged, "ben", 30, hours=25)
    assert 'id="need-sign-ins"' not in (await ana.get("/")).text
    await fail(staged, "ben", 5)
    max = await staged.signed_in("max")
    assert 'id="need-sign-ins"' not in (await max.get("/")).text


async def test_many_reports_and_many_failures_are_no_more_statements(staged, ana):
    seen: list[str] = []
    event.listen(staged.database.reading, "before_cursor_execute", lambda *args: seen.append(args[2]))

    async def statements() -> int:
        seen.clear()
        await ana.get("/")
        return len(seen)

    await put(staged, report("a"))
    await fail(staged, "ben", 5)
    few = await statements()
    await put(staged, *(report(str(n), str(n)) for n in range(200)))
    await fail(staged, "max", 30)
    assert await statements() == few
