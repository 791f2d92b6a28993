"""A file taken in, where a panel of it is gone by then."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlalchemy import select

from hyperpanel.db.schema import audit, imports
from hyperpanel.support.description_files import NEW, Line
from hyperpanel.web import import_saving
from hyperpanel.web.addresses import Address
from hyperpanel.web.import_looks import State
from hyperpanel.web.uploads import Sent
from hyperpanel.web.visits import Visit
from tests.support.staged import NOON

SENT = Sent(b"", "a.csv", "", False, True)


async def test_nothing_is_taken_in_for_a_panel_that_was_removed_since_it_was_looked_at(staged):
    """Neither where a description is new nor where nothing but the history would name it."""
    console = staged.console
    visit = Visit(console, NOON, Address("/"), "", "", "", False, None, console.languages["en"], ZoneInfo("UTC"))
    line = Line(2, "gone-9", "170", 99, NEW, body="x")
    for one in (line, replace(line, became="blank")):
        assert await import_saving.save(visit, State([one], [99], b"", {}), SENT) is None
    assert await staged.rows(select(imports.c.id)) == []
    assert await staged.rows(select(audit.c.id)) == []
