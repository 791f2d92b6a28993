from collections import Counter
from itertools import pairwise

import pytest

from hyperpanel.sandbox import ticket_moves, truth
from hyperpanel.sandbox.picks import New, Which
from tests.sandbox.conftest import small


@pytest.fixture(scope="module")
def rows():
    return truth.rows(small(orders=12_000, tickets=1500).panels[0], "tickets")


@pytest.fixture
def panel():
    return small(orders=2000, tickets=100).panels[0]


def by_id(panel):
    return {row["id"]: row for row in truth.rows(panel, "tickets")}


def messages(rows, staff=None):
    return [one for row in rows for one in row["messages"] if staff is None or one["is_staff"] == staff]


def test_there_are_exactly_as_many_as_asked_for(rows):
    assert len(rows) == 1500


def test_every_status_occurs(rows):
    assert {row["status"] for row in rows} == {"pending", "answered", "closed", "locked"}


def test_a_ticket_opens_with_a_word_of_its_customer(rows):
    assert {row["messages"][0]["is_staff"] for row in rows} == {False}
    assert all(row["messages"][0]["created_timestamp"] == row["created_timestamp"] for row in rows)


def test_messages_come_in_their_order_and_none_is_of_the_future(rows):
    moments = [[one["created_timestamp"] for one in row["messages"]] for row in rows]
    assert all(a <= b for one in moments for a, b in pairwise(one))
    assert all(one[-1] <= row["last_update_timestamp"] for one, row in zip(moments, rows, strict=True))


def test_who_spoke_last_tells_whose_turn_it_is(rows):
    turns = {
        (row["status"], row["messages"][-1]["is_staff"]) for row in rows if row["status"] in ("pending", "answered")
    }
    assert turns == {("pending", False), ("answered", True)}


def test_an_assignee_is_who_answered(rows):
    assert {row["assignee"] is None for row in rows if not messages([row], staff=True)} == {True}


def test_some_staff_answer_at_once_and_some_with_a_word(rows):
    answers = messages(rows, staff=True)
    assert 0.05 < sum(len(one["body"]) < 32 for one in answers) / len(answers) < 0.6
    hasty = [b for row in rows for a, b in pairwise(row["messages"]) if b["is_staff"] and not a["is_staff"]
             and b["created_timestamp"] - a["created_timestamp"] < 30]  # fmt: skip
    assert len(hasty) > 20


def test_many_write_again_before_they_are_answered(rows):
    again = [row for row in rows if any(not a["is_staff"] and not b["is_staff"] for a, b in pairwise(row["messages"]))]
    assert len(again) > 300


def test_subjects_name_the_complaint_or_say_nothing(rows):
    heads = Counter(row["subject"].partition(" - ")[0] for row in rows)
    assert heads["Orders"] > 500
    assert heads["Payment"] > 100
    assert len(heads) > 20


def test_numbers_that_are_asked_about_are_orders_mostly_of_the_same_customer():
    panel = small(orders=12_000, tickets=1500).panels[0]
    owners = {row["id"]: row["user"] for row in truth.orders(panel)}
    named = [(row["user"], number) for row in truth.rows(panel, "tickets") for number in row["order_ids"]]
    foreign = sum(owners[number] != user for user, number in named)
    assert 0 < foreign < 0.1 * len(named)


def test_files_and_hostile_texts_occur(rows):
    assert any(one["files"] for one in messages(rows))
    assert any("<script>" in one["body"] for one in messages(rows, staff=False))


def test_settling_in_steps_ends_where_one_leap_ends(panel):
    other = small(orders=2000, tickets=100).panels[0]
    for one, steps in ((panel, [7_000] * 60), (other, [420_000])):
        for step in steps:
            one.clock.step(step)
            one.settle()
    assert truth.rows(panel, "tickets") == truth.rows(other, "tickets")


def test_tickets_live_as_the_clock_runs():
    panel = small(orders=2000, tickets=1500).panels[0]
    before = by_id(panel)
    panel.clock.step(3 * 86_400)
    after = by_id(panel)
    assert len(after) > len(before)
    grown = [key for key in before if len(after[key]["messages"]) > len(before[key]["messages"])]
    assert grown
    assert all(after[key]["messages"][: len(before[key]["messages"])] != [] for key in grown)


def test_what_is_said_stays_said(panel):
    before = by_id(panel)
    panel.clock.step(10 * 86_400)
    after = by_id(panel)
    for key, row in before.items():
        told = [(one["sender_name"], one["body"], one["created_timestamp"]) for one in row["messages"]]
        now = [(one["sender_name"], one["body"], one["created_timestamp"]) for one in after[key]["messages"]]
        assert now[: len(told)] == told


def test_new_tickets_have_a_message_and_the_clocks_time(panel):
    new = ticket_moves.create(panel, New(count=5))
    rows = by_id(panel)
    assert [rows[key]["created_timestamp"] for key in new] == [panel.tickets.now] * 5


@pytest.mark.parametrize(("staff", "status"), [(True, "answered"), (False, "pending")])
def test_a_reply_changes_whose_turn_it_is(panel, staff, status):
    moved = ticket_moves.reply(panel, ticket_moves.Reply(count=10, staff=staff, body="<p>hello</p>"))
    rows = by_id(panel)
    assert {(rows[key]["status"], rows[key]["messages"][-1]["body"]) for key in moved} == {(status, "<p>hello</p>")}
    assert {rows[key]["last_update_timestamp"] for key in moved} == {panel.tickets.now}


@pytest.mark.parametrize("touch", [True, False])
def test_an_edit_shows_in_the_list_only_if_it_touches_the_ticket(panel, touch):
    before = by_id(panel)
    [key] = ticket_moves.edit(panel, ticket_moves.Edit(index=0, body="<p>other</p>", touch=touch))
    after = by_id(panel)[key]
    assert after["messages"][0]["body"] == "<p>other</p>"
    assert after["messages"][1:] == before[key]["messages"][1:]
    assert (after["last_update_timestamp"] != before[key]["last_update_timestamp"]) == touch


def test_a_message_that_is_not_there_cannot_be_edited(panel):
    with pytest.raises(ValueError, match="messages, numbered from 0"):
        ticket_moves.edit(panel, ticket_moves.Edit(index=99))


def test_a_message_may_vanish_but_never_the_last(panel):
    before = sum(len(row["messages"]) for row in by_id(panel).values())
    for _ in range(30):
        ticket_moves.delete_message(panel, ticket_moves.Edit(count=100))
    rows = by_id(panel).values()
    assert (len(rows), sum(len(row["messages"]) for row in rows)) == (100, 100)
    assert before > 300


def test_every_moved_ticket_has_changed(panel):
    before = by_id(panel)
    moved = ticket_moves.move(panel, Which(count=50))
    after = by_id(panel)
    assert {key for key in before if after[key] != before[key]} == set(moved)


def test_a_reading_is_seen_without_an_update():
    panel, seen = small(orders=2000, tickets=1500).panels[0], 0
    places = range(1500)
    before = [panel.tickets[place] for place in places]
    for _ in range(144):
        panel.clock.step(600)
        panel.settle()
        after = [panel.tickets[place] for place in places]
        seen += sum(a.is_read != b.is_read and a.updated == b.updated for a, b in zip(before, after, strict=True))
        before = after
    assert seen
