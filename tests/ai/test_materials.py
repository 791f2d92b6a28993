"""What a ticket gives away of its panel, on both systems: its own messages and its customer's own orders, nobody else's."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from hyperpanel.ai import materials
from hyperpanel.ai.asks import AiTrouble
from hyperpanel.db import panels
from hyperpanel.db.schema import message_versions, messages, orders, tickets, users
from hyperpanel.db.scope import EVERYTHING, Scope
from tests.support.conversations import edited, said, ticket
from tests.support.customers import customer
from tests.support.staged import NOON, order

pytestmark = [pytest.mark.usefixtures("only_scoped"), pytest.mark.loopback]
ROWS = {
    users: [customer("7", username="kadir"), customer("8", username="ayşe")],
    orders: [
        order("2274209", user="kadir", status="partial", quantity=1000, remains=400),
        order("2274210", user="ayşe"),
        order("2274211", "us-2", user="kadir"),
        order("2274212", user="kadir"),
    ],
    tickets: [
        ticket("255", user="kadir", subject="Refill 2274212"),
        ticket("256", user="kadir"),
        ticket("255", "us-2"),
    ],
    messages: [
        said(1, "<p>2274209 <b>and</b> 2274210</p>"),
        said(2, "gone 2274213", gone_at=NOON),
        said(3, "2274211 see <a href='https://x.example/1234567'>1234567</a>", created_at=None),
        said(4, "<img src='x'>", is_staff=True, sender="Destek"),
        said(1, "another ticket 999999", ticket="256"),
        said(1, "another panel 888888", panel="us-2"),
    ],
    message_versions: [edited(3, "before")],
}


@pytest.fixture
async def filled(database):
    async with database.write() as connection:
        for table, some in ROWS.items():
            await connection.execute(insert(table), some)
    return database


def found(database, scope: Scope = EVERYTHING, panel_id: int = 1, ticket_id: str = "255") -> materials.Gathered:
    panel = next(one for one in database.read_now(lambda c: panels.all_of(c, EVERYTHING)) if one.id == panel_id)
    made: materials.Gathered = database.read_now(lambda c: materials.gathered(c, scope, panel, ticket_id))
    return made


async def test_the_ticket_its_messages_and_its_customers_orders_go_in(filled):
    material = found(filled).material
    assert (material.subject, material.customer, material.status) == ("Refill 2274212", "kadir", "pending")
    assert [line.text for line in material.lines] == ["2274209 and 2274210", "2274211 see 1234567", "(no text)"]
    assert [(line.is_staff, line.is_edited) for line in material.lines] == [
        (False, False),
        (False, True),
        (True, False),
    ]
    assert [one.id for one in material.orders] == ["2274212", "2274209"]
    assert material.orders[1].delivered == 600


async def test_of_others_orders_nothing_but_the_number_is_told(filled):
    assert found(filled).material.strangers == ["2274211", "2274210"]


async def test_the_digits_of_a_panels_order_numbers_are_its_own(filled):
    async with filled.write() as connection:
        await connection.execute(update(tickets).values(subject="order 1234 and 2274212"))
        await connection.execute(insert(orders), [order("1234", user="kadir")])
    assert "1234" not in found(filled).numbers
    with_four = next(one for one in filled.read_now(lambda c: panels.all_of(c, EVERYTHING)) if one.id == 1)
    short = panels.Panel(**{**vars(with_four), "order_digits": 4})
    assert "1234" in filled.read_now(lambda c: materials.gathered(c, EVERYTHING, short, "255")).numbers


@pytest.mark.parametrize(
    ("scope", "panel_id", "ticket_id"),
    [(Scope(frozenset({2})), 1, "255"), (EVERYTHING, 1, "no"), (EVERYTHING, 2, "256")],
)
async def test_a_foreign_ticket_is_as_one_that_is_not_there(filled, scope, panel_id, ticket_id):
    with pytest.raises(AiTrouble, match="gone"):
        found(filled, scope, panel_id, ticket_id)


async def test_only_rows_shape_the_digests(filled):
    first = found(filled)
    assert found(filled).rows == first.rows
    async with filled.write() as connection:
        await connection.execute(update(orders).where(orders.c.id == "2274210").values(status="canceled"))
        await connection.execute(insert(messages), [said(2, "of another ticket", ticket="256")])
    assert found(filled).rows == first.rows


CHANGES = {
    "a new message": lambda: insert(messages).values(**said(9, "and now?")),
    "an edited message": lambda: update(messages).where(messages.c.id == f"{1:032x}").values(body="2274209"),
    "a message that is gone": lambda: update(messages).where(messages.c.id == f"{3:032x}").values(gone_at=NOON),
    "the ticket's status": lambda: update(tickets).where(tickets.c.id == "255").values(status="answered"),
    "the ticket's subject": lambda: update(tickets).where(tickets.c.id == "255").values(subject="Refill 2274212!"),
    "an order's status": lambda: update(orders).where(orders.c.id == "2274209").values(status="completed"),
    "an order's remains": lambda: update(orders).where(orders.c.id == "2274209").values(remains=1),
    "an order that is known now": lambda: insert(orders).values(**order("2274211", user="kadir")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_whatever_changes_the_answer_changes_the_digests(filled, change):
    first = found(filled)
    async with filled.write() as connection:
        await connection.execute(change())
    assert found(filled).rows != first.rows


async def test_no_more_than_a_hundred_messages_and_fifty_orders_go_in(filled):
    many = [order(str(3_000_000 + n), user="kadir", created_at=NOON - timedelta(hours=1)) for n in range(60)]
    async with filled.write() as connection:
        await connection.execute(insert(orders), many)
        await connection.execute(insert(messages), [said(100 + n, f"about {3_000_000 + n}") for n in range(60)])
        await connection.execute(insert(messages), [said(200 + n, "and?") for n in range(60)])
    material = found(filled).material
    assert (len(material.lines), material.has_earlier) == (100, True)
    assert (len(material.orders), material.more_orders) == (41, 0)
    async with filled.write() as connection:
        await connection.execute(insert(messages), [said(900, " ".join(one["id"] for one in many))])
    material = found(filled).material
    assert (len(material.orders), material.more_orders) == (50, 11)
    assert set(material.strangers).isdisjoint(one["id"] for one in many)
