"""Ticket tracking by staff: what a quick fire and a repeated reply are, to the second, and a score that is the sum of its terms."""

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import ticket_staff, windows
from reports.ticket_staff import MESSAGE, Measure, answered, folded, score, scored, term, with_disputes

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = windows.of_hours(24, NOON)
LONG = "This is a reply of more than twenty-five characters."
TIME = pl.Datetime("us", "UTC")
SPOKEN: dict[str, Any] = {
    "panel_id": pl.Int64, "ticket_id": pl.String, "id": pl.String, "place": pl.Int64, "sender": pl.String,
    "is_staff": pl.Boolean, "created_at": TIME, "body": pl.String,
}  # fmt: skip
CLOSED: dict[str, Any] = {"panel_id": pl.Int64, "ticket_id": pl.String, "closed_at": TIME}
DISPUTED: dict[str, Any] = {
    "panel_id": pl.Int64,
    "ticket_id": pl.String,
    "id": pl.String,
    "flag": pl.String,
    "decision": pl.String,
}
MINE = ("Customer", False)
Said = tuple[str | None, bool, float | None, str]


def thread(*said: tuple[Any, ...], ticket: str = "1") -> list[tuple[Any, ...]]:
    """Each (who, seconds since eleven, words); a name in capitals is staff's."""
    return [
        (1, ticket, f"m{place}", place, who, who.isupper(), at if at is None else NOON - timedelta(hours=1) + timedelta(seconds=at), words)
        for place, (who, at, words) in enumerate(said)
    ]  # fmt: skip


def judged(rows: list[tuple[Any, ...]], measure: Measure | None = None, closed: Any = ()) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=SPOKEN, orient="row")
    replies = frame.filter("is_staff").select(*MESSAGE, "body")
    ended = pl.DataFrame(list(closed), schema=CLOSED, orient="row")
    return answered(frame.drop("body"), replies, ended, DAY, measure or Measure())


def one(*said: tuple[Any, ...], at: int = -1, **options: Any) -> dict[str, Any]:
    """The last reply of staff."""
    closed = options.pop("closed", ())
    found: dict[str, Any] = judged(thread(*said), Measure(**options), closed).row(at, named=True)
    return found


@pytest.mark.parametrize(
    ("words", "is_quick"), [("x" * 24, True), ("x" * 25, False), ("<b>" + "x" * 24 + "</b>", True)]
)
def test_fewer_than_25_characters_are_a_quick_fire(words, is_quick):
    assert one(("me", 1, "?"), ("ANN", 3599, words))["quick"] is is_quick


@pytest.mark.parametrize(("seconds", "is_quick"), [(30, True), (30.5, False), (0, True)])
def test_a_reply_within_30_seconds_is_a_quick_fire(seconds, is_quick):
    assert one(("me", 10, "?"), ("ANN", 10 + seconds, LONG))["quick"] is is_quick


def test_a_reply_that_nobody_asked_for_has_no_response_time():
    reply = one(("ANN", 10, LONG))
    assert (reply["response"], reply["gap"], reply["quick"], reply["repeated"]) == (None, None, False, False)


def test_the_last_message_of_the_customer_counts():
    assert one(("me", 10, "?"), ("me", 100, "?"), ("ANN", 160, LONG))["response"] == 60.0


def test_of_replies_on_end_the_first_alone_answers():
    said = (("me", 10, "?"), ("ANN", 20, LONG), ("BEA", 30, LONG))
    assert (one(*said, at=0)["response"], one(*said)["response"]) == (10.0, None)
    assert one(*said)["quick"] is True


@pytest.mark.parametrize("at", [None, 500])
def test_a_message_without_a_time_or_from_later_on_gives_no_response_time(at):
    reply = one(("me", at, "?"), ("ANN", 100, LONG))
    assert (reply["response"], reply["quick"]) == (None, False)


@pytest.mark.parametrize(("times", "is_repeated"), [(0, False), (1, False), (2, True), (3, True)])
def test_a_customer_who_writes_twice_before_the_next_reply_repeats(times, is_repeated):
    asks = [("me", 1000 + n, "?") for n in range(times)]
    said = (("me", 1, "?"), ("ANN", 100, LONG), *asks, ("BEA", 2000, LONG), ("me", 2100, "?"), ("me", 2200, "?"))
    assert one(*said, at=0)["repeated"] is is_repeated


def test_a_window_is_half_open():
    rows = thread(("ANN", -82_800, LONG), ("ANN", -82_800.5, LONG), ("ANN", 3600, LONG), ("ANN", None, LONG))
    assert judged(rows)["id"].to_list() == ["m0"]


def test_a_second_message_within_a_minute_of_ones_own_can_be_left_out():
    said = (("me", 1, "?"), ("ANN", 100, LONG), ("ANN", 160, "and this"))
    assert one(*said)["quick"] is True
    assert (one(*said, leaves_second=True)["quick"], one(*said, leaves_second=True)["left"]) == (False, True)
    others = (("me", 1, "?"), ("BEA", 100, LONG), ("ANN", 160, "and this"))
    assert one(*others, leaves_second=True)["quick"] is True
    late = (("me", 1, "?"), ("ANN", 100, LONG), ("ANN", 161, "and this"))
    assert one(*late, leaves_second=True)["quick"] is True


