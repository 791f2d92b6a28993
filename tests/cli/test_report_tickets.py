"""`report tickets-by-staff` and `tickets-by-service`: the same rows as the functions that the pages show, for people and for scripts."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert

from hyperpanel.clock import SystemClock
from hyperpanel.db.schema import messages, orders, threads, tickets
from hyperpanel.db.scope import Scope
from hyperpanel.support import ticket_tracking
from hyperpanel.support.ticket_tracking import Asked
from reports.windows import of_hours
from tests.support.conversations import heard, said, ticket
from tests.support.staged import cast, order

pytestmark = pytest.mark.loopback
STAFF, SERVICES = ("report", "tickets-by-staff"), ("report", "tickets-by-service")
WORDS = [
    ("kadir", "Where is order 100001?"),
    ("Ben", "wait"),
    ("kadir", "Well?"),
    ("Ben", "It was sent again just now, sorry."),
]


@pytest.fixture
def told(home, opened):
    """A ticket of eu-1 about an order, which Ben answered twice; one without a number; one that was not read."""
    now = SystemClock().now()

    async def fill():
        at = now - timedelta(hours=2)
        some = [ticket(id, user="kadir", created_at=at, subject="Orders - Refill") for id in ("255", "256", "257")]
        talk = [
            said(n, words, sender=who, is_staff=who == "Ben", created_at=at + timedelta(minutes=n))
            for n, (who, words) in enumerate(WORDS)
        ]
        async with opened() as database:
            await cast(database, now - timedelta(days=3))
            async with database.write() as connection:
                await connection.execute(insert(tickets), some)
                await connection.execute(insert(messages), [*talk, said(1, "hi", "256")])
                held = [heard(one["fields"], one["id"]) for one in some[:2]]
                await connection.execute(insert(threads), held)
                await connection.execute(insert(orders), order("100001", user="kadir", created_at=at))

    asyncio.run(fill())
    return now


def asked(opened, work, now):
    async def done():
        async with opened() as database:
            return await database.reader.ask(work, Asked(Scope(frozenset({1, 2, 3})), of_hours(24, now)))

    return asyncio.run(done())


def test_staff_is_told_as_on_the_page(home, opened, told):
    found = home.told(*STAFF)
    page = asked(opened, ticket_tracking.by_staff, told)
    names = [name for name in page.people.columns if name not in ("name", "sender")]
    assert [{name: row[name] for name in names} for row in found["rows"]] == page.people.select(names).to_dicts()
    assert [(row["staff"], row["quick"], row["score"]) for row in found["rows"]] == [("Ben", 1, 75.0)]
    assert (found["measure"]["quick_characters"], found["panels_in_all"]) == (25, 3)


def test_staff_for_people_says_how_old_the_data_is(home, told):
    text = home.done(*STAFF)
    assert "0 of 3 panels on time" in text
    assert "Ben" in text
    assert "2 replies of 1 people; 0 without a time are in no window." in text


def test_services_are_told_as_on_the_page(home, opened, told):
    found = home.told(*SERVICES)
    about = asked(opened, ticket_tracking.by_service, told).about
    assert (found["tickets"], found["resolved"], found["orders"]) == (about.tickets, about.resolved, about.orders)
    assert found["unresolved"] == {"no_order": 0, "no_number": 1, "unread": 1}
    [row] = found["rows"]
    assert (row["panel"], row["service"], row["complaint"]) == ("eu-1", "170", "Refill")
    assert row["samples"] == [{"ticket": "255", "orders": ["100001"]}]
    assert found["tickets_read"] == 2


def test_services_for_people(home, told):
    text = home.done(*SERVICES, "--panel", "eu-1")
    assert "3 tickets opened, 1 about an order; 2 of 3 read." in text
    assert "Unresolved: 1 name no order number, 1 are not read yet." in text


def test_a_panel_that_is_not_there_is_named(home, told):
    assert "nope" in home.refused(*STAFF, "--panel", "nope")
