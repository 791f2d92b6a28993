"""The process that frames are built in: it answers with frames, tells what went wrong, and is replaced when it dies."""

import multiprocessing
import os
import signal
import struct
import threading
from datetime import timedelta
from multiprocessing import connection, context

import polars as pl
import pytest

from hyperpanel.db import reader
from hyperpanel.db.engine import Database, address
from hyperpanel.db.reader import Reader, ReaderFailed, ReaderProcess
from hyperpanel.db.schema import orders, panels
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.sources import Source, given, text_of
from hyperpanel.errors import BadInput, Missing, Unusable


def named(source: Source, scope: Scope) -> pl.DataFrame:
    asked = scope.select(
        panels.c.id, panels.c.name, panels.c.private, panels.c.created_at, text_of(panels.c.group_name)
    )
    return source.frame(asked.order_by(panels.c.id))


def nothing(source: Source) -> pl.DataFrame:
    return source.frame(EVERYTHING.select(orders.c.id, orders.c.created_at, orders.c.charge, orders.c.is_autocomplete))


def each_named(source: Source, names: list[str]) -> pl.DataFrame:
    asked = EVERYTHING.select(panels.c.id, panels.c.name).where(panels.c.name == given(1))
    return source.each(asked, pl.DataFrame({"name": names}, schema={"name": pl.String}))


def wrong(_: Source) -> None:
    raise Missing("there is none")


def broken(_: Source) -> None:
    raise ZeroDivisionError


def process_id(_: Source) -> int:
    return os.getpid()


def killed(_: Source, process: int) -> int:
    """Dies once, when asked by the process that it was to be."""
    if os.getpid() == process:
        os.kill(process, signal.SIGKILL)
    return os.getpid()


def cut_off(_: Source, flag: str) -> str:
    """Dies once, with half its answer written."""
    if not os.path.exists(flag):
        open(flag, "w").close()

        def half(self, body):
            os.write(self.fileno(), struct.pack("!i", len(body)) + bytes(body)[:5])
            os.kill(os.getpid(), signal.SIGKILL)

        connection.Connection._send_bytes = half  # type: ignore[attr-defined]
    return "whole"


def unsendable(_: Source) -> object:
    return lambda: None


def noted(_: Source, file: str, gate: str) -> int:
    """A line in a file, once there is a gate: how often that was done."""
    while not os.path.exists(gate):
        os.sched_yield()
    return os.write(os.open(file, os.O_APPEND | os.O_CREAT | os.O_WRONLY), b"x") and os.path.getsize(file)


def attacked(source: Source) -> None:
    source.run("DELETE FROM panels")


async def test_a_frame_has_the_types_of_its_columns(database: Database):
    found = await database.reader.ask(named, Scope(frozenset({1, 3})))
    assert found["name"].to_list() == ["eu-1", "dark"]
    kinds = [pl.Int64(), pl.String(), pl.Boolean(), pl.Datetime("us", "UTC"), pl.String()]
    assert found.dtypes == kinds
    assert found["group_name"].to_list() == ["", ""]
    assert found["created_at"][0].utcoffset() is not None


async def test_no_rows_have_the_same_types(database: Database):
    found = await database.reader.ask(nothing)
    assert found.height == 0
    assert found.dtypes == [pl.String(), pl.Datetime("us", "UTC"), pl.Int64(), pl.Boolean()]


async def test_it_sees_what_was_committed_since(database: Database):
    before = await database.reader.ask(named, EVERYTHING)
    async with database.write() as connection:
        await connection.execute(panels.update().values(group_name="north"))
    after = await database.reader.ask(named, EVERYTHING)
    assert set(before["group_name"]) == {""}
    assert set(after["group_name"]) == {"north"}


async def test_our_own_errors_come_back_as_they_are(database: Database):
    with pytest.raises(Missing, match="there is none"):
        await database.reader.ask(wrong)


async def test_a_fault_comes_with_its_traceback(database: Database):
    with pytest.raises(ReaderFailed, match="ZeroDivisionError"):
        await database.reader.ask(broken)
    assert (await database.reader.ask(named, EVERYTHING)).height == 3


async def test_it_cannot_write(database: Database):
    with pytest.raises(ReaderFailed, match=r"read-?only"):
        await database.reader.ask(attacked)


async def test_a_process_that_died_is_replaced_and_asked_again(database: Database):
    first = await database.reader.ask(process_id)
    second = await database.reader.ask(killed, first)
    assert second not in (first, os.getpid())


