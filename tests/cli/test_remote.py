"""`--remote`: what is printed of another installation is what its own command prints, byte for byte."""

import asyncio
import json
import re
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert

from hyperpanel.cli import cli
from hyperpanel.client import Client
from hyperpanel.clock import SystemClock
from hyperpanel.db.engine import Database, address
from hyperpanel.db.schema import orders, tickets
from tests.cli.conftest import Home, started, unused_port
from tests.support import databases
from tests.support.scripted import Said, data, refusal, scripted
from tests.support.staged import cast, mirrored, order

pytestmark = pytest.mark.loopback
SCOPES = "panels:read,sync:read,sync:control,reports:read,users:read,staff:read,finance:read,providers:read"
VARIABLE = "HYPERPANEL_REMOTE_KEY"
NOBODY = "http://127.0.0.1:9"
NOW = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d\.\d+)?")
"""A moment that is that of the command itself."""


@dataclass(frozen=True)
class Told:
    """A console that answers at `url`, in a folder of its own; `at`: a moment to report of."""

    home: Home
    url: str
    key: str
    at: str

    def there(self, *words: str) -> str:
        result = CliRunner().invoke(
            cli, [*words, "--remote", self.url], env={VARIABLE: self.key}, prog_name="hyperpanel"
        )
        assert result.exit_code == 0, result.output
        return result.stdout


@pytest.fixture(scope="module")
def told(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    now, folder = SystemClock().now(), tmp_path_factory.mktemp("told")
    Path(databases.sqlite_copy(run_folder, folder, True).removeprefix("sqlite:///")).rename(folder / "hyperpanel.db")
    asyncio.run(fill(folder, now))
    home, port = Home(folder), unused_port()
    with chdir(folder), started(folder, "serve", "--port", str(port)) as console:
        key = home.done("key", "add", "nightly", "--scopes", SCOPES).strip()
        home.done("panel", "pause", "us-2", "--why", "Its owner moves it.")
        console.said("the console answers")
        yield Told(home, f"http://127.0.0.1:{port}", key, (now - timedelta(minutes=1)).isoformat())


async def fill(folder: Path, now: datetime) -> None:
    database = Database(address("sqlite:///hyperpanel.db", folder), 1)
    await cast(database, now - timedelta(days=2))
    usual: dict[str, Any] = {"charge": 10**8, "charge_currency": "USD", "provider": "prov-1", "user": "ana"}
    ended = {"status": "completed", "finished_from": now - timedelta(hours=2), "finished_at": now - timedelta(hours=2)}
    rows = [order(str(one), created_at=now - timedelta(hours=20), **usual) for one in range(1001, 1008)]
    rows.append(order("2001", "us-2", created_at=now - timedelta(hours=3), remains=0, **usual, **ended))
    names = {name for row in rows for name in row}
    ticket = mirrored("tickets", "5", subject="Where is it?", user="ana", created_at=now - timedelta(hours=1))
    async with database.write() as connection:
        await connection.execute(insert(orders), [dict.fromkeys(names) | row for row in rows])
        await connection.execute(insert(tickets), [ticket])
    await database.close()


REPORTS = [
    ("service-health",),
    ("users", "--rows", "5"),
    ("tickets-by-staff", "--leave", "second"),
    ("tickets-by-service", "--panel", "eu-1"),
    ("margins", "--by", "day", "--zone", "Europe/Istanbul"),
]


@pytest.mark.parametrize("report", REPORTS, ids=[words[0] for words in REPORTS])
def test_a_report_is_the_same_here_and_there(told, report):
    for form in ((), ("--json",)):
        words = ("report", *report, "--hours", "48", "--at", told.at, *form)
        here = told.home.done(*words)
        assert told.there(*words) == here
        assert "eu-1" in here or report[0] == "tickets-by-staff"


def test_a_report_of_this_moment_differs_in_the_moment_alone(told):
    for words in (("report", "providers"), ("report", "providers", "--json")):
        here, there = (NOW.sub("NOW", text) for text in (told.home.done(*words), told.there(*words)))
        assert here == there
        assert "prov-1" in here


def test_panels_are_listed_without_their_addresses(told):
    here, there = (
        json.loads(text) for text in (told.home.done("panel", "list", "--json"), told.there("panel", "list", "--json"))
    )
    untold = dict.fromkeys(("url", "rate", "private", "order_digits"))
    assert there == [one | untold for one in here]
    assert "all paused by command line: Its owner moves it." in told.there("panel", "list")


def asked(*words: str, key: str = "hp_live_x", **how: Any) -> Result:
    return CliRunner().invoke(cli, list(words), env={VARIABLE: key}, prog_name="hyperpanel", **how)


def refused(*words: str, code: int = 1, **how: Any) -> str:
    result = asked(*words, **how)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (code, "", 1), result.output
    return result.stderr


def test_nobody_there_a_wrong_key_and_no_console_are_sentences_of_their_own(told):
    words = ("report", "users", "--remote")
    assert "Nobody answers at 127.0.0.1:9" in refused(*words, NOBODY)
    assert "key" in refused(*words, told.url, key="hp_live_wrong")
    with scripted(Said(200, b"<html>", {"Content-Type": "text/html"})) as other:
        assert "is no admin API" in refused(*words, other.url)
    assert "plain text" in refused(*words, "http://console.example")


def test_what_the_console_refuses_is_said_in_its_words(told):
    key = told.home.done("key", "add", "narrow", "--scopes", "panels:read").strip()
    assert "reports:read" in refused("report", "users", "--remote", told.url, key=key)
    assert "hours" in refused("report", "users", "--hours", "9999", "--remote", told.url, key=told.key)


def test_the_key_comes_from_standard_input_or_a_file_too(told, tmp_path):
    words, place = ("panel", "list", "--remote", told.url), tmp_path / "key"
    place.write_text(f"{told.key}\n")
    here = told.there("panel", "list")
    assert asked(*words, "--key-file", str(place), key="").stdout == here
    assert asked(*words, "--key-stdin", key="", input=f"{told.key}\n").stdout == here


def test_a_key_is_needed_and_goes_with_an_address_alone(tmp_path):
    words = ("panel", "list", "--remote", NOBODY)
    assert "--remote needs a key" in refused(*words, key="", code=2)
    assert "A key is for --remote" in refused("panel", "list", "--key-stdin", code=2)
    assert "not both" in refused(*words, "--key-stdin", "--key-file", "x", code=2)
    assert "cannot be read" in refused(*words, "--key-file", str(tmp_path / "none"))
    assert "The key is empty" in refused(*words, "--key-stdin", key="", input="\n")
    assert "canary" not in refused(*words, key="two canary words")


def test_who_may_see_panels_alone_is_told_which_streams_are_paused(told):
    key = told.home.done("key", "add", "panels-alone", "--scopes", "panels:read").strip()
    with Client(told.url, told.key) as client:
        client.pause("eu-1", "orders", "Too slow.")
        result = asked("panel", "list", "--remote", told.url, key=key)
        client.resume("eu-1", "orders")
    assert result.exit_code == 0, result.output
    assert "orders paused by somebody" in result.stdout
    assert "Too slow." not in result.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("sync", " "),
        ("sync", ""),
        ("report", "users", "--profile", " "),
        ("report", "users", "--panel", " "),
        ("report", "users", "--panel", ""),
    ],
)
def test_an_empty_word_asks_for_nothing(words):
    with scripted(listed()) as server:
        assert "is empty. Name one, or leave it out." in refused(*words, "--remote", server.url)
    assert not server.seen


