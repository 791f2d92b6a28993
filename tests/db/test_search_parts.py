"""Records are found by a part of their texts, on both databases alike, and by nothing that they no longer have."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, update

from hyperpanel.db import orders, payments, search_exact, search_indexing, search_parts, services, tickets, users
from hyperpanel.db.schema import orders as order_rows
from hyperpanel.db.schema import text_queue, texts, user_renames
from hyperpanel.db.schema import users as user_rows
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.search_texts import SLOTS, first_of, sought
from tests.support.scoping import COMMITTING
from tests.support.staged import NOON, mirrored, order

pytestmark = [pytest.mark.loopback, pytest.mark.usefixtures("only_scoped")]
LISTINGS = {
    "orders": orders.LISTING,
    "users": users.LISTING,
    "payments": payments.LISTING,
    "tickets": tickets.LISTING,
    "services": services.LISTING,
}


async def keep(database, stream: str, *rows) -> None:
    """As a page of records comes: the rows, and a note that they are new."""
    async with database.write() as connection:
        await connection.execute(insert(LISTINGS[stream].table), list(rows))
    await queue(database, stream)


async def queue(database, stream: str, panel_ids=(1, 2)) -> None:
    async with database.write() as connection:
        rows = [{"panel_id": panel, "stream": stream, "rows": 1} for panel in panel_ids]
        await connection.execute(insert(text_queue), rows)
    await index(database)


async def index(database) -> int:
    COMMITTING.add(database.committing)
    steps = 0
    while await database.commit(search_indexing.step):
        steps += 1
    return steps


async def found(database, stream: str, part: str, scope=EVERYTHING, limit: int = 20) -> list[str]:
    asked = sought(part)
    assert asked is not None
    lines = await database.read(lambda c: search_parts.find(c, scope, LISTINGS[stream], asked, limit))
    return [line.id for line in lines.lines]


async def test_any_part_of_a_link_finds_its_order(database):
    await keep(database, "orders", order("1", link="https://www.instagram.com/p/C8abc_x/"), order("2", link=None))
    for part in ("https://www.instagram.com/p/C8abc_x/", "c8ABC", "_x/", "gram.com/p/C8"):
        assert await found(database, "orders", part) == ["1"], part
    assert await found(database, "orders", "c8abd") == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Takipçi İSTANBUL", "istanbul"),
        ("فالوور ایرانی ۵۰۰", "ايراني ٥٠٠"),
        ("Подписчики", "ПИСЧ"),
        ('100% real_users "x"', "% real_"),
        ("say 'hello' AND NOT \"this\"", 'not "th'),
        ("日本のフォロワー", "本のフ"),
        ("a*b(c)^d:e-f", "b(c)^d:e-"),
    ],
)
async def test_letters_of_every_script_and_signs_are_found_folded(database, text, part):
    await keep(database, "services", mirrored("services", "170", name=text), mirrored("services", "171", name="Views"))
    assert await found(database, "services", part) == ["170"]


async def test_the_newest_come_first_whatever_was_read_first(database):
    old = [order(str(n), link="https://x.example/p", created_at=NOON - timedelta(days=n)) for n in range(1, 6)]
    await keep(database, "orders", *old[2:])
    await keep(database, "orders", *old[:2], order("6", "us-2", link="https://x.example/p", created_at=NOON))
    assert await found(database, "orders", "x.example") == ["6", "1", "2", "3", "4", "5"]
    assert await found(database, "orders", "x.example", limit=2) == ["6", "1"]


async def test_only_rows_of_the_scope_are_found(database):
    await keep(
        database, "orders", order("1", link="https://same.example"), order("1", "us-2", link="https://same.example")
    )
    assert await found(database, "orders", "same.example") == ["1", "1"]
    assert await found(database, "orders", "same.example", Scope(frozenset({2}))) == ["1"]
    assert await found(database, "orders", "same.example", Scope(frozenset({3}))) == []
    assert await found(database, "orders", "same.example", Scope(frozenset())) == []


async def test_the_index_is_asked_for_panels_only_where_there_are_others(database, monkeypatch):
    """Of all that there are, the sign of theirs would be in every text."""
    asked, tell = [], search_parts.told_apart

    def noted(connection, scope):
        asked.append(tell(connection, scope).panel_ids)
        return tell(connection, scope)

    monkeypatch.setattr(search_parts, "told_apart", noted)
    await keep(database, "orders", order("1", link="needle"), order("2", "us-2", link="needle"))
    some, every = Scope(frozenset({1})), Scope(frozenset({1, 2, 3}))
    assert await found(database, "orders", "needle", some) == ["1"]
    assert sorted(await found(database, "orders", "needle", every)) == ["1", "2"]
    assert asked == [some.panel_ids, None]


async def test_a_stream_finds_only_its_own(database):
    await keep(database, "tickets", mirrored("tickets", "255", subject="Orders - Refill"))
    await keep(database, "payments", mirrored("payments", "9", memo="refill of march"))
    assert await found(database, "tickets", "refill") == ["255"]
    assert await found(database, "payments", "refill") == ["9"]


async def test_customers_are_found_by_mail_and_by_names_that_they_had(database):
    rename = {"panel_id": 1, "user_id": "7", "number": 4, "was": "old_kadir", "now": "kadir"}
    async with database.write() as connection:
        await connection.execute(insert(user_renames).values(**rename, not_before=NOON, not_after=NOON))
    await keep(database, "users", mirrored("users", "7", username="kadir", email="K@Mail.example"))
    assert [await found(database, "users", part) for part in ("adi", "@mail.ex", "OLD_")] == [["7"]] * 3


async def test_what_was_edited_is_found_as_it_is_now_alone(database):
    await keep(database, "orders", order("1", link="https://before.example"))
    async with database.write() as connection:
        await connection.execute(update(order_rows).values(link="https://after.example"))
    assert await found(database, "orders", "before.example") == []
    await queue(database, "orders")
    assert await found(database, "orders", "after.example") == ["1"]
    assert await found(database, "orders", "before.example") == []


async def test_what_is_gone_is_not_found_and_its_texts_go(database):
    await keep(database, "users", mirrored("users", "7", username="kadir"), mirrored("users", "8", username="kadira"))
    async with database.write() as connection:
        await connection.execute(update(user_rows).where(user_rows.c.id == "7").values(gone_at=NOON))
    assert await found(database, "users", "kadir") == ["8"]
    async with database.write() as connection:
        told = {"panel_id": 1, "stream": "users", "ids": '["7"]', "rows": 1}
        await connection.execute(insert(text_queue).values(told))
    await index(database)
    left = await database.read(lambda c: c.scalars(EVERYTHING.select(texts.c.record_id)).all())
    assert left == ["8"]


async def test_a_text_that_is_taken_out_leaves_nothing_in_the_index(database):
    await keep(database, "orders", order("1", link="https://x.example/p"))
    async with database.write() as connection:
        await connection.execute(delete(texts))
    assert await found(database, "orders", "x.example") == []


async def test_to_index_again_changes_nothing(database):
    await keep(database, "orders", order("1"), order("2"))
    told = EVERYTHING.select(texts.c.record_id, texts.c.number).order_by(texts.c.number)
    before = await database.read(lambda c: c.execute(told).all())
    await queue(database, "orders")
    assert await database.read(lambda c: c.execute(told).all()) == before


async def test_many_of_one_moment_have_numbers_of_their_own(database):
    await keep(database, "orders", *(order(str(n), link=f"https://x.example/{n}", created_at=NOON) for n in range(700)))
    assert await found(database, "orders", "example/699") == ["699"]
    numbers = await database.read(lambda c: c.scalars(EVERYTHING.select(texts.c.number)).all())
    assert len(set(numbers)) == 700


async def test_beyond_a_bound_it_is_told_that_there_is_more(database):
    await keep(database, "orders", *(order(str(n), link="https://x.example/p") for n in range(30)))
    asked = sought("x.example")
    assert asked
    few = await database.read(lambda c: search_parts.find(c, EVERYTHING, orders.LISTING, asked, 20))
    all_of = await database.read(lambda c: search_parts.find(c, EVERYTHING, orders.LISTING, asked, 30))
    assert (len(few.lines), few.is_whole, len(all_of.lines)) == (20, False, 30)


async def test_what_holds_a_part_is_found_behind_many_that_only_look_like_it(database):
    """The others have all its trigrams, and are newer."""
    like = [order(str(n), link="https://x.example/101010-011") for n in range(5000, 5230)]
    await keep(database, "orders", *like, order("1", link="https://x/0101011", created_at=NOON - timedelta(days=300)))
    assert await found(database, "orders", "0101011") == ["1"]


async def told(database, part: str, limit: int) -> tuple[int, bool, bool]:
    asked = sought(part)
    assert asked
    one = await database.read(lambda c: search_parts.find(c, EVERYTHING, orders.LISTING, asked, limit))
    return len(one.lines), one.is_whole, one.is_stopped


async def test_it_is_told_where_not_all_could_be_looked_through(database, monkeypatch):
    await keep(database, "orders", *(order(str(n), link="https://x.example/101010-011") for n in range(230)))
    assert await told(database, "0101011", 5) == (0, True, False)
    monkeypatch.setattr(search_parts, "CANDIDATES", 229)
    assert await told(database, "0101011", 5) == (0, False, True)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_of_what_matches_in_no_order_it_is_told_that_there_may_be_newer(database, monkeypatch):
    rows = [order(str(n), link="https://x.example/0101011", created_at=NOON - timedelta(days=9)) for n in range(20)]
    await keep(database, "orders", *rows, *(order(str(n), link="https://y.example") for n in range(100, 200)))
    assert await told(database, "0101011", 5) == (5, False, False)
    monkeypatch.setattr(search_parts, "MATCHING", 20)
    assert await told(database, "0101011", 5) == (5, False, True)


async def test_a_part_of_what_is_gone_does_not_end_the_search(database):
    """Candidates that are no longer there count among those that were looked at."""
    rows = [order(str(n), link="https://x.example/0101011") for n in range(130)]
    await keep(database, "orders", *rows, order("999", link="https://x/0101011", created_at=NOON - timedelta(days=9)))
    async with database.write() as connection:
        await connection.execute(update(order_rows).where(order_rows.c.id != "999").values(gone_at=NOON))
    assert await found(database, "orders", "0101011") == ["999"]


async def test_a_free_number_is_looked_for_near_each_alone(database, monkeypatch):
    """Records of one batch may lie years apart: what is between them is not read."""
    at = int(NOON.timestamp())
    ranks = [at - 90_000_000, at, at, at + 1, *range(at + 9, at + 209, 5)]
    read: list[tuple[int, int]] = []
    held = search_indexing.held

    def noting(connection, ranges):
        read.extend(ranges)
        return held(connection, ranges)

    monkeypatch.setattr(search_indexing, "held", noting)
    rows = [order(str(n), link="https://x.example/p", created_at=NOON) for n in range(SLOTS + 3)]
    await keep(database, "orders", *rows)
    read.clear()
    numbers = await database.commit(lambda c: search_indexing.free(c, "orders", ranks))
    starts = [first_of("orders", rank) for rank in ranks]
    assert numbers[0] == starts[0]
    assert numbers[1:4] == [starts[1] + SLOTS + place for place in (3, 4, 5)]
    assert numbers[4:] == starts[4:]
    assert sum(high - low + 1 for low, high in read) < 3 * len(ranks) * SLOTS


async def test_where_a_moment_has_too_many_they_count_as_the_newest(database, monkeypatch):
    monkeypatch.setattr(search_indexing, "AHEAD", SLOTS)
    await keep(database, "orders", *(order(str(n), link="https://x.example/p", created_at=NOON) for n in range(SLOTS)))
    late = first_of("orders", int(NOON.timestamp())) + SLOTS
    free = await database.commit(lambda c: search_indexing.free(c, "orders", [int(NOON.timestamp())] * 2))
    assert free == [late, late + 1]


async def test_of_each_number_the_newest_are_found_however_many_the_others_have(database):
    often = [order(str(n), provider_order_id="7", created_at=NOON - timedelta(days=n)) for n in range(100, 120)]
    once = order("8", "us-2", created_at=NOON - timedelta(days=999))
    await keep(database, "orders", *often, once)

    def look(connection, scope, panel_ids):
        return search_exact.by_each(connection, scope, panel_ids, orders.LISTING, ("7", "8", "9"), 2)

    lines = await database.read(lambda c: look(c, EVERYTHING, [1, 2]))
    assert [line.id for line in lines] == ["100", "101", "8"]
    assert [line.id for line in await database.read(lambda c: look(c, Scope(frozenset({2})), [1, 2]))] == ["8"]
    assert await database.read(lambda c: look(c, EVERYTHING, [])) == []
