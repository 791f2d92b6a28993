"""Snoozing a service: for everyone, with who, why and until; from the row, the drawer and the red bar; and undone."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import select

from hyperpanel.db.schema import audit, orders, panels, service_speeds, snoozes
from hyperpanel.errors import BadInput
from hyperpanel.web.service_speeds import judged
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
    told = await staged.rows(select(audit.c.action).order_by(audit.c.id))
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


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", None),
        ("5000", 5000),
        ("5,000", 5000),
        ("5.000", 5000),
        ("1\u202f250\u202f000", 1_250_000),
        ("۵٬۰۰۰", 5000),
    ],
)
def test_a_speed_is_read_with_or_without_signs_between_thousands(typed, kept):
    assert judged(typed) == kept


@pytest.mark.parametrize("typed", ["0.5", "1.5", "2,50", "0.125", "5000,000", "1,500.000", "50 00", "10,0000"])
def test_a_part_of_one_is_refused_and_not_read_as_more(typed):
    with pytest.raises(BadInput, match="whole number"):
        judged(typed)


async def test_a_manager_may_not_set_one(staged):
    boss = await staged.signed_in("max")
    assert (await boss.post(f"{ONE}/speed", data={"per_day": "1"})).status_code == 403
    assert "/speed" not in (await boss.get(ONE)).text


async def test_a_snooze_whose_time_has_passed_is_over_without_a_worker(staged, ana):
    await ana.post(f"{ONE}/snooze", headers=asked("rows"))
    staged.clock.time = NOON + timedelta(hours=25)
    ana = await staged.signed_in("ana")
    assert "3 stalled" in (await ana.get(HERE)).text
    page = (await ana.get(ONE)).text
    assert "its time had passed" in page
    assert "End the snooze" not in page


async def test_without_scripts_a_refusal_is_a_page(ana):
    answer = await ana.post(f"{ONE}/snooze", data={"wakes": "time", "hours": "9999"})
    assert answer.status_code == 422
    assert "<html" in answer.text
    assert "Choose a time within the next 90 days." in answer.text


async def test_a_name_that_turns_the_line_round_is_marked_in_what_is_said(staged, ana):
    await staged.change(orders, {"service_name": "Likes\u202egnp"}, service_id="170")
    page = (await ana.post(f"{ONE}/snooze", headers=asked("rows"))).text
    assert "Snoozed: Likes⟨U+202E⟩gnp" in page
    assert "\u202e" not in page


@pytest.mark.parametrize("id", ["a/b", "..", "~1", "a%2Fb?"])
async def test_a_service_of_any_id_opens_and_is_snoozed(staged, ana, id):
    await staged.change(orders, {"service_id": id}, service_id="170")
    page = (await ana.get(f"{HERE}?q={quote(id)}")).text
    place = page.split('class="open"')[1].split('href="')[1].split('"')[0]
    assert (await ana.get(place)).status_code == 200
    assert (await ana.post(f"{place.split('?')[0]}/snooze", headers=asked("rows"))).status_code == 200
    assert [row.service_id for row in await kept(staged)] == [id]


async def test_a_viewer_is_not_offered_to_end_one(staged, ana):
    await ana.post(f"{ONE}/snooze", headers=asked("rows"))
    vic = await staged.signed_in("vic")
    assert 'id="wake-s-eu-1-170"' not in (await vic.get(HERE)).text


async def test_a_past_moment_has_the_snoozes_and_the_ages_of_then(staged, ana):
    await staged.change(panels, {"created_at": NOON - timedelta(days=40)})
    await ana.post(f"{ONE}/snooze", headers=asked("rows"))
    staged.clock.time = NOON + timedelta(hours=30)
    ana = await staged.signed_in("ana")
    now, then = [(await ana.get(f"{HERE}?at=2026-03-01+{time}")).text for time in ("12:00", "11:30")]
    assert "2 stalled" in now
    assert "for 24 h more" in " ".join(now.split())
    assert "3 stalled" in then
    assert ">29 h</span>" in then
    shown = (await ana.get(f"{ONE}?at=2026-03-01+11:30")).text
    assert "14, the oldest for 29 h" in shown
    assert "ana</bdi>" not in shown.split('id="snooze"')[1]
