"""Who may change whom, asked in the transaction that acts: on both systems, since two may act at once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from hyperpanel.db import invites, panels, staff, staff_names
from hyperpanel.db.audit import Act
from hyperpanel.db.schema import audit
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.errors import BadInput, Conflict, Missing, Refused
from hyperpanel.support import people_acts
from hyperpanel.support.people_acts import Hand, LastOne
from tests.support.staged import NOON, PASSWORD_HASH

pytestmark = pytest.mark.usefixtures("only_scoped")
ANA, MAX, BEN, VIC, NIA, CY = range(1, 7)


def hand(database, name: str | None) -> Hand:
    def act(action: str, target: str = "", panel_id: int | None = None, **details: object) -> Act:
        return Act(name or "command line", action, target, panel_id, details)

    return Hand(act, database.read_now(lambda connection: staff.named(connection, name)) if name else None)


def person(database, staff_id: int):
    return database.read_now(lambda connection: staff.by_id(connection, staff_id))


async def added(database, name: str, role: str = "admin", panel_ids: list[int] | None = None) -> int:
    async with database.write() as connection:
        return await staff.add(connection, name, PASSWORD_HASH, role, panel_ids, NOON)


async def done(database, by: Hand, what, *given):
    async with database.write() as connection:
        return await what(connection, by, *given, NOON)


def told(database):
    rows = database.read_now(lambda connection: connection.execute(select(audit).order_by(audit.c.id)).all())
    return [(row.actor, row.action, row.target, row.details) for row in rows]


async def test_two_who_disable_each_other_at_once_do_not_both(database):
    zoe = await added(database, "zoe")
    pairs = [(hand(database, "ana"), zoe), (hand(database, "zoe"), ANA)]
    ways = [done(database, by, people_acts.disable, other, "") for by, other in pairs]
    ended = await asyncio.gather(*ways, return_exceptions=True)
    assert [type(one) for one in ended if isinstance(one, Exception)] == [Refused]
    assert sum(person(database, one).disabled_at is None for one in (ANA, zoe)) == 1


async def test_of_two_invitations_of_one_name_at_once_one_wins(database):
    by = hand(database, "ana")
    ways = [done(database, by, people_acts.invite, name, "support", None) for name in ("zoe", "ZOE ")]
    ended = await asyncio.gather(*ways, return_exceptions=True)
    assert [type(one) for one in ended if isinstance(one, Exception)] == [Conflict]
    assert sum(one.username.strip().casefold() == "zoe" for one in database.read_now(staff.all_of)) == 1
    assert len(database.read_now(invites.latest)) == 1


@pytest.mark.parametrize(
    "change", [lambda: (people_acts.disable, ANA, ""), lambda: (people_acts.change, ANA, "manager", None)]
)
async def test_the_last_who_can_manage_staff_stays(database, change):
    await added(database, "lea", panel_ids=[1])
    what, *given = change()
    with pytest.raises(LastOne):
        await done(database, hand(database, None), what, *given)
    assert person(database, ANA).role == "admin"
    await added(database, "zoe")
    await done(database, hand(database, None), what, *given)


async def test_the_last_who_sees_all_panels_is_not_limited_to_some(database):
    with pytest.raises(LastOne):
        await done(database, hand(database, None), people_acts.change, ANA, "admin", [1, 2])


async def test_nobody_changes_themselves(database):
    await added(database, "zoe")
    by = hand(database, "ana")
    for what, given in ((people_acts.disable, [""]), (people_acts.change, ["viewer", None]), (people_acts.link, [])):
        with pytest.raises(BadInput):
            await done(database, by, what, ANA, *given)
    assert told(database) == []


async def test_who_sees_some_panels_touches_nobody_who_sees_others(database):
    await added(database, "lea", panel_ids=[1])
    lea = hand(database, "lea")
    for other in (ANA, MAX, await added(database, "zoe", "viewer", [1, 2]), 99):
        with pytest.raises(Missing):
            await done(database, lea, people_acts.disable, other, "")
    await done(database, lea, people_acts.disable, BEN, "")
    assert person(database, BEN).disabled_at


@pytest.mark.parametrize("panel_ids", [None, [2], [1, 2]])
async def test_who_sees_some_panels_hands_out_those_alone(database, panel_ids):
    await added(database, "lea", panel_ids=[1])
    lea = hand(database, "lea")
    with pytest.raises(Refused):
        await done(database, lea, people_acts.invite, "zoe", "support", panel_ids)
    with pytest.raises(Refused):
        await done(database, lea, people_acts.change, BEN, "support", panel_ids)
    assert told(database) == []


async def test_whoever_may_no_longer_is_refused_within_the_transaction(database):
    staff_id = await added(database, "zoe")
    zoe = hand(database, "zoe")
    await done(database, hand(database, "ana"), people_acts.change, staff_id, "manager", None)
    with pytest.raises(Refused):
        await done(database, zoe, people_acts.disable, BEN, "")
    assert person(database, BEN).disabled_at is None


async def test_other_rights_are_in_the_audit_before_and_after(database):
    await done(database, hand(database, "ana"), people_acts.change, BEN, "manager", [1, 2])
    ben = person(database, BEN)
    assert (ben.role, ben.panel_ids) == ("manager", frozenset({1, 2}))
    details = '{"after":{"panels":["eu-1","us-2"],"role":"manager"},"before":{"panels":["eu-1"],"role":"support"}}'
    assert told(database) == [("ana", "staff-edit", "ben", details)]


async def test_what_is_as_it_was_changes_nothing(database):
    await done(database, hand(database, "ana"), people_acts.change, BEN, "support", [1])
    await done(database, hand(database, "ana"), people_acts.enable, BEN, "")
    await done(database, hand(database, "ana"), people_acts.disable, CY, "")
    assert told(database) == []


async def test_a_new_link_makes_the_old_password_worthless(database):
    token = await done(database, hand(database, "ana"), people_acts.link, BEN)
    assert BEN not in database.read_now(staff.with_password)
    assert database.read_now(lambda c: invites.find(c, token, NOON)).purpose == invites.RESET
    assert told(database) == [("ana", "staff-link", "ben", '{"purpose":"reset"}')]


@pytest.mark.parametrize("later", [timedelta(0), invites.LASTS, 2 * invites.KEPT], ids=str)
async def test_another_link_after_a_reset_is_for_a_reset_too(database, later):
    for now in (NOON, NOON + later):
        async with database.write() as connection:
            token = await people_acts.link(connection, hand(database, "ana"), BEN, now)
    assert database.read_now(lambda c: invites.find(c, token, now)).purpose == invites.RESET


async def test_another_link_for_who_never_came_is_an_invitation(database):
    zoe, _ = await done(database, hand(database, "ana"), people_acts.invite, "zoe", "support", None)
    token = await done(database, hand(database, "ana"), people_acts.link, zoe)
    assert database.read_now(lambda c: invites.find(c, token, NOON)).purpose == invites.JOIN


async def test_whoever_is_disabled_gets_no_link(database):
    with pytest.raises(BadInput):
        await done(database, hand(database, "ana"), people_acts.link, CY)


async def test_a_name_in_a_panel_is_told_with_what_it_was(database):
    [eu, us] = database.read_now(lambda c: panels.named(c, EVERYTHING, ["eu-1", "us-2"]))
    by = hand(database, "ana")
    await done(database, by, people_acts.name_in, BEN, eu, "ben_support")
    await done(database, by, people_acts.name_in, BEN, eu, "ben_support")
    await done(database, by, people_acts.name_in, BEN, eu, "ben")
    with pytest.raises(Missing):
        await done(database, by, people_acts.name_in, BEN, us, "ben_support")
    assert [details for *_, details in told(database)] == [
        '{"after":"ben_support","before":"ben"}',
        '{"after":"ben","before":"ben_support"}',
    ]
    assert database.read_now(lambda c: staff_names.given(c, Scope(frozenset({1})))) == {}
