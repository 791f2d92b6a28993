"""Ticket tracking by service: which numbers name orders, what is counted once, and why the others are unresolved."""

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.ticket_services import NO_NUMBER, NO_ORDER, UNREAD, about, numbers

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SAID: dict[str, Any] = {"panel_id": pl.Int64, "ticket_id": pl.String, "place": pl.Int64, "body": pl.String}
OWN: dict[str, Any] = {"panel_id": pl.Int64, "ticket_id": pl.String, "number": pl.String, "service_id": pl.String}
TICKETS: dict[str, Any] = {
    "panel_id": pl.Int64, "ticket_id": pl.String, "subject": pl.String, "created_at": pl.Datetime("us", "UTC"),
    "is_read": pl.Boolean, "is_behind": pl.Boolean,
}  # fmt: skip


def found(*bodies: str, fewest: int = 6) -> list[str]:
    rows = [(1, "1", place, body) for place, body in enumerate(bodies)]
    return numbers(pl.DataFrame(rows, schema=SAID, orient="row"), {1: fewest})["number"].to_list()


VECTORS = {
    "refill 2274209 and 2274210": ["2274209", "2274210"],
    "order #12345": [],
    "…/video/7301234567890123456": [],
    "+905551234567": [],
    "سفارش ۲۲۷۴۲۰۹": ["2274209"],
    "<p>order&nbsp;#2274209</p>": ["2274209"],
    "&#50;&#50;&#55;&#52;&#50;&#48;&#57;": ["2274209"],
    "227<b>42</b>09": ["2274209"],
    "2274209<br>2274210": ["2274209", "2274210"],
    '<a href="https://shop.example/2274209">2274209</a>': [],
    '<img src="https://shop.example/2274209.png">': [],
}


@pytest.mark.parametrize(("body", "told"), VECTORS.items(), ids=range(len(VECTORS)))
def test_order_numbers_are_read_from_messages(body, told):
    assert found(body) == told


def test_each_panel_has_its_own_fewest_digits():
    rows = [(panel, "1", 0, "order 1234 and 123456") for panel in (1, 2)]
    told = numbers(pl.DataFrame(rows, schema=SAID, orient="row"), {1: 4, 2: 6})
    assert told.select("panel_id", "number").rows() == [(1, "1234"), (1, "123456"), (2, "123456")]
    assert found("order 123456 and 12345678", fewest=8) == ["12345678"]


def test_numbers_stand_in_the_order_of_the_messages_each_once():
    assert found("300003 and 100001", "200002 and 300003") == ["300003", "100001", "200002"]


def made(tickets: list[tuple[Any, ...]], own: list[tuple[Any, ...]], said: dict[str, str] | None = None) -> Any:
    """`tickets`: (id, subject[, is_read]), the first the latest."""
    rows = [
        (1, id, subject, NOON - timedelta(minutes=n), *(read or [True]), False)
        for n, (id, subject, *read) in enumerate(tickets)
    ]
    words = said if said is not None else {ticket: f"{number}" for _, ticket, number, _ in own}
    bodies = [(1, ticket, 0, body) for ticket, body in words.items()]
    told = numbers(pl.DataFrame(bodies, schema=SAID, orient="row"), {1: 6})
    frame = pl.DataFrame(rows, schema=TICKETS, orient="row")
    return about(frame, told, pl.DataFrame(own, schema=OWN, orient="row"))


def test_a_ticket_about_two_services_counts_in_both_and_once_in_the_whole():
    own = [(1, "1", "100001", "7"), (1, "1", "100002", "8"), (1, "2", "100003", "7")]
    report = made([("1", None), ("2", None), ("3", None)], own, {"1": "100001 100002", "2": "100003"})
    assert report.services.select("service_id", "tickets", "orders").rows() == [("7", 2, 2), ("8", 1, 1)]
    assert (report.tickets, report.resolved, report.orders) == (3, 2, 3)


def test_an_order_named_in_two_tickets_is_one_order():
    own = [(1, "1", "100001", "7"), (1, "2", "100001", "7")]
    report = made([("1", None), ("2", None)], own)
    assert (report.services["tickets"][0], report.services["orders"][0], report.orders) == (2, 1, 1)


COMPLAINTS = {
    ("Orders - Refill",): "Refill",
    ("Orders - Refill", "Orders - Speed Up", "Order - refill "): "Refill",
    ("Orders - Refill", "Orders - refill", "orders - refill"): "refill",
    ("Orders - Not started - Cancel",): "Cancel",
    ("Refill",): "",
    (None,): "",
    ("Orders -Refill", "Orders - B", "Orders - A"): "",
}


@pytest.mark.parametrize(("subjects", "top"), COMPLAINTS.items(), ids=range(len(COMPLAINTS)))
def test_the_top_complaint_is_the_last_part_of_most_subjects(subjects, top):
    own = [(1, str(n), "100001", "7") for n in range(len(subjects))]
    assert made([(str(n), subject) for n, subject in enumerate(subjects)], own).services["complaint"].to_list() == [top]


def test_samples_are_the_latest_three_tickets_with_their_first_three_orders_of_that_service():
    tickets = [(str(n), None) for n in range(4)]
    words = {str(n): "100004 100003 100002 100001 200001" for n in range(4)}
    own = [(1, str(n), f"10000{k}", "7") for n in range(4) for k in (1, 2, 3, 4)] + [(1, "0", "200001", "8")]
    report = made(tickets, own, words)
    told = report.samples.filter(pl.col("service_id") == "7").select("ticket_id", "numbers").rows()
    assert told == [(ticket, ["100004", "100003", "100002"]) for ticket in ("0", "1", "2")]
    assert report.samples.filter(pl.col("service_id") == "8").select("ticket_id", "numbers").rows() == [
        ("0", ["200001"])
    ]


def test_what_is_unresolved_says_why():
    tickets = [("1", None), ("2", None), ("3", None, False), ("4", None)]
    report = made(tickets, [(1, "1", "100001", "7")], {"1": "100001", "2": "999999", "4": "help"})
    told = report.unresolved.select("ticket_id", "why", "numbers").rows()
    assert told == [("2", NO_ORDER, ["999999"]), ("3", UNREAD, []), ("4", NO_NUMBER, [])]
    assert (report.read, report.tickets) == (3, 4)


def test_no_tickets_are_an_empty_report():
    report = made([], [])
    assert (report.services.height, report.samples.height, report.unresolved.height, report.tickets) == (0, 0, 0, 0)


MATCHED = st.tuples(st.integers(0, 5), st.integers(100_001, 100_009), st.integers(1, 3))


@given(st.lists(MATCHED, max_size=25))
@settings(max_examples=40)
def test_counts_are_those_of_sets(some):
    service_of = {number: str(service) for _, number, service in some}
    pairs = sorted({(str(ticket), number) for ticket, number, _ in some})
    words = {ticket: " ".join(str(n) for t, n in pairs if t == ticket) for ticket, _ in pairs}
    own = [(1, ticket, str(number), service_of[number]) for ticket, number in pairs]
    report = made([(str(n), None) for n in range(6)], own, words)
    for service, tickets, orders in report.services.select("service_id", "tickets", "orders").rows():
        assert tickets == len({ticket for ticket, number in pairs if service_of[number] == service})
        assert orders == len({number for _, number in pairs if service_of[number] == service})
    assert (report.services.height, report.resolved) == (len({*(service_of[n] for _, n in pairs)}), len(words))
    assert report.resolved + report.unresolved.height == report.tickets == 6
