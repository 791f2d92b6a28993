"""The process that frames are built in: it answers with frames, tells what went wrong, and is replaced when it dies."""

import os
import signal

import polars as pl
import pytest

from hyperpanel.db.engine import Database
from hyperpanel.db.reader import ReaderFailed, ReaderProcess
from hyperpanel.db.schema import orders, panels
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.sources import Source, given, text_of
from hyperpanel.errors import BadInput, Missing


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
