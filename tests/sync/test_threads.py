"""Messages without ids: which is which from one read to the next, and what becomes of a thread that cannot be read."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, strategies

from hyperpanel.db import tickets
from hyperpanel.db.schema import message_versions, messages, set_aside, threads
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.db.thread_keeping import DOUBTED_FOR, FAILED_FOR, SOON
from sync.connectors import thread as threads_of
from sync.records import Message
from sync.store import Outcome
from sync.threads import Held, matched
from sync.verdicts import Trouble
from tests.support.databases import sqlite_copy
from tests.support.records import NOON, batch, message, ticket
from tests.support.sources import TICKETS, Source
from tests.support.worlds import World, world_of

HOUR = timedelta(hours=1)
ASKS = message("<p>where is it</p>")
ANSWERS = message("<p>soon</p>", sender="staff", is_staff=True, created_at=NOON + HOUR)
REFUSED = Trouble("refused", detail="no such thing")


def held(*told: Message) -> list[Held]:
    return [Held(one.id, one.place, one.message) for one in matched("255", [], told)]


def ids(*told: Message, before: list[Held] | None = None) -> list[str]:
    return [one.id for one in matched("255", before or [], told)]


def test_the_same_messages_are_no_news():
    found = matched("255", held(ASKS, ANSWERS), [ASKS, ANSWERS])
    assert [one.is_news for one in found] == [False, False]


def test_the_same_message_has_the_same_id_wherever_it_is_read():
    assert ids(ASKS, ANSWERS) == ids(ASKS, ANSWERS)
    assert len({*ids(ASKS), *[one.id for one in matched("256", [], [ASKS])]}) == 2


def test_a_sender_renamed_is_the_same_message_and_no_edit():
    before = held(ASKS)
    [found] = matched("255", before, [message(ASKS.body, sender="kadir2")])
    assert (found.id, found.is_news, found.was_edited) == (before[0].id, True, False)


def test_another_text_at_the_same_time_by_the_same_sender_is_an_edit():
    before = held(ASKS, ANSWERS)
    found = matched("255", before, [message("<p>solved</p>"), ANSWERS])
    assert [(one.id, one.was_edited) for one in found] == [(before[0].id, True), (before[1].id, False)]


@pytest.mark.parametrize("other", [message("other", created_at=NOON + HOUR), message("other", is_staff=True)])
def test_another_text_and_another_time_or_side_is_another_message(other):
    [found] = matched("255", held(ASKS), [other])
    assert (found.before, found.id == held(ASKS)[0].id) == (None, False)


def test_another_text_of_another_member_of_staff_is_another_message():
    before = held(message("one", sender="ana", is_staff=True))
    [found] = matched("255", before, [message("other", sender="ben", is_staff=True)])
    assert found.before is None


def test_a_customer_renamed_whose_text_was_edited_is_known_by_the_second():
    before = held(ASKS)
    [found] = matched("255", before, [message("other", sender="kadir2")])
    assert (found.id, found.was_edited) == (before[0].id, True)


def test_spaces_and_composed_letters_are_not_the_text():
    before = held(message("<p>caf\u00e9  now</p>"))
    [found] = matched("255", before, [message("<p>cafe\u0301 now</p>\n")])
    assert found.id == before[0].id


def test_two_that_are_wholly_alike_stay_two():
    before = held(ASKS, ASKS)
    assert len({one.id for one in before}) == 2
    assert ids(ASKS, ASKS, before=before) == [one.id for one in before]
    assert ids(ASKS, before=before) == [before[0].id]
    assert ids(ASKS, ASKS, ASKS, before=before)[:2] == [one.id for one in before]


def test_an_equal_one_goes_before_an_edited_one():
    before = held(ASKS)
    found = matched("255", before, [message("<p>and where is the other</p>"), ASKS])
    assert [one.before is not None for one in found] == [False, True]


def test_of_two_edited_at_once_each_keeps_its_place():
    before = held(message("one"), message("two"))
    found = matched("255", before, [message("three"), message("four")])
    assert [one.id for one in found] == [one.id for one in before]


def test_a_new_id_is_none_that_is_in_use():
    first = held(ASKS)[0].id
    edited = [Held(first, 0, message("<p>edited</p>", created_at=NOON - HOUR))]
    assert ids(ASKS, before=edited) != [first]


def test_a_new_id_is_none_of_a_message_that_is_gone():
    gone = held(ASKS)
    edited = message("<p>edited</p>")
    back, new = matched("255", [Held(gone[0].id, 0, edited)], [edited, ASKS], gone=[])
    assert back.id != new.id
    [found] = matched("255", [], [message("<p>other</p>")], gone=gone)
    assert (found.before, found.id != gone[0].id) == (None, True)


def test_one_that_is_gone_and_comes_again_is_the_same():
    gone = held(ASKS)
    [found] = matched("255", [], [ASKS], gone=gone)
    assert (found.id, found.before) == (gone[0].id, gone[0])


def test_whoever_is_there_goes_before_who_is_gone():
    both = held(ASKS, ASKS)
    [found] = matched("255", both[1:], [ASKS], gone=both[:1])
    assert found.id == both[1].id


def test_a_message_that_moved_up_is_news_with_the_same_id():
    before = held(ASKS, ANSWERS)
    [found] = matched("255", before, [ANSWERS])
    assert (found.id, found.place, found.is_news, found.was_edited) == (before[1].id, 0, True, False)


def test_a_message_without_a_time_is_told_apart_too():
    undated = message("undated", created_at=None)
    assert ids(undated, ASKS, before=held(undated, ASKS)) == ids(undated, ASKS)


SOME = strategies.builds(
    message,
    strategies.sampled_from(["a", "b", " a "]),
    sender=strategies.sampled_from(["kadir", "ana"]),
    is_staff=strategies.booleans(),
    created_at=strategies.sampled_from([NOON, NOON + HOUR, None]),
)
THREADS = strategies.lists(SOME, max_size=6)


@given(THREADS, THREADS, THREADS)
def test_whatever_comes_each_message_is_one_and_the_next_read_is_no_news(before, told, gone):
    lost = [Held(f"gone-{one.id}", one.place, one.message) for one in held(*gone)]
    found = matched("255", held(*before), told, gone=lost)
    assert [one.message for one in found] == told
    assert len({one.id for one in found}) == len(told)
    again = matched("255", [Held(one.id, one.place, one.message) for one in found], told, gone=lost)
    assert ([one.id for one in again], any(one.is_news for one in again)) == ([one.id for one in found], False)


@pytest.mark.parametrize("stamps", [[10, 20, 20, 30], [30, 20, 20, 10]])
def test_a_list_that_tells_the_newest_first_is_turned_around(stamps):
    places = threads_of.oldest_first(stamps, are_exact=True)
    assert [stamps[place] for place in places] == [10, 20, 20, 30]


@pytest.fixture
async def desk(run_folder, tmp_path):
    """Three open tickets, the last touched first: a, b, c."""
    source = Source(TICKETS, threads={key: [ASKS] for key in ("a", "b", "c")})
    async with world_of(sqlite_copy(run_folder, tmp_path, migrated=True), tmp_path, source, "messages") as found:
        touched = {key: NOON - minute * timedelta(minutes=1) for minute, key in enumerate("abc")}
        await found.of("tickets").kit.read(batch(1, *(ticket(key, last_update_at=touched[key]) for key in "abc")))
        yield found


async def changed(found: World[Source], *keys: str, number: int) -> None:
    """Their tickets have changed."""
    await found.of("tickets").kit.read(batch(number, *(ticket(key, subject=str(number)) for key in keys)))


async def rows(found: World[Source], table, **where) -> list[Any]:
    return list(await found.kit.rows(table, **where))


async def test_the_identity_of_a_message_outlives_a_restart(desk):
    await desk.run("head")
    before = {(row.ticket_id, row.id) for row in await rows(desk, messages)}
    desk.source.threads["a"] = [message("<p>edited</p>"), ANSWERS]
    await changed(desk, "a", number=20)
    await desk.of("messages").run("head")
    after = {(row.ticket_id, row.id) for row in await rows(desk, messages)}
    assert (len(before), len(after), before < after) == (3, 4, True)
    assert [row.body for row in await rows(desk, message_versions)] == [ASKS.body]


async def test_a_head_reads_what_changed_and_no_more(desk):
    assert (await desk.run("head")).tally.calls == 3
    assert (await desk.run("head")).tally.calls == 0
    await changed(desk, "b", number=20)
    assert (await desk.run("head")).tally.calls == 1


async def test_a_thread_that_is_the_same_is_not_decoded(desk):
    await desk.run("head")
    desk.source.unreadable = {ASKS.body}
    assert (await desk.run("refresh")).tally.set_aside == 0


async def test_an_unreadable_message_accuses_nobody_and_is_set_aside(desk):
    desk.source.threads["a"] = [ASKS, ANSWERS]
    await desk.run("head")
    desk.source.unreadable = {ANSWERS.body}
    for number in (20, 30, 40):
        desk.source.threads["a"].insert(0, message(str(number), created_at=NOON - number * HOUR))
        await changed(desk, "a", number=number)
        await desk.run("head")
    assert [row.record_id for row in await rows(desk, set_aside)] == ["a/4"]
    assert len(await rows(desk, messages, ticket_id="a", gone_at=None)) == 5


async def test_it_leaves_once_the_thread_can_be_read(desk):
    desk.source.unreadable = {ASKS.body}
    await desk.run("head")
    assert len(await rows(desk, set_aside)) == 3
    desk.source.unreadable = set()
    assert (await desk.run("refresh")).proven
    assert (await rows(desk, set_aside), len(await rows(desk, messages))) == ([], 3)


async def test_one_thread_that_fails_is_set_aside_and_the_next_ones_are_read(desk):
    desk.source.threads["b"] = REFUSED
    outcome = await desk.run("head")
    assert (outcome.trouble, outcome.done, outcome.proven) == (None, True, False)
    assert [row.record_id for row in await rows(desk, set_aside)] == ["b"]
    assert {row.ticket_id for row in await rows(desk, messages)} == {"a", "c"}


async def test_one_that_failed_and_can_be_read_again_leaves(desk):
    desk.source.threads["b"] = REFUSED
    await desk.run("head")
    desk.source.threads["b"] = [ASKS]
    await desk.run("refresh")
    assert (await rows(desk, set_aside), len(await rows(desk, messages))) == ([], 3)


async def test_one_that_failed_is_left_alone_for_a_while(desk):
    desk.source.threads["b"] = REFUSED
    await desk.run("head")
    assert (await desk.run("head")).tally.calls == 0
    desk.kit.clock.time += FAILED_FOR
    assert (await desk.run("head")).tally.calls == 1


async def test_one_whose_answer_was_lost_is_read_again_soon_and_then_left_alone(desk):
    desk.source.threads["b"] = Trouble("cut")
    await desk.run("head")
    assert (await desk.run("head")).tally.calls == 0
    desk.kit.clock.time += SOON
    assert (await desk.run("head")).tally.calls == 1
    desk.kit.clock.time += SOON
    assert (await desk.run("head")).tally.calls == 0


async def test_three_that_fail_in_a_row_end_the_run_and_nobody_is_blamed(desk):
    desk.source.threads = dict.fromkeys("abc", REFUSED)
    for _ in range(3):
        outcome = await desk.run("head")
        assert (outcome.done, str(outcome.trouble)) == (False, str(REFUSED))
    assert await rows(desk, set_aside) == []
    desk.source.threads = {key: [ASKS] for key in "abc"}
    assert await desk.run("head") == Outcome(outcome.tally.__class__(calls=3, read=3, new=3))


async def test_what_is_no_matter_of_one_ticket_ends_the_run_at_once(desk):
    desk.source.threads["a"] = Trouble("auth")
    outcome = await desk.run("head")
    assert (outcome.trouble.code, len(desk.source.asked)) == ("auth", 1)


async def test_the_thread_of_a_ticket_that_is_gone_is_left_as_it_is(desk):
    await desk.run("head")
    before = await rows(desk, messages)
    del desk.source.threads["a"]
    await changed(desk, "a", number=20)
    outcome = await desk.run("head")
    assert (outcome.tally.changed, await rows(desk, messages)) == (0, before)
    assert (await desk.run("head")).tally.calls == 0


async def test_a_message_lacked_twice_is_gone(desk):
    desk.source.threads["a"] = [ASKS, ANSWERS]
    await desk.run("head")
    desk.source.threads["a"] = [ASKS]
    await desk.run("refresh")
    assert len(await rows(desk, messages, ticket_id="a", gone_at=None)) == 2
    assert (await desk.run("head")).tally.calls == 0
    desk.kit.clock.time += DOUBTED_FOR
    assert (await desk.run("head")).tally.calls == 1
    assert len(await rows(desk, messages, ticket_id="a", gone_at=None)) == 1


async def test_a_sweep_in_slices_reads_each_thread_once(desk):
    outcome = await desk.whole("sweep", pages=1)
    assert (outcome.done, [ask.ids[0] for ask in desk.source.asked]) == (True, ["a", "b", "c"])
    assert [row.messages for row in await rows(desk, threads)] == [1, 1, 1]


async def test_a_backfill_in_slices_reads_all_that_was_never_read(desk):
    await desk.whole("backfill", pages=2)
    assert (await desk.kit.claim("backfill")).cursor.done
    assert len(desk.source.asked) == 3


async def test_a_thread_that_cannot_be_read_is_no_younger_by_that(desk):
    await desk.run("head")
    [before] = await rows(desk, threads, ticket_id="b")
    desk.source.threads["b"] = REFUSED
    await changed(desk, "b", number=20)
    desk.kit.clock.time += 3 * HOUR
    await desk.run("head")
    [failed] = await rows(desk, threads, ticket_id="b")
    assert failed.read_at == before.read_at
    desk.source.threads["b"] = [message("<p>edited</p>")]
    await changed(desk, "b", number=30)
    desk.kit.clock.time += 3 * HOUR
    await desk.run("head")
    [version] = await rows(desk, message_versions)
    assert version.not_before <= before.read_at


async def test_a_thread_that_was_never_read_has_no_age(desk):
    desk.source.threads["b"] = REFUSED
    await desk.run("head")
    panel_id = desk.kit.feed.panel_id
    found = await desk.kit.database.read(lambda c: tickets.reading(c, EVERYTHING, panel_id, "b"))
    assert found == tickets.Reading(None, None)


@dataclass
class Lagging(Source):
    """A console that stands still: its threads are older than their tickets."""

    def thread(self, ticket):
        return replace(super().thread(ticket), behind=True)


async def test_threads_that_lag_for_long_are_asked_for_less_and_less_often(run_folder, tmp_path):
    source = Lagging(TICKETS, threads={key: [ASKS] for key in ("a", "b", "c")})
    async with world_of(sqlite_copy(run_folder, tmp_path, migrated=True), tmp_path, source, "messages") as found:
        await found.of("tickets").kit.read(batch(1, *(ticket(key, last_update_at=NOON) for key in "abc")))
        for _ in range(600):
            await found.run("head")
            found.kit.clock.time += SOON
    assert 3 * 15 < len(source.asked) < 3 * 40
