"""No page asks the database more often because there is more to show: for every list that the router has, later ones too."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from tests.support import ai_planting, planting
from tests.support.routes import routes

LISTS = [pytest.param(route, id=str(route.name)) for route in routes() if (route.name or "").endswith(".index")]
OF_AI = {"ai_ledger.index", "ai_prompts.index", "ai_reports.index"}
MORE_PANELS = 20


@contextmanager
def statements(staged):
    """All that is executed, by readers and writers."""
    found: list[str] = []
    engines = (staged.database.reading, staged.database.writing.sync_engine, staged.database.committing)

    def note(_connection, _cursor, statement, *_rest):
        found.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


async def asked(staged, ana, path: str) -> tuple[int, int]:
    """How many statements it took, and how long the page is."""
    await ana.get(path)  # what a person's first visit writes is no matter of rows
    with statements(staged) as found:
        answer = await ana.get(path)
    assert answer.status_code == 200
    return len(found), len(answer.text)


@pytest.mark.parametrize("route", LISTS)
async def test_more_rows_and_more_panels_are_no_more_queries(staged, ana, route):
    await planting.read_all(staged.database)
    await planting.plant(staged.database, range(10, 20))
    ten, short = await asked(staged, ana, route.path)
    await planting.plant(staged.database, range(20, 30))
    twenty, long = await asked(staged, ana, route.path)
    assert twenty == ten
    assert long > short or route.name not in OF_AI
    assert long > short or route.path.strip("/") not in planting.MIRRORED
    for panel_id in await planting.add_panels(staged.database, MORE_PANELS):
        await planting.plant(staged.database, range(10, 12), panel_id)
    assert (await asked(staged, ana, route.path))[0] == ten


async def test_more_messages_with_answers_are_no_more_queries(staged, ana):
    await planting.read_all(staged.database)
    await planting.plant(staged.database, range(10, 20))
    await ai_planting.talked(staged.database, "10", range(10, 12))
    two, short = await asked(staged, ana, "/tickets/eu-1/10")
    await ai_planting.talked(staged.database, "10", range(12, 20))
    ten, long = await asked(staged, ana, "/tickets/eu-1/10")
    assert ten == two
    assert long > short
    page = (await ana.get("/tickets/eu-1/10")).text
    assert all(words in page for words in ("Translated 11.", "Translated 19.", "Wants 19.", "Part 19."))


async def test_they_are_counted(staged, ana):
    """Else equal counts would prove nothing."""
    assert (await asked(staged, ana, "/orders"))[0] >= 3