def test_a_closed_one_begins_no_other(database_url):
    process = ReaderProcess()
    process.close()
    with pytest.raises(Exception, match="ending"):
        process.answer(("", process_id, (), {}))


async def test_text_that_somebody_typed_is_given_apart_from_the_statement(database: Database):
    hostile = "it's 100% \\ ?1 $1 :x"
    async with database.write() as connection:
        await connection.execute(panels.update().where(panels.c.id == 3).values(name=hostile))
    found = await database.reader.ask(each_named, ["us-2", "'; DELETE FROM panels; --", hostile, "us-2"])
    assert list(found.iter_rows()) == [(2, "us-2"), (3, hostile), (2, "us-2")]
    none = await database.reader.ask(each_named, [])
    assert (none.height, none.dtypes) == (0, [pl.Int64(), pl.String()])


def refused(_: Source) -> None:
    raise BadInput("Nothing before {first}.", "at", first="noon")


async def test_bad_input_comes_back_whole(database: Database):
    with pytest.raises(BadInput, match="Nothing before noon") as told:
        await database.reader.ask(refused)
    assert (told.value.text, told.value.field, told.value.values) == (
        "Nothing before {first}.",
        "at",
        {"first": "noon"},
    )


@pytest.fixture
def alone(tmp_path):
    """One with a process of its own, over an empty file."""
    (tmp_path / "empty.db").touch()
    made = Reader(address("sqlite:///empty.db", tmp_path))
    yield made
    made.close()


def test_a_process_that_dies_in_its_answer_is_asked_again(alone, tmp_path):
    assert alone.ask_now(cut_off, str(tmp_path / "died")) == "whole"


def test_one_that_cannot_be_begun_says_so(alone, monkeypatch):
    def refused(self):
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(context.SpawnProcess, "start", refused)
    with pytest.raises(Unusable, match="cannot be begun"):
        alone.ask_now(process_id)
    monkeypatch.undo()
    assert alone.ask_now(process_id) != os.getpid()


async def test_an_answer_that_cannot_be_sent_is_a_fault(database: Database):
    with pytest.raises(ReaderFailed, match="pickle"):
        await database.reader.ask(unsendable)


def test_equal_questions_that_wait_share_an_answer_and_too_many_others_are_refused(alone, tmp_path):
    """The first is under way until the gate is there."""
    file, gate = str(tmp_path / "lines"), tmp_path / "gate"

    def ask(file):
        return alone.process.ask((alone.url, noted, (file, str(gate)), {}))

    first = ask(file)
    while alone.process.waiting:
        os.sched_yield()
    equal = [ask(file) for _ in range(20)]
    others = [ask(f"{file}{number}") for number in range(reader.MOST_WAITING - 1)]
    with pytest.raises(Unusable, match="Too many reports"):
        ask(f"{file} more")
    gate.touch()
    assert first.result() == 1
    assert [one.result() for one in equal] == [2] * 20
    assert [one.result() for one in others] == [1] * 15


def test_what_waited_for_longer_than_anybody_is_patient_is_not_begun(alone, monkeypatch):
    monkeypatch.setattr(reader, "PATIENCE", timedelta(0))
    with pytest.raises(Unusable, match="Too many reports"):
        alone.ask_now(process_id)


def test_it_ends_in_the_middle_of_a_job_when_its_parent_is_killed(alone, tmp_path):
    """The parent here is a process that this test begins and kills."""
    pipe = str(tmp_path / "pipe")
    os.mkfifo(pipe)
    parent = multiprocessing.get_context("spawn").Process(target=orphan, args=(alone.url, pipe))
    parent.start()
    with open(pipe, "rb", buffering=0) as heard:
        assert heard.read(5) == b"begun"
        parent.kill()
        parent.join()
        assert heard.read() == b""  # nobody has the other end any more, and nothing came of it


def orphan(url, pipe):
    Reader(url).ask_now(held, pipe)


def held(_: Source, pipe: str) -> None:
    with open(pipe, "wb", buffering=0) as told:
        told.write(b"begun")
        threading.Event().wait(20)
        told.write(b"ended")


@pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
async def test_the_server_ends_what_nobody_waits_for(database: Database):
    assert await database.reader.ask(settings) == ["2min", "2min", "500ms"]


def settings(source: Source) -> list[str]:
    names = ("statement_timeout", "idle_in_transaction_session_timeout", "client_connection_check_interval")
    return [source.fetched(f"SELECT current_setting('{name}')").item() for name in names]
