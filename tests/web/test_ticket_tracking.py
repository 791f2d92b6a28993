"""Ticket tracking on its pages: a line for each of the staff and for each service, opened to their replies and tickets, for who may see."""

from datetime import timedelta
from typing import Any

import pytest

from hyperpanel.db.schema import orders, services, threads
from tests.support.conversations import filled, heard, plain, said, ticket
from tests.support.staged import NOON, mirrored

STAFF, SERVICES = "/tracking/tickets", "/tracking/tickets/services"
LONG = "A reply that has more than twenty-five characters"


def talk(panel: str = "eu-1", staff: str = "ben", number: str = "255") -> list[dict[str, object]]:
    """Two replies: a quick fire that left the customer to write twice, and a good one."""
    told = [
        ("kadir", False, "Where is order 100001?"),
        (staff, True, "wait"),
        ("kadir", False, "Well?"),
        ("kadir", False, "<script>alert(1)</script>Hello?"),
        (staff, True, LONG),
    ]
    return [
        said(
            place, words, number, panel, sender=who, is_staff=ours, created_at=NOON - timedelta(hours=3, minutes=-place)
        )
        for place, (who, ours, words) in enumerate(told)
    ]


@pytest.fixture
async def manager(staged):
    return await staged.signed_in("max")


@pytest.fixture
async def viewer(staged):
    return await staged.signed_in("vic")


@pytest.fixture
async def nobody(staged):
    return await staged.signed_in("nia")


@pytest.fixture
async def talked(staged):
    """eu-1 answered by ben, us-2 by somebody else; one ticket names an order of its customer."""
    opened: dict[str, Any] = {"user": "kadir", "created_at": NOON - timedelta(hours=3), "subject": "Orders - Refill"}
    some = [ticket("255", **opened), ticket("256", **opened), ticket("255", "us-2", **opened)]
    await filled(
        staged,
        tickets=some,
        messages=[*talk(), *talk("us-2", "Zoë <b>")],
        threads=[heard(some[0]["fields"], "255"), heard(some[2]["fields"], "255", "us-2")],
    )
    await staged.keep(mirrored("orders", "100001", user="kadir", service_id="7"), table=orders)
    await staged.keep(mirrored("services", "7", name="Likes [5K/Day]"), table=services)
    return staged


async def test_staff_are_listed_by_name_with_their_figures(talked, manager):
    answer = await manager.get(STAFF)
    text = plain(answer)
    assert "ben 2 1 26 1 min 1 1 50" in text
    assert text.index("ben 2 1") < text.index("Zoë <b>".replace("<", "&lt;").replace(">", "&gt;"))
    assert "of 2 replies" in answer.text
    assert "4 replies" in text


async def test_staff_says_how_to_read_it_with_the_numbers_that_hold(talked, manager):
    text = plain(await manager.get(STAFF))
    assert "fewer than 25 characters, or sent within 30 seconds" in text
    assert "Replies typed in the panel itself count here" in text
    assert "People stand by name." in text


async def test_staff_can_leave_quick_fires_out_by_the_address(talked, manager):
    answer = await manager.get(f"{STAFF}?leave=second")
    assert "/tracking/tickets?leave=second&amp;leave=closing" in answer.text
    assert 'aria-current="true"' in answer.text


async def test_staff_shows_whoever_may_not_measure_their_own_line_alone(talked, ben, viewer):
    own = plain(await ben.get(f"{STAFF}?name=Zoe"))
    assert "ben 2 1 26" in own
    assert "You see your own replies" in own
    assert "None of the replies in this window carries your name." in plain(await viewer.get(STAFF))


async def test_staff_of_an_empty_window_says_so(talked, manager):
    assert "No reply of staff is held of this window." in plain(
        await manager.get(f"{STAFF}?from=2026-01-05&to=2026-01-06")
    )
    wrong = await manager.get(f"{STAFF}?hours=no")
    assert wrong.status_code == 422


async def test_services_counts_tickets_orders_and_complaints(talked, ben):
    text = plain(await ben.get(SERVICES))
    assert "7 Likes [5K/Day] 1 1 Refill 1 255 100001" in text
    assert "Tickets opened 2 About an order 1 Unresolved 1 Orders named 1" in text
    assert "Messages not read yet 1" in text
    assert "1 of 2 tickets read" in text
    assert "Read 1 conversation now" in text


async def test_services_tells_conversations_that_their_tickets_have_outrun(talked, ben):
    await talked.change(threads, {"read_for": 4}, panel_id=1, ticket_id="255")
    text = plain(await ben.get(SERVICES))
    assert "1 of 2 tickets read · 1 changed since" in text
    assert "Read 2 conversations now" in text


async def test_services_does_not_tell_whose_an_order_is_that_is_anothers(talked, manager):
    """On us-2 nobody has an order of this number; that eu-1 has one is not told there."""
    text = plain(await manager.get(f"{SERVICES}?panel=us-2"))
    assert "Their numbers are no order of this customer 1 255 Refill 100001" in text.replace(
        "Orders - Refill", "Refill"
    )
    assert "Likes" not in text


async def test_services_open_to_all_tickets_of_one(talked, ben):
    answer = await ben.get(f"{SERVICES}?of=eu-1/7")
    assert "Tickets about service 7: Likes [5K/Day]" in plain(answer)
    assert 'href="/orders/eu-1/100001"' in answer.text
    assert "Top complaint" in plain(await ben.get(f"{SERVICES}?of=us-2/7"))


async def test_services_without_tickets_say_so(staged, nobody, manager):
    assert "No ticket of this window is held." in plain(await manager.get(SERVICES))
    assert (await nobody.get(SERVICES)).status_code == 200
    assert (await nobody.get(STAFF)).status_code == 200
