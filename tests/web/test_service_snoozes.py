"""Snoozing a service: for everyone, with who, why and until; from the row, the drawer and the red bar; and undone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hyperpanel.db.schema import audit, service_speeds, snoozes
from tests.support.staged import HOST, NOON, order

HERE = "/tracking/services"
ONE = f"{HERE}/eu-1/170"


def asked(target: str, page: str = HERE) -> dict[str, str]:
    """What htmx says of the element that an answer is for, and of the page that it stands on."""
    return {"HX-Request": "true", "HX-Target": target, "HX-Current-URL": f"http://{HOST}{page}", "host": HOST}


def stuck(service: str, panel: str = "eu-1", many: int = 14):
    said = {"service_id": service, "service_name": "Likes", "status": "pending", "quantity": 100, "remains": 100}
    return [order(f"{service}-{n}", panel, **said, created_at=NOON - timedelta(hours=30)) for n in range(many)]


@pytest.fixture(autouse=True)
async def two(staged):
    await staged.keep(*stuck("170"), *stuck("171"), *stuck("172", "us-2"))


async def kept(staged):
    return await staged.rows(select(snoozes).order_by(snoozes.c.service_id).execution_options(scoped=True))


async def test_a_row_is_snoozed_for_a_day(staged, ben):
    page = (await ben.post(f"{ONE}/snooze", headers=asked("rows"))).text
    [found] = await kept(staged)
    assert (found.by, found.until, found.wakes, found.stuck) == ("ben", NOON + timedelta(hours=24), "time", 14)
    assert "Snoozed: Likes" in page
    assert 'id="wake-s-eu-1-170"' in page
    assert "1 stalled" in page


async def test_a_form_says_what_ends_it_and_why(staged, ana):
    data = {"wakes": "worse", "hours": "", "why": "The provider knows."}
    page = (await ana.post(f"{ONE}/snooze", data=data, headers=asked("drawer", f"{HERE}?hours=48"))).text
    [found] = await kept(staged)
    assert (found.wakes, found.until, found.why, found.hours) == ("worse", None, "The provider knows.", 48)
    assert "until it gets worse" in page
    assert "The provider knows." in page


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"wakes": "time", "hours": ""}, "Say until when."),
        ({"wakes": "never", "hours": "24"}, "Choose what ends the snooze."),
        ({"wakes": "time", "hours": "9999"}, "Choose a time within the next 90 days."),
    ],
)
async def test_what_can_never_end_is_refused_beside_the_form(staged, ana, data, said):
    answer = await ana.post(f"{ONE}/snooze", data=data, headers=asked("drawer"))
    assert (answer.status_code, said in answer.text) == (422, True)
    assert await kept(staged) == []


async def test_all_that_is_urgent_is_snoozed_at_once_and_undone(staged, ana):
    page = (await ana.post(f"{HERE}/snooze", headers=asked("rows"))).text
    assert "3 services are snoozed for 24 hours." in page
    assert [row.service_id for row in await kept(staged)] == ["170", "171", "172"]
    assert "red-bar" not in page
    undo = page.split('hx-post="' + HERE + "/wake?of=")[1].split('"')[0]
    page = (await ana.post(f"{HERE}/wake?of={undo}", headers=asked("rows"))).text
    assert "3 services are back." in page
    assert {row.ended_why for row in await kept(staged)} == {"undone"}


async def test_all_means_the_panels_that_a_person_may_see(staged, ben):
    await ben.post(f"{HERE}/snooze", headers=asked("rows"))
    assert {row.panel_id for row in await kept(staged)} == {1}


async def test_a_person_undoes_only_what_they_did(staged, ana, ben):
    await ana.post(f"{ONE}/snooze", headers=asked("rows"))
    [found] = await kept(staged)
    await ben.post(f"{HERE}/wake?of={int(found.at.timestamp() * 1_000_000)}", headers=asked("rows"))
    assert (await kept(staged))[0].ended_at is None


async def test_anybody_who_may_snooze_ends_one(staged, ana, ben):
    await ana.post(f"{ONE}/snooze", headers=asked("rows"))
    page = (await ben.post(f"{ONE}/wake", headers=asked("drawer"))).text
    assert "It is not snoozed any more." in page
    assert "ended by ben" in page


async def test_each_is_in_the_audit(staged, ana):
    await ana.post(f"{ONE}/snooze", headers=asked("rows"))
    await ana.post(f"{ONE}/wake", headers=asked("rows"))
    told = await staged.rows(select(audit.c.actor, audit.c.action, audit.c.target))
    assert told == [("ana", "snooze", "eu-1/170"), ("ana", "snooze-end", "eu-1/170")]


async def test_a_viewer_is_offered_no_snooze(staged):
    vic = await staged.signed_in("vic")
    page = (await vic.get(HERE)).text + (await vic.get(ONE)).text
    assert "/snooze" not in page


async def test_an_administrator_sets_a_speed_and_gives_it_back(staged, ana):
    page = (await ana.post(f"{ONE}/speed", data={"per_day": "5 000"}, headers=asked("drawer"))).text
    [found] = await staged.rows(select(service_speeds).execution_options(scoped=True))
    assert (found.per_day, found.by, found.name) == (5000, "ana", "Likes")
    assert "ana set 5,000 a day 0 s ago." in page
    await ana.post(f"{ONE}/speed", data={"per_day": ""}, headers=asked("drawer"))
    assert await staged.rows(select(service_speeds).execution_options(scoped=True)) == []
    told = await staged.rows(select(audit.c.action))
    assert [row.action for row in told] == ["speed-set", "speed-clear"]


async def test_nought_says_that_it_promises_no_speed(staged, ana):
    page = (await ana.post(f"{ONE}/speed", data={"per_day": "0"}, headers=asked("drawer"))).text
    [found] = await staged.rows(select(service_speeds).execution_options(scoped=True))
    assert found.per_day is None
    assert "set 0 s ago that it promises no speed" in page


async def test_a_speed_that_is_no_number_is_refused(ana):
    answer = await ana.post(f"{ONE}/speed", data={"per_day": "fast"}, headers=asked("drawer"))
    assert answer.status_code == 422
    assert "Write how many it delivers a day, such as 5000." in answer.text


async def test_a_manager_may_not_set_one(staged):
    boss = await staged.signed_in("max")
    assert (await boss.post(f"{ONE}/speed", data={"per_day": "1"})).status_code == 403
    assert "/speed" not in (await boss.get(ONE)).text
