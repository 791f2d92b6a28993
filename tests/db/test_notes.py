"""Personal notes as they are kept: found by their author alone, by indexes, and gone for good a while after they were deleted."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from hyperpanel.db import notes, panels, removals
from hyperpanel.db.notes import About, Place
from hyperpanel.db.schema import users
from hyperpanel.db.scope import EVERYTHING, Scope
from tests.support import planting
from tests.support.staged import NOON, mirrored

ANA, BEN = 1, 3
ROW = About(1, "orders", "1000")


async def write(database, *bodies, whose=ANA, row=None, after=timedelta()):
    async with database.write() as connection:
        return [
            await notes.add(connection, whose, row, body, NOON + after + timedelta(seconds=number))
            for number, body in enumerate(bodies)
        ]


async def found(database, work, *given):
    return await database.read(lambda connection: work(connection, *given))


async def bodies(database, noun="", words="", after=None, whose=ANA):
    return [one.body for one in await found(database, notes.some, whose, noun, words, after)]


async def test_everybody_finds_their_own(database):
    [first] = await write(database, "of ana", row=ROW)
    await write(database, "of ben", whose=BEN, row=ROW)
    assert await bodies(database) == ["of ana"]
    assert [one.body for one in await found(database, notes.about, BEN, ROW)] == ["of ben"]
    assert await found(database, notes.one, BEN, first) is None


async def test_words_are_found_however_they_are_written(database):
    await write(database, "İADE ۱۲۳", "iade 124", "100% sure_", "a\\b")
    assert await bodies(database, words="iade 123") == ["İADE ۱۲۳"]
    assert await bodies(database, words="%") == ["100% sure_"]
    assert await bodies(database, words="_") == ["100% sure_"]
    assert await bodies(database, words="\\") == ["a\\b"]


async def test_a_place_divides_notes_of_one_moment(database):
    """Each once, also where several were changed at the same time."""
    ids = [(await write(database, str(number)))[0] for number in range(4)]
    assert await bodies(database, after=Place(NOON, ids[2])) == ["1", "0"]
    assert await bodies(database, after=Place(NOON + timedelta(seconds=1), 1)) == ["3", "2", "1", "0"]


async def test_nobody_changes_deletes_or_restores_anothers(database):
    [mine] = await write(database, "of ana")
    async with database.write() as connection:
        assert not await notes.change(connection, BEN, mine, "of ben", NOON, NOON)
        assert not await notes.remove(connection, BEN, mine, NOON)
        assert await notes.remove(connection, ANA, mine, NOON)
        assert not await notes.restore(connection, BEN, mine)
    assert (await found(database, notes.one, ANA, mine)).body == "of ana"


async def test_a_change_moves_the_version_on_even_within_one_moment(database):
    [mine] = await write(database, "first")
    async with database.write() as connection:
        assert await notes.change(connection, ANA, mine, "second", NOON, NOON)
        assert not await notes.change(connection, ANA, mine, "third", NOON, NOON)
    assert await bodies(database) == ["second"]


async def test_what_was_deleted_is_forgotten_when_it_can_no_longer_be_brought_back(database):
    [early, late, _] = await write(database, "early", "late", "kept")
    async with database.write() as connection:
        await notes.remove(connection, ANA, early, NOON)
        await notes.remove(connection, ANA, late, NOON + timedelta(minutes=30))
        assert await notes.forget(connection, NOON + notes.KEPT + timedelta(minutes=1)) == 1
        assert not await notes.restore(connection, ANA, early)
        assert await notes.restore(connection, ANA, late)


async def test_a_note_outlives_its_panel(database):
    [panel_id] = await planting.add_panels(database, 1)
    await write(database, "about a row there", row=About(panel_id, "orders", "1"))
    known = {panel.id: panel for panel in await found(database, panels.all_of, EVERYTHING)}
    async with database.write() as connection:
        await removals.mark(connection, known[panel_id], "ana", NOON)
    assert await removals.remove(database, panel_id, NOON)
    [left] = await found(database, notes.some, ANA, "", "", None)
    assert (left.body, left.panel_id, left.about) == ("about a row there", None, None)


@pytest.mark.usefixtures("only_scoped")
async def test_rows_are_named_within_the_scope_alone(database):
    async with database.write() as connection:
        rows = [mirrored("users", "7", panel, username=f"of {panel}") for panel in ("eu-1", "us-2")]
        await connection.execute(users.insert(), rows)
    asked = [About(1, "users", "7"), About(2, "users", "7"), About(1, "users", "8"), About(1, "orders", "7")]
    assert await found(database, notes.called, EVERYTHING, asked) == {asked[0]: "of eu-1", asked[1]: "of us-2"}
    assert await found(database, notes.called, Scope(frozenset({1})), asked) == {asked[0]: "of eu-1"}
    assert await found(database, notes.called, Scope(frozenset()), asked) == {}


@pytest.mark.parametrize(
    ("index", "statement"),
    [
        (
            "ix_notes_about",
            "SELECT id FROM notes WHERE staff_id = 1 AND panel_id = 1 AND noun = 'orders' AND record_id = '1'",
        ),
        (
            "ix_notes_staff_id_updated_at_id",
            "SELECT id FROM notes WHERE staff_id = 1 AND deleted_at IS NULL ORDER BY updated_at DESC, id DESC LIMIT 101",
        ),
    ],
)
async def test_neither_the_list_nor_the_notes_of_a_row_read_the_table(database, index, statement):
    if not database.is_sqlite:
        return
    plan = await found(database, lambda connection: connection.execute(text(f"EXPLAIN QUERY PLAN {statement}")).all())
    assert index in str(plan)
    assert "TEMP B-TREE" not in str(plan)
