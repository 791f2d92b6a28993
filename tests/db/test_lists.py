"""Places in lists: each order of rows knows those that it leads to itself, and bears the furthest that anybody may write into an address."""

from datetime import UTC, datetime

import pytest

from hyperpanel.db import list_pages, orders, payments, services, tickets, users
from hyperpanel.db.lists import ANY, PYTHON, SMALL, Key, Place, Value
from hyperpanel.db.scope import EVERYTHING

LISTINGS = {module.LISTING.table.name: module.LISTING for module in (orders, payments, services, tickets, users)}
ORDERS = [(name, sort) for name, listing in LISTINGS.items() for sort in listing.sorts]
LEAST: dict[type[Value], Value] = {datetime: datetime(1, 1, 1, tzinfo=UTC), int: -(2**63) + 1, str: ""}
MOST: dict[type[Value], Value] = {datetime: datetime(9999, 12, 31, tzinfo=UTC), int: 2**63 - 1, str: "\U0010ffff" * 64}


def places(sort):
    kinds = [PYTHON[type(column.type)] for column in sort.by]
    ends = [tuple(end[kind] for kind in kinds) for end in (LEAST, MOST)]
    small = [tuple(max(-SMALL + 1, min(SMALL - 1, one)) if type(one) is int else one for one in end) for end in ends]
    return [Key(at, panel, "1") for at in (*ends, *small) for panel in (0, SMALL - 1)]


@pytest.mark.usefixtures("only_scoped")
async def test_the_furthest_place_that_fits_is_looked_for_and_none_is_a_bug(database):
    for name, order in ORDERS:
        listing = LISTINGS[name]
        fitting = [key for key in places(listing.sorts[order]) if listing.sorts[order].fits(key)]
        assert fitting
        for key in fitting:
            asked = Place(order, key=key)
            assert database.read_now(lambda c, listing=listing, asked=asked: page(c, listing, asked)) == []


def page(connection, listing, asked):
    return list_pages.page(connection, EVERYTHING, [1, 2], listing, ANY, asked)


def test_a_place_of_another_order_of_rows_fits_nowhere_else():
    numbers = services.LISTING.sorts["id"]
    assert numbers.fits(Key((3,), 1, "100"))
    for at in (("100",), (3, 3), (), (True,), None):
        assert not numbers.fits(Key(at, 1, "100"))


def test_a_panel_that_no_panel_can_be_is_in_no_list():
    rates = services.LISTING.sorts["rate"]
    assert rates.fits(Key((7, 2**62), 7, "1"))
    assert not rates.fits(Key((2**31, 5), 7, "1"))
