"""Rows of panels are read for somebody through a Scope, and SQL is written in one room.

Read from the syntax: a call of SQLAlchemy's `select`, `insert`, `update`, `delete` or `text` over a table that a panel
owns stands only where the table below says why it may. tests/support/scoping.py watches the same while tests run.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Table

from hyperpanel.db import schema
from hyperpanel.paths import ROOT

OWNED = {name for name, table in vars(schema).items() if isinstance(table, Table) and table in schema.PANEL_OWNED}
READS, WRITES = {"select", "exists", "text"}, {"insert", "update", "delete"}
FOR_THE_ENGINE = "acts for the engine, on the panel of a claim or a turn"
MAY = {
    "db/store.py": FOR_THE_ENGINE,
    "db/budgets.py": FOR_THE_ENGINE,
    "db/claims.py": FOR_THE_ENGINE,
    "db/paces.py": FOR_THE_ENGINE,
    "db/allotting.py": FOR_THE_ENGINE,
    "db/dues.py": FOR_THE_ENGINE,
    "db/keeping.py": FOR_THE_ENGINE,
    "db/pages.py": FOR_THE_ENGINE,
    "db/absences.py": FOR_THE_ENGINE,
    "db/aside.py": FOR_THE_ENGINE,
    "db/blanks.py": FOR_THE_ENGINE,
    "db/hints.py": FOR_THE_ENGINE,
    "db/histories.py": FOR_THE_ENGINE,
    "db/thread_keeping.py": FOR_THE_ENGINE,
    "db/news.py": FOR_THE_ENGINE,
    "db/changes.py": "notes what the engine wrote, and forgets what is old, on all panels alike; what it reads goes through a scope",
    "db/panels.py": "attaches, pauses and removes the panel that its caller was given; opens a panel's keys for the engine",
    "db/set_aside.py": "changes the records whose keys a scope has selected, and the plans of feeds that its caller was given",
    "db/holds.py": "decides one hold that its caller found through a scope, and what follows for its stream",
    "db/erasing.py": "erases what is too old, on the feed that its caller was given",
    "db/backfills.py": "changes the plan of the feed that its caller was given",
    "db/pause_reasons.py": "explains the pause of the panel or feed that its caller found through a scope",
    "db/panel_edits.py": "changes the panel that its caller was given, and how its feeds go on",
    "db/service_scores.py": "writes down the figures that a schedule made, and forgets old ones, of all panels alike",
    "db/staff_names.py": "names somebody in the panel that its caller found through a scope, and writes down who answers in one",
    "db/service_reports.py": "reports the service, and settles the report, that its caller found through a scope",
    "db/service_speeds.py": "sets the speed of the service that its caller found through a scope",
    "db/snoozes.py": "puts services aside that its caller found through a scope, and ends one that the clock or a scope names",
    "db/removals.py": "empties the panel that its caller was given",
    "db/search_queue.py": FOR_THE_ENGINE,
    "db/search_parts.py": "asks an index for numbers alone, by its scope's panels; what is read by them is read through the scope",
    "db/search_indexing.py": "indexes what was queued, of the panel that the queue names",
    "db/descriptions.py": "writes the descriptions of services that its caller found through a scope",
    "db/imports.py": "notes the panels of a file whose rows its caller judged through a scope",
    "db/disputes.py": "disputes and decides the flag on a reply that its caller found through a scope",
    "db/run_keeping.py": "forgets what is old, on all panels alike",
    "db/housekeeping.py": "forgets what is old, on all panels alike",
    "db/ai_reports.py": "removes reports that its caller found through a scope, with their services",
    "db/ai_report_services.py": "writes what came of a report on the panels that its person was allowed, which is looked at with each service",
    "db/ai_answers.py": "claims and ends the answer of the panel that was asked about, and forgets old ones",
    "db/api_keys.py": "gives a new key the panels that its caller found through a scope",
    "db/migrations": "changes tables, for nobody",
}
ELSEWHERE = {"sandbox": "its own world, without a database"}


def sources() -> list[Path]:
    return sorted(path for path in (ROOT / "hyperpanel").rglob("*.py") if not is_under(path, ELSEWHERE))


def is_under(path: Path, places: dict[str, str]) -> bool:
    told = path.relative_to(ROOT / "hyperpanel").as_posix()
    return any(told == place or told.startswith(f"{place}/") for place in places)


def names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def aliases(tree: ast.Module) -> set[str]:
    """`others = runs.alias()` is runs by another name; `from … import orders as table` too."""
    assigned = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        if isinstance(node.value.func, ast.Attribute) and node.value.func.attr == "alias"
        if names(node.value.func) & OWNED
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    imported = {
        name.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "hyperpanel.db.schema"
        for name in node.names
        if name.asname and name.name in OWNED
    }
    return assigned | imported


def unscoped(source: str, kinds: set[str] = READS | WRITES) -> Iterator[str]:
    """The calls that name no scope: `select(orders.c.id)`, and `update(plans)`, but not `scope.select(orders.c.id)`."""
    tree = ast.parse(source)
    owned = OWNED | aliases(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in kinds:
            touched = set().union(*(names(argument) for argument in node.args)) & owned
            if touched:
                yield f"{node.lineno}: {node.func.id} over {', '.join(sorted(touched))}"


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_rows_of_panels_are_read_and_written_through_a_scope(path):
    source = path.read_text(encoding="utf-8")
    assert is_under(path, MAY) or list(unscoped(source)) == []


@pytest.mark.parametrize("place", MAY)
def test_an_exception_is_still_needed(place):
    if place in ("db/migrations", "db/pages.py"):
        assert (ROOT / "hyperpanel" / place).exists()
        return
    assert list(unscoped((ROOT / "hyperpanel" / place).read_text(encoding="utf-8")))


def test_statements_are_written_in_one_room():
    outside = [path for path in sources() if not is_under(path, {"db": ""})]
    makers = {
        path.relative_to(ROOT).as_posix()
        for path in outside
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "sqlalchemy"
        if {name.name for name in node.names} & (READS | WRITES)
    }
    assert makers == set()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("select(orders.c.id)", ["1: select over orders"]),
        ("scope.select(orders.c.id)", []),
        ("update(plans).values(due_at=now)", ["1: update over plans"]),
        ("select(staff.c.id)", []),
        ("others = runs.alias()\nselect(others.c.number)", ["2: select over others"]),
        ("from hyperpanel.db.schema import orders as o\nselect(func.count(o.c.id))", ["2: select over o"]),
    ],
)
def test_a_statement_without_a_scope_is_found(source, found):
    assert list(unscoped(source)) == found
