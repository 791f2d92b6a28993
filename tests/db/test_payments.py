"""Pages of payments on both systems: every row once, in order, no currency among another's; who paid; and how old one is."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from hyperpanel.db import list_pages, payments, statuses
from hyperpanel.db.lists import ANY, Count
from hyperpanel.db.payments import LISTING
from hyperpanel.db.schema import payments as table
from hyperpanel.db.schema import plans, user_renames, users
from hyperpanel.db.scope import EVERYTHING, Scope
from tests.support.staged import NOON, PANELS, mirrored
from tests.support.turning import ALL, turned

pytestmark = pytest.mark.usefixtures("only_scoped")
FILTERS = {
    "none": (ANY, lambda row: True),
    "status": ({"status": ("hold", "fail")}, lambda row: row.status in ("hold", "fail")),
    "user": ({"user": ("kadir",)}, lambda row: row.user == "kadir"),
    "method": ({"method": ("PAPARA",)}, lambda row: row.method == " Papara"),
    "memo": ({"memo": ("dekont ۷",)}, lambda row: "Dekont 7" in (row.memo or "")),
    "mode": ({"mode": ("manual",)}, lambda row: row.mode == "manual"),
    "numbers": ({"number": ("7", "299", "no")}, lambda row: row.id in ("7", "299")),
    "span": (
        {"created_from": (NOON - timedelta(hours=90),)},
        lambda row: row.created_at and row.created_at >= NOON - timedelta(hours=90),
    ),
}


@pytest.fixture
async def filled(database):
    """Three hundred payments: equal dates and amounts, none of either, and three currencies."""
    chance = random.Random(8)
    rows = []
    for number in range(300):
        at = chance.choice([None, NOON, NOON - timedelta(hours=number)])
        amount, currency = chance.choice(
            [(None, None), (500_000_000, "USD"), (number * 10**8, "EUR"), (number * 10**4, "IRT")]
        )
        changes: dict[str, Any] = {
            "status": chance.choice(["completed", "fail", "hold"]),
            "user": chance.choice(["kadir", "ayşe", None]),
        }
        changes |= {"method": chance.choice([" Papara", "PayPal"]), "memo": f"Dekont {number % 20}"}
        changes |= {"mode": chance.choice(["auto", "manual", None]), "amount": amount, "amount_currency": currency}
        rows.append(mirrored("payments", str(number), chance.choice(list(PANELS)), created_at=at, **changes))
    async with database.write() as connection:
        await connection.execute(insert(table), rows)
    return database


def place_of(row) -> tuple[int, str]:
    return row.panel_id, row.id


@pytest.mark.parametrize("falling", [True, False], ids=["falling", "rising"])
@pytest.mark.parametrize("sort", LISTING.sorts)
async def test_every_payment_stands_on_exactly_one_page_whatever_is_asked(filled, sort, falling):
    everything = turned(filled, LISTING, ANY, sort, falling, limit=1000)
    assert len(everything) == 300
    for asked, is_wanted in FILTERS.values():
        rows = turned(filled, LISTING, asked, sort, falling, limit=40)
        assert [place_of(row) for row in rows] == [place_of(row) for row in everything if is_wanted(row)]


async def test_amounts_stand_by_currency_first(filled):
    found = [(row.amount_currency, row.amount) for row in turned(filled, LISTING, sort="amount")]
    known = [pair for pair in found if pair[0]]
    assert known == sorted(known, reverse=True)
    assert found[len(known) :] == [(None, None)] * (300 - len(known))


async def test_a_count_is_true_as_far_as_it_goes(filled):
    everything = turned(filled, LISTING, limit=1000)
    for asked, is_wanted in FILTERS.values():
        found = filled.read_now(lambda c, asked=asked: list_pages.count(c, EVERYTHING, ALL, LISTING, asked, "created"))
        assert found == Count(sum(bool(is_wanted(row)) for row in everything), True)


async def test_every_status_there_is_is_found(filled):
    assert filled.read_now(lambda c: statuses.present(c, EVERYTHING, ALL, table)) == ["completed", "fail", "hold"]
    assert filled.read_now(lambda c: statuses.present(c, Scope(frozenset()), ALL, table)) == []


async def test_a_payment_of_a_foreign_panel_is_not_there(filled):
    [row, *_] = turned(filled, LISTING, {"number": ("7",)})
    for scope, found in ((EVERYTHING, True), (Scope(frozenset({99})), False)):
        assert (filled.read_now(lambda c, s=scope: payments.one(c, s, *place_of(row))) is not None) is found


async def keep(database, table, *rows):
    async with database.write() as connection:
        await connection.execute(insert(table), list(rows))


def paid(database, id="1", panel_id=1):
    found = database.read_now(lambda c: payments.one(c, EVERYTHING, panel_id, id))
    assert found is not None
    return found


async def test_the_customer_is_found_by_a_name_of_now_and_of_then(database):
    await keep(
        database, users, mirrored("users", "7", username="kadir"), mirrored("users", "8", "us-2", username="kadir")
    )
    await keep(
        database,
        user_renames,
        {
            "panel_id": 1,
            "user_id": "7",
            "number": 1,
            "was": "kado",
            "now": "kadir",
            "not_before": NOON,
            "not_after": NOON,
        },
    )
    await keep(
        database,
        table,
        mirrored("payments", "1", user="kadir"),
        mirrored("payments", "2", user="kado", created_at=NOON - timedelta(hours=1)),
        mirrored("payments", "3", user="nobody"),
        mirrored("payments", "4", user="nobody", user_id="9"),
    )
    found = {id: database.read_now(lambda c, id=id: payments.payer(c, EVERYTHING, paid(database, id))) for id in "1234"}
    assert found == {"1": "7", "2": "7", "3": None, "4": "9"}
    names = {(1, "kadir"), (2, "kadir"), (1, "nobody")}
    assert database.read_now(lambda c: payments.payers(c, Scope(frozenset({1})), names)) == {(1, "kadir"): "7"}


@pytest.mark.parametrize(
    ("status", "first_seen", "expected"),
    [
        ("hold", timedelta(days=-1), timedelta(minutes=-2)),
        ("completed", timedelta(days=-1), timedelta(hours=-5)),
        ("hold", timedelta(minutes=-1), timedelta(hours=-5)),
    ],
)
async def test_a_payment_is_as_old_as_the_last_proof_of_it(database, status, first_seen, expected):
    seen = {"first_seen_at": NOON + first_seen, "seen_at": NOON - timedelta(hours=5)}
    await keep(database, table, mirrored("payments", "1", status=status) | seen)
    refreshed = {
        "panel_id": 1,
        "stream": "payments",
        "plan": "refresh",
        "due_at": NOON,
        "as_of": NOON - timedelta(minutes=2),
    }
    await keep(database, plans, refreshed)
    assert database.read_now(lambda c: payments.as_of(c, EVERYTHING, paid(database))) == NOON + expected


async def test_what_is_gone_is_not_listed(database):
    await keep(database, table, mirrored("payments", "1"), mirrored("payments", "2"))
    async with database.write() as connection:
        await connection.execute(update(table).where(table.c.id == "1").values(gone_at=NOON))
    assert [row.id for row in turned(database, LISTING)] == ["2"]
