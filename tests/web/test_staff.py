"""Settings → Staff: who is there, who may change whom, and that a change is felt at once."""

import re

import pytest
from sqlalchemy import insert, select

from hyperpanel.db import invites, staff, staff_names
from hyperpanel.db.schema import audit, panels, seen_names
from hyperpanel.db.schema import staff as people
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.support.roles import ROLES
from tests.support import databases
from tests.support.staged import NOON, PASSWORD, PASSWORD_HASH, stage, tokenless

HERE = "/settings/staff"
LINK = re.compile(r"http://127\.0\.0\.1:8000(/invites/[\w-]{43})<")
IDS = {"ana": 1, "max": 2, "ben": 3, "vic": 4, "nia": 5, "cy": 6}


async def invited(caller, name="zoe", **more):
    return await caller.post(f"{HERE}/new", data={"username": name, "role": "support", "panels": "all"} | more)


async def link_of(caller, name="zoe", **more) -> str:
    found = LINK.search((await invited(caller, name, **more)).text)
    assert found is not None
    return found[1]


async def lea(staged):
    """An administrator of eu-1 alone."""
    async with staged.database.write() as connection:
        await staff.add(connection, "lea", PASSWORD_HASH, "admin", [1], NOON)
    return await staged.signed_in("lea")


async def acts(staged, *names: str):
    rows = await staged.rows(
        select(audit.c.action, audit.c.actor, audit.c.target, audit.c.details).order_by(audit.c.id)
    )
    return [tuple(row) for row in rows if row.action in names]


async def test_index_tells_who_may_what_and_how_they_stand(staged, ana):
    page = (await ana.get(HERE)).text
    assert [name for name in IDS if f'href="{HERE}/{IDS[name]}"' in page] == list(IDS)
    assert page.count("All panels") >= 3
    assert "Disabled" in page


async def test_new_offers_roles_panels_and_groups(staged, ana):
    await staged.change(panels, {"group_name": "Europe"}, name="eu-1")
    page = (await ana.get(f"{HERE}/new")).text
    assert 'value="group:Europe"' in page
    assert 'value="us-2"' in page
    assert 'value="manager"' in page


async def test_edit_tells_what_may_be_done_with_somebody(staged, ana):
    page = (await ana.get(f"{HERE}/3")).text
    assert f'action="{HERE}/3/link"' in page
    assert f'action="{HERE}/3/disable"' in page
    assert f'action="{HERE}/6/enable"' in (await ana.get(f"{HERE}/6")).text


async def test_edit_offers_nothing_for_oneself(ana):
    page = (await ana.get(f"{HERE}/1")).text
    assert "Somebody else has to change" in page
    assert f'action="{HERE}/1"' not in page
    assert "/disable" not in page


async def test_roles_names_every_permission_of_every_role(ana):
    page = (await ana.get(f"{HERE}/roles")).text
    assert "Invite, change and disable staff" in page
    assert page.count(">Yes<") == sum(len(allowed) for allowed in ROLES.values())


async def test_a_link_is_in_one_answer_and_nowhere_else(staged, ana):
    link = await link_of(ana)
    assert link not in (await ana.get(f"{HERE}/7")).text
    [(_, _, _, details)] = await acts(staged, "staff-invite")
    assert link.rpartition("/")[2] not in details
    assert "Invited" in (await ana.get(HERE)).text


async def test_the_link_is_of_the_public_address_where_there_is_one(run_folder, tmp_path):
    web = {"public_url": "https://console.example/"}
    async with stage(databases.sqlite_copy(run_folder, tmp_path, True), web=web) as made:
        answer = await invited(await made.signed_in("ana"))
    assert ">https://console.example/invites/" in answer.text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"username": ".zoe"}, "A name has 1 to 64"),
        ({"username": "BEN "}, "There is somebody of this name already"),
        ({"role": "owner"}, "Choose a role."),
        ({"panels": "some"}, "Choose at least one panel."),
        ({"panels": "some", "panel": "eu-9"}, "There is no panel"),
    ],
)
async def test_what_cannot_be_is_said_beside_its_field(staged, ana, more, said):
    answer = await invited(ana, **more)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert await staged.rows(select(people.c.id).where(people.c.id > 6)) == []


async def test_a_group_stands_for_its_panels(staged, ana):
    await staged.change(panels, {"group_name": "Europe"}, name="eu-1")
    await invited(ana, panels="some", panel=["group:Europe", "us-2"])
    assert (await staged.person("zoe")).panel_ids == {1, 2}


@pytest.mark.parametrize("field", ["panel_ids", "state", "password", "password_hash", "id"])
async def test_a_field_that_no_page_sends_is_refused(staged, ana, field):
    assert (await invited(ana, **{field: "1"})).status_code == 400
    answer = await ana.post(f"{HERE}/3", data={"role": "admin", "panels": "all", field: "1"})
    assert answer.status_code == 400
    assert (await staged.person("ben")).role == "support"


async def test_other_rights_end_the_sessions_at_once(staged, ana, ben):
    answer = await ana.post(f"{HERE}/3", data={"role": "manager", "panels": "some", "panel": ["us-2"]})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}/3?done=changed")
    assert (await ben.get("/orders")).status_code == 303
    person = await staged.person("ben")
    assert (person.role, person.panel_ids) == ("manager", {2})
    [(_, by, whom, details)] = await acts(staged, "staff-edit")
    assert (by, whom) == ("ana", "ben")
    assert '"before":{"panels":["eu-1"],"role":"support"}' in details


