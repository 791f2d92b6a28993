"""Numbers and versions in addresses and forms: those that we wrote are read again, others are damage or name nothing."""

from datetime import timedelta

import pytest

from hyperpanel.errors import BadInput, Missing
from hyperpanel.web.numbered import moment, number, place, placed, stamp
from tests.support.staged import NOON


def test_what_we_wrote_is_read_again():
    late = NOON + timedelta(microseconds=1)
    assert moment(stamp(late)) == late
    assert placed(place(late, 7)) == (late, 7)
    assert number("7") == 7


@pytest.mark.parametrize("text", ["x", "-1", "1.5", "٣", "²", "9" * 17, "9" * 16])
def test_what_can_be_no_number_names_nothing(text):
    with pytest.raises(Missing):
        number(text)


@pytest.mark.parametrize("text", ["", None])
def test_no_number_is_damage(text):
    with pytest.raises(BadInput):
        number(text)


@pytest.mark.parametrize("text", ["", "x", "-1", "9" * 19, "9" * 18, "٣"])
def test_what_can_be_no_moment_is_damage(text):
    with pytest.raises(BadInput):
        moment(text)
