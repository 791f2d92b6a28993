"""A name that was another customer's: what came under it then is theirs, on every page that leads to a customer."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from hyperpanel.db.schema import payments, user_renames
from tests.support.conversations import filled, heard, said, ticket
from tests.support.customers import customer, payment, renamed
from tests.support.staged import NOON, order

DAY = timedelta(days=1)


@pytest.fixture
async def taken_over(staged):
    """Ali (1) was renamed ten days ago; somebody else (2) has been called ali since yesterday."""
    await filled(
        staged,
        tickets=[ticket("255", user="ali", user_id="2")],
        messages=[said(1, "order 2274209 please")],
        threads=[heard(1)],
        users=[customer("1", username="veli"), customer("2", username="ali", created_at=NOON - DAY)],
        orders=[order("2274209", user="ali", created_at=NOON - 100 * DAY)],
    )
    async with staged.database.write() as connection:
        await connection.execute(insert(user_renames), [renamed("ali", "veli", NOON - 10 * DAY, id="1")])
        await connection.execute(
            insert(payments), [payment("9", user="ali", user_id=None, created_at=NOON - 100 * DAY)]
        )


async def test_a_ticket_shows_nothing_of_whoever_had_the_name_before(taken_over, ana):
    page = (await ana.get("/tickets/eu-1/255")).text
    assert "/orders/eu-1/2274209" not in page
    assert "/users/eu-1/2" in page


@pytest.mark.parametrize("path", ["/orders/eu-1/2274209", "/payments/eu-1/9"])
async def test_a_record_leads_to_who_had_the_name_then(taken_over, ana, path):
    page = (await ana.get(path)).text
    assert "/users/eu-1/1" in page
    assert "/users/eu-1/2" not in page


async def test_a_list_leads_to_nobody_where_a_name_is_told_in_two_ways(taken_over, ana):
    page = (await ana.get("/payments")).text
    assert "/users/eu-1/" not in page
