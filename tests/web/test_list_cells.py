"""Each column of each list has its cells."""

from decimal import Decimal

import pytest

from hyperpanel.web.every_list import LISTS
from hyperpanel.web.languages import load
from hyperpanel.web.list_cells import PARTS, Beside, discount
from tests.support import records


def test_every_column_of_every_list_can_be_in_a_file():
    assert {noun: {one.name for one in kind.kind.columns} for noun, kind in LISTS.items()} == {
        noun: set(parts) for noun, parts in PARTS.items()
    }


@pytest.mark.parametrize(
    ("told", "cell"), [("5", Decimal(5)), ("-2.5", Decimal("-2.5")), ("5%", "5%"), (None, None), ("٥", "٥")]
)
def test_a_discount_is_a_number_where_it_is_one(told, cell):
    beside = Beside(load()["en"], {})
    assert discount(records.user(discount=told), beside) == cell