async def test_disabling_ends_the_sessions_and_says_why(staged, ana, ben):
    assert (await ana.post(f"{HERE}/3/disable", data={"why": " left   us "})).status_code == 303
    assert (await ben.get("/orders")).status_code == 303
    assert (await ana.post(f"{HERE}/3/enable", data={})).status_code == 303
    assert (await staged.browser().sign_in("ben")).status_code == 303
    assert await acts(staged, "staff-disable") == [("staff-disable", "ana", "ben", '{"why":"left us"}')]


async def test_a_new_password_is_never_chosen_for_somebody(staged, ana, ben):
    answer = await ana.post(f"{HERE}/3/link", data={})
    assert LINK.search(answer.text)
    assert (await ben.get("/orders")).status_code == 303
    assert (await staged.browser().sign_in("ben", PASSWORD)).status_code == 422
    assert "New password awaited" in (await ana.get(HERE)).text


async def test_a_link_that_ran_out_is_told(staged, ana):
    await link_of(ana)
    staged.clock.time += invites.LASTS
    caller = await staged.signed_in("ana")
    assert "Link expired" in (await caller.get(HERE)).text


async def test_the_last_who_can_manage_staff_stays(staged, ana):
    async with staged.database.write() as connection:
        await staff.add(connection, "zoe", staff.NO_PASSWORD, "admin", None, NOON)
    caller = await staged.signed_in("zoe")
    answer = await caller.post(f"{HERE}/1/disable", data={})
    assert (answer.status_code, "the last who can manage staff" in answer.text) == (409, True)
    assert (await ana.get("/orders")).status_code == 200


async def test_who_sees_some_panels_reaches_nobody_who_sees_others(staged):
    limited = await lea(staged)
    page = (await limited.get(HERE)).text
    assert f'href="{HERE}/3"' in page
    assert f'href="{HERE}/2"' not in page
    for way in ("", "/link", "/disable", "/enable", "/name"):
        foreign, missing = [await limited.post(f"{HERE}/{number}{way}", data={}) for number in (2, 9)]
        assert (foreign.status_code, missing.status_code) == (404, 404)
    assert (await limited.get(f"{HERE}/2")).status_code == 404


async def test_who_sees_some_panels_learns_of_no_other(staged):
    await staged.change(people, {"all_panels": True}, username="vic")
    async with staged.database.write() as connection:
        await staff.add(connection, "zoe", PASSWORD_HASH, "support", [1, 2], NOON)
        await connection.execute(insert(seen_names).values(panel_id=2, name="somebody", last_at=NOON))
    limited = await lea(staged)
    for path in (HERE, f"{HERE}/new", f"{HERE}/3"):
        assert "us-2" not in (await limited.get(path)).text
    foreign, missing = [await invited(limited, panels="some", panel=name) for name in ("us-2", "no-2")]
    assert (foreign.status_code, tokenless(foreign.text).replace("us-2", "no-2")) == (422, tokenless(missing.text))


async def test_who_sees_some_panels_cannot_hand_out_all(staged):
    answer = await invited(await lea(staged), panels="all")
    assert (answer.status_code, "Choose at least one panel." in answer.text) == (422, True)


async def test_a_name_that_no_panel_knows_is_marked_and_taken_with_one_press(staged, ana):
    async with staged.database.write() as connection:
        rows = [{"panel_id": 1, "name": name, "last_at": NOON} for name in ("ana_support", "vic", "\u202eevil")]
        await connection.execute(insert(seen_names), rows)
    assert "not seen in eu-1" in (await ana.get(HERE)).text
    page = (await ana.get(f"{HERE}/3")).text
    assert 'value="ana_support"' in page
    assert "\u202e" not in page
    answer = await ana.post(f"{HERE}/3/name", data={"panel": "eu-1", "name": "", "take": "ana_support"})
    assert answer.status_code == 303
    assert "not seen there" not in (await ana.get(f"{HERE}/3")).text
    assert await staged.database.read(lambda c: staff_names.given(c, EVERYTHING)) == {(1, 3): "ana_support"}


async def test_a_name_that_cannot_be_is_refused(staged, ana):
    answer = await ana.post(f"{HERE}/3/name", data={"panel": "eu-1", "name": "ben\u202e"})
    assert answer.status_code == 422
    foreign, missing = [
        await ana.post(f"{HERE}/3/name", data={"panel": name, "name": "x"}) for name in ("us-2", "no-2")
    ]
    assert (foreign.status_code, missing.status_code) == (404, 404)


async def test_a_panel_of_whose_replies_nothing_is_known_marks_nobody(ana):
    assert "not seen" not in (await ana.get(HERE)).text


@pytest.mark.parametrize("password", ["", " ", PASSWORD])
async def test_whoever_was_invited_looks_like_nobody_at_the_door(staged, ana, password):
    await link_of(ana)
    answer, same = [await staged.browser().sign_in(name, password) for name in ("zoe", "nobody")]
    assert (answer.status_code, same.status_code) == (422, 422)
    assert answer.headers.keys() == same.headers.keys()
