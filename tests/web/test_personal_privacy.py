"""One person's notes reach nobody else: by no page of the router, no search, no export, no log, no other table; and what is not one's own
looks like what is not there."""

import re

import pytest
from sqlalchemy import inspect, select, text

from hyperpanel.db import notes, staff
from hyperpanel.db.schema import notes as table
from tests.support.routes import routes
from tests.support.staged import NOON, PASSWORD_HASH, order, tokenless

CANARY, SOUGHT = "zqcanaryxv", "xvsoughtzq"
"""Both are in each note; the second is what others seek."""

OTHERS = ("leo", "max", "ben", "vic")
"""An administrator, a manager, support and a viewer."""

ENDLESS = ("/live",)
NUMBER = re.compile(r"\b[0-9a-z]{4}-[0-9a-z]{4}\b|(?<=note=)\d|(?<=deleted=)\d")
ROW = {"panel": "eu-1", "noun": "orders", "id": "1000"}


@pytest.fixture
async def noted(staged, ana):
    """Ana has written, changed, sought, deleted and brought back; ben has a note of his own about the same order."""
    async with staged.database.write() as connection:
        await staff.add(connection, "leo", PASSWORD_HASH, "admin", None, NOON)
    await staged.keep(order())
    await ana.post("/personal", data={"body": f"{CANARY} {SOUGHT} first", **ROW})
    await ana.post("/personal", data={"body": f"{CANARY} {SOUGHT}"})
    [seen] = re.findall(r'name="seen" value="(\d+)"', (await ana.get("/personal/edit?note=1")).text)
    await ana.post("/personal/edit", data={"note": "1", "seen": seen, "body": f"{CANARY} {SOUGHT} second"})
    await ana.post("/personal/edit", data={"note": "1", "seen": "1", "body": f"{CANARY} clash"})
    await ana.post("/personal/edit", data={"note": "1", "seen": "1", "body": CANARY * 2000})
    assert CANARY in (await ana.get(f"/personal?q={CANARY}")).text
    await ana.post("/personal/delete", data={"note": "2"})
    await ana.post("/personal/restore", data={"note": "2"})
    await (await staged.signed_in("ben")).post("/personal", data={"body": "his own", **ROW})
    return staged


def addresses() -> list[str]:
    """Each page of the router; of those that list or seek also what they find for the words themselves."""
    pages = [route for route in routes() if route.is_safe and route.path not in ENDLESS]
    plain = {next(route.places()).path: route for route in pages}
    seeking = [path for path, route in plain.items() if (route.name or "").endswith((".index", "file", "search"))]
    beside = ["/personal/about?panel=eu-1&noun=orders&id=1000", "/personal?about=orders", "/personal?deleted=1"]
    return [*plain, *(f"{path}{'&' if '?' in path else '?'}q={SOUGHT}" for path in seeking), *beside]


@pytest.mark.parametrize("name", OTHERS)
async def test_no_page_shows_it_to_anybody_else(noted, name):
    browser, told = await noted.signed_in(name), []
    for path in addresses():
        answer = await browser.get(path, headers={"accept-encoding": "identity"})
        told += [path] if CANARY in answer.text else []
    assert told == []


async def test_the_part_beside_a_row_has_only_ones_own(noted):
    ben = await noted.signed_in("ben")
    part = (await ben.part("/personal/about?panel=eu-1&noun=orders&id=1000", "notes")).text
    assert re.findall(r'id="note-(\d+)"', part) == ["3"]


ACTS = [
    ("GET", "/personal/edit?note={}", {}),
    ("GET", "/personal/edit?note={}&from=row", {}),
    ("GET", "/personal?deleted={}", {}),
    ("POST", "/personal/edit", {"seen": "1", "body": "mine now"}),
    ("POST", "/personal/edit", {"seen": "1", "body": ""}),
    ("POST", "/personal/delete", {}),
    ("POST", "/personal/delete", {"from": "row"}),
    ("POST", "/personal/restore", {}),
]


async def asked(browser, method: str, path: str, data: dict[str, str], note: str) -> tuple[object, ...]:
    sent = {} if method == "GET" else {"data": {**data, "note": note}}
    answer = await browser.request(method, path.format(note), **sent)
    headers = sorted(item for item in answer.headers.items() if item[0] != "date")
    body = NUMBER.sub("", tokenless(answer.text))
    return answer.status_code, headers, body


@pytest.mark.parametrize(("method", "path", "data"), ACTS)
async def test_anothers_note_looks_like_one_that_is_not_there(noted, method, path, data):
    before = await noted.rows(select(table))
    for name in OTHERS:
        browser = await noted.signed_in(name, **{"accept-encoding": "identity"})
        assert await asked(browser, method, path, data, "1") == await asked(browser, method, path, data, "9")
    assert await noted.rows(select(table)) == before


async def test_it_stands_in_one_table_alone(noted):
    """Whatever tables there are, those of a search too."""

    def look(connection):
        names = inspect(connection).get_table_names()
        return [name for name in names if CANARY in str(connection.execute(text(f'SELECT * FROM "{name}"')).all())]

    assert await noted.database.read(look) == ["notes"]


async def test_it_is_in_no_line_of_the_log(noted, capfd):
    said = capfd.readouterr()
    assert CANARY not in said.out + said.err


FOR_NOBODY = {"called", "labelled", "forget"}
"""Names of rows, read through a scope; and the end of what was deleted."""


def test_every_statement_says_whose():
    asking = [value for value in vars(notes).values() if "connection" in getattr(value, "__annotations__", ())]
    assert {value.__name__ for value in asking if "staff_id" not in value.__annotations__} == FOR_NOBODY
