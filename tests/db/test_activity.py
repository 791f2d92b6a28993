"""The audit as it is read: every filter finds what a look through all of it finds, from an index, and never beyond its bound."""

import itertools
import json
from datetime import timedelta

import pytest
from sqlalchemy import event, insert

from hyperpanel.db import activity
from hyperpanel.db.activity import NAMES_NO_PANEL, Filters, page, walk
from hyperpanel.db.folding import fold
from hyperpanel.db.schema import audit
from tests.support.staged import NOON

ACTORS, ACTIONS, PANELS = ("ana", "max", "İpek"), ("sign-in", "pause", "run", "edit"), (None, 1, 2)
ROWS = [
    {
        "id": number,
        "at": NOON + timedelta(minutes=number + (7 if number % 11 == 0 else 0)),
        "actor": ACTORS[number % 3],
        "action": ACTIONS[number % 4],
        "panel_id": PANELS[number % 5 % 3],
        "target": f"eu-1/{number % 7}",
        "details": json.dumps({"why": "Göç" if number % 6 == 0 else "ağ"}, ensure_ascii=False),
        "address": f"192.0.2.{number % 4}",
        "device": "",
        "hash": number.to_bytes(32),
    }
    for number in range(1, 121)
]
CASES = [
    Filters(),
    Filters(actor="max"),
    Filters(actions=("pause",)),
    Filters(actions=("pause", "run", "nothing")),
    Filters(panels=frozenset({1})),
    Filters(panels=frozenset({1, None})),
    Filters(panels=frozenset({1, None}), reader="max"),
    Filters(panels=frozenset({1, None}), reader="ana", actions=("pause", "edit")),
    Filters(panels=frozenset()),
    Filters(actor="İpek", actions=("pause", "edit"), panels=frozenset({2, None})),
    Filters(since=NOON + timedelta(minutes=30), until=NOON + timedelta(minutes=61)),
    Filters(since=NOON + timedelta(days=1)),
    Filters(until=NOON),
    Filters(text="GOC"),
    Filters(text="eu-1/3", actor="ana"),
    Filters(address="192.0.2.1"),
    Filters(address="192.0.%"),
]


@pytest.fixture
async def told(database):
    async with database.write() as connection:
        await connection.execute(insert(audit), ROWS)
    return database


def names_no_other(row, filters: Filters) -> bool:
    """A row without a panel may name any in its details: whoever sees some only reads their own acts, and signs of who came."""
    return row["panel_id"] is not None or row["actor"] == filters.reader or row["action"] in NAMES_NO_PANEL


def matches(row, filters: Filters) -> bool:
    sought = fold(filters.text or "")
    return (
        (filters.panels is None or (row["panel_id"] in filters.panels and names_no_other(row, filters)))
        and (filters.actor is None or row["actor"] == filters.actor)
        and (not filters.actions or row["action"] in filters.actions)
        and (filters.since is None or row["at"] >= filters.since)
        and (filters.until is None or row["at"] < filters.until)
        and (sought in fold(row["target"]) or sought in fold(row["details"]))
        and row["address"].startswith(filters.address or "")
    )


@pytest.mark.parametrize("filters", CASES, ids=str)
def test_what_is_found_is_what_is_there_the_newest_first(told, filters):
    expected = [row["id"] for row in reversed(ROWS) if matches(row, filters)]
    assert [entry.id for entry in told.read_now(lambda c: list(walk(c, filters)))] == expected


def test_pages_lead_on_without_a_gap(told):
    first = told.read_now(lambda c: page(c, Filters(actor="ana"), limit=15))
    second = told.read_now(lambda c: page(c, Filters(actor="ana"), before=first.further, limit=30))
    assert [entry.id for entry in (*first.rows, *second.rows)] == [
        row["id"] for row in reversed(ROWS) if row["actor"] == "ana"
    ]
    assert second.further is None


def test_a_look_row_by_row_ends_at_its_bound_and_says_so(told, monkeypatch):
    monkeypatch.setattr(activity, "EXAMINED", 50)
    found = told.read_now(lambda c: page(c, Filters(text="goc")))
    assert [entry.id for entry in found.rows] == [120, 114, 108, 102, 96, 90, 84, 78, 72]
    assert (found.further, found.is_cut) == (71, True)
    assert [entry.id for entry in told.read_now(lambda c: list(walk(c, Filters(text="goc"))))] == list(
        range(120, 0, -6)
    )


def test_a_row_is_found_by_its_number_for_whoever_may_see_its_panel(told):
    rows = [
        told.read_now(lambda c, seen=seen: activity.one(c, seen, "", 2)) for seen in (None, {2, None}, {1, None}, set())
    ]
    assert [row is not None for row in rows] == [True, True, False, False]


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        (Filters(actor="max"), "ix_audit_actor_id"),
        (Filters(actions=("pause", "run")), "ix_audit_action_id"),
        (Filters(panels=frozenset({1, 2, None})), "ix_audit_panel_id_id"),
        (Filters(actions=("pause",), text="goc", since=NOON), "ix_audit_action_id"),
    ],
    ids=str,
)
def test_each_is_read_from_its_index_in_order(told, filters, index):
    plans = list(itertools.chain(*planned(told, lambda c: page(c, filters, before=100))))
    assert [line for line in plans if index in line]
    assert [line for line in plans if line.strip().startswith(("SCAN audit", "Seq Scan on audit"))] == []


def planned(database, ask):
    """The plans of all that is asked. PostgreSQL would look through so few rows one by one, so it is told not to."""
    found: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement, values, *_rest):
        if "audit" in statement:
            found.append((statement, values))

    event.listen(database.reading, "before_cursor_execute", note)
    database.read_now(ask)
    event.remove(database.reading, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    for statement, values in found:
        with database.reading.connect() as connection, connection.begin():
            if not database.is_sqlite:
                connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            yield [row[-1] for row in connection.exec_driver_sql(f"{explain} {statement}", values)]