def feed(**changes: Any) -> dict[str, Any]:
    """A feed as the API tells it."""
    usual = {"panel": "eu-1", "stream": "orders", "reason": "", "paused": None, "asked_at": None, "running": None}
    return {**usual, "last_run": None, "plans": [], **changes}


def run_of(read: int, minute: int) -> dict[str, Any]:
    """A minute long."""
    counted = {"read": read, "new": 2, "changed": 1, "set_aside": 0}
    times = {"started_at": f"2026-03-01T12:{minute:02}:00Z", "ended_at": f"2026-03-01T12:{minute + 1:02}:00Z"}
    return {"plan": "head", **times, **counted}


def listed(*rows: dict[str, Any]) -> Said:
    place = {"prev_page_href": "", "next_page_href": "", "offset": 0, "limit": 500, "next_cursor": ""}
    return data({"count": len(rows), "count_is_total": True, "list": rows}, pagination=place)


def test_a_remote_sync_tells_what_the_runs_there_found(monkeypatch):
    monkeypatch.setattr("hyperpanel.cli.remote_syncing.EVERY", 0.01)
    place = {"prev_page_href": "", "next_page_href": "", "offset": 0, "limit": 500, "next_cursor": ""}
    listed = data({"count": 1, "count_is_total": True, "list": [feed(last_run=run_of(9, 0))]}, pagination=place)
    waits = data(feed(asked_at="2026-03-01T12:01:00Z", last_run=run_of(9, 0)))
    runs = data(feed(running={**run_of(3, 2), "ended_at": None}, last_run=run_of(9, 0)))
    with scripted(listed, waits, waits, runs, data(feed(last_run=run_of(5, 2)))) as server:
        result = asked("sync", "eu-1", "--stream", "orders", "--plan", "head", "--remote", server.url, "--json")
    assert result.exit_code == 0, result.output
    [row] = json.loads(result.stdout)
    assert (row["read"], row["new"], row["changed"], row["unchanged"], row["seconds"]) == (5, 2, 1, 2, 60.0)
    assert [one.method for one in server.seen] == ["GET", "POST", "GET", "GET", "GET"]
    assert json.loads(server.seen[1].body) == {"plan": "head"}


def test_a_feed_that_is_paused_there_is_an_error(monkeypatch):
    place = {"prev_page_href": "", "next_page_href": "", "offset": 0, "limit": 500, "next_cursor": ""}
    listed = data({"count": 1, "count_is_total": True, "list": [feed()]}, pagination=place)
    with scripted(listed, refusal(409, "It is paused. Resume it first.")) as server:
        result = asked("sync", "--stream", "orders", "--plan", "head", "--remote", server.url)
    assert result.exit_code == 1
    assert "eu-1 orders: It is paused. Resume it first." in result.stderr