@pytest.mark.parametrize(("seconds", "is_quick"), [(0, False), (60, False), (61, True), (-1, True)])
def test_a_closing_word_can_be_left_out(seconds, is_quick):
    closed = [(1, "1", NOON - timedelta(hours=1) + timedelta(seconds=100 + seconds))]
    said = (("me", 1, "?"), ("ANN", 100, "done"))
    assert one(*said, closed=closed)["quick"] is True
    assert one(*said, closed=closed, leaves_closing=True)["quick"] is is_quick


def test_names_that_differ_in_case_and_spacing_are_one_persons_shown_as_written_most():
    rows = thread(("ANN  LEE", 1, LONG), ("ANN LEE", 2, LONG), ("ANN LEE", 3, LONG)) + thread(
        ("ＡＮＮ LEE", 9, LONG), ticket="2"
    )
    [person] = table(judged(rows))
    assert (person["sender"], person["name"], person["replies"], person["tickets"]) == ("ANN LEE", "ann lee", 4, 2)
    assert folded("  Straße\tX ") == "strasse x"


def table(replies: pl.DataFrame, measure: Measure | None = None, disputes: Any = ()) -> list[dict[str, Any]]:
    told = pl.DataFrame(list(disputes), schema=DISPUTED, orient="row")
    return scored(with_disputes(replies, told), measure or Measure()).to_dicts()


def test_a_lifted_flag_does_not_count_and_is_told():
    replies = judged(
        thread(("me", 1, "?"), ("ANN", 100, "no"), ("me", 200, "?"), ("me", 300, "?"), ("ANN", 3000, "no"))
    )
    [strict] = table(replies)
    assert (strict["quick"], strict["repeated"], strict["score"]) == (2, 1, 25.0)
    [lifted] = table(replies, None, [(1, "1", "m1", "quick", "lifted"), (1, "1", "m1", "repeated", "stands")])
    assert (lifted["quick"], lifted["quick_lifted"], lifted["repeated"], lifted["score"]) == (1, 1, 1, 50.0)
    [unasked] = table(replies, None, [(1, "1", "m4", "repeated", "lifted"), (1, "1", "m4", "quick", "")])
    assert (unasked["repeated"], unasked["repeated_lifted"], unasked["quick_lifted"]) == (1, 0, 0)


def test_nobody_replied_is_an_empty_table():
    assert table(judged([])) == []


@pytest.mark.parametrize(
    ("replies", "quick", "repeated", "value"),
    [(10, 0, 0, 100), (10, 10, 0, 50), (10, 10, 10, 0), (4, 1, 1, 75), (0, 0, 0, 100)],
)
def test_the_score_is_100_less_50_for_each_rate(replies, quick, repeated, value):
    assert score(replies, quick, repeated, Measure()) == value


def test_no_weight_makes_a_score_less_than_0():
    assert score(1, 1, 1, Measure(quick_weight=100, repeat_weight=100)) == 0.0


@given(st.integers(1, 500), st.data(), st.floats(0, 100), st.floats(0, 100))
@settings(max_examples=1000)
def test_the_terms_of_a_score_sum_to_it(replies, data, quick_weight, repeat_weight):
    quick, repeated = data.draw(st.integers(0, replies)), data.draw(st.integers(0, replies))
    measure = Measure(quick_weight=quick_weight, repeat_weight=repeat_weight)
    parts = term(quick, replies, quick_weight) + term(repeated, replies, repeat_weight)
    assert score(replies, quick, repeated, measure) == pytest.approx(max(0.0, 100 - parts))


MOMENTS = st.none() | st.integers(-90_000, 4_000)
SAID = st.tuples(st.sampled_from(["me", "ANN", "BEA"]), MOMENTS, st.sampled_from(["ok", LONG, "<p>hm</p>"]))
MEASURES = st.builds(Measure, leaves_second=st.booleans(), quick_seconds=st.integers(0, 600))


@given(st.lists(st.lists(SAID, max_size=8), max_size=3), MEASURES)
@settings(max_examples=60)
def test_each_reply_is_judged_as_by_walking_through_its_thread(threads, measure):
    rows = [row for number, said in enumerate(threads) for row in thread(*said, ticket=str(number))]
    found = judged(rows, measure).select("ticket_id", "id", "response", "quick", "repeated").rows()
    plain = [told for number, said in enumerate(threads) for told in walked(str(number), said, measure)]
    assert sorted(found) == sorted(plain)


def walked(ticket: str, said: list[tuple[Any, ...]], measure: Measure) -> list[tuple[Any, ...]]:
    """The rules once more, message by message."""
    found = []
    for place, (who, at, words) in enumerate(said):
        if not who.isupper() or at is None or not -82_800 <= (at or 0) < 3600:
            continue
        asked = next((one for one in reversed(said[:place]) if one[0] == "me"), None)
        gap = float(at - asked[1]) if asked and asked[1] is not None and at >= asked[1] else None
        before = said[place - 1] if place else None
        own = before is not None and before[0] == who and before[1] is not None and 0 <= at - before[1] <= 60
        is_quick = words != LONG or (gap is not None and gap <= measure.quick_seconds)
        until = next((n for n in range(place + 1, len(said)) if said[n][0] != "me"), len(said))
        answers = before is not None and before[0] == "me"
        quick = is_quick and not (own and measure.leaves_second)
        found.append((ticket, f"m{place}", gap if answers else None, quick, until - place - 1 >= 2))
    return found


def test_flags_are_named_once():
    assert ticket_staff.FLAGS == (ticket_staff.QUICK, ticket_staff.REPEATED)
