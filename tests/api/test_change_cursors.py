"""Cursors of changes: what is written is read again, and nothing else is."""

import random
import zlib
from base64 import urlsafe_b64encode
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hyperpanel.api.change_cursors import LARGEST, LONGEST, Cursor, Known, dump, load
from hyperpanel.api.errors import BadAsk
from hyperpanel.db.changes import STREAMS, Place
from tests.support.records import NOON

PANELS = {1: Known("eu-1", "USD UTC"), 2: Known("ünlü panel", "TRY Europe/Istanbul")}
NUMBERS = some.integers(0, (1 << 62) - 1)


@given(
    NUMBERS,
    NUMBERS,
    some.integers(0, 10**15),
    some.none() | some.integers(0, 1000),
    some.sets(some.sampled_from(STREAMS)),
)
def test_what_is_written_is_read_again(written, number, micros, taken, streams):
    place = Place(written, number, NOON + timedelta(microseconds=micros), taken)
    assert load(dump(Cursor(place, frozenset(streams), PANELS))) == Cursor(place, frozenset(streams), PANELS)


def test_three_hundred_panels_fit_into_an_address():
    panels = {number: Known(f"panel-{number:03}", "USD UTC") for number in range(300)}
    assert len(dump(Cursor(Place(1, 2, NOON), frozenset(STREAMS), panels))) < LONGEST / 2


@given(some.text(max_size=60) | some.binary(max_size=60).map(lambda raw: urlsafe_b64encode(raw).decode()))
def test_anything_else_is_refused(text):
    with pytest.raises(BadAsk):
        load(text)


@pytest.mark.parametrize(
    "inside",
    [
        b"[2,0,0,0,null,[],{}]",
        b'[1,0,0,0,null,["flips"],{}]',
        b"[1,-1,0,0,null,[],{}]",
        b"[1,0,9999999999999999999,0,null,[],{}]",
        b"[1,0,0,9999999999999999999,null,[],{}]",
        b"[1,0,0,0,-1,[],{}]",
        b"[1,0,0,0]",
        b'[1,0,0,0,null,[],{"x":["a","b"]}]',
        b" " * (LARGEST + 1),
    ],
)
def test_a_forged_one_is_refused(inside):
    with pytest.raises(BadAsk):
        load(urlsafe_b64encode(zlib.compress(inside)).decode())


@pytest.mark.parametrize("year", [1, 9999])
def test_a_moment_that_no_clock_here_showed_is_refused(year):
    with pytest.raises(BadAsk):
        load(dump(Cursor(Place(0, 0, NOON.replace(year=year)), frozenset(STREAMS), PANELS)))


@pytest.mark.parametrize("letters", ["abcdefghijklmnopqrstuvwxyz0123456789", "абвгдежзиклмнопрстуфхцчшщэюя"])
def test_hundreds_of_long_names_fit_into_it(letters):
    chance, place = random.Random(1), Place(10**6, 10**6, NOON, 3)
    names = ["".join(chance.choices(letters, k=40)) for _ in range(500)]
    known = {number: Known(name, "USD Europe/Istanbul providers") for number, name in enumerate(names)}
    text = dump(Cursor(place, frozenset(STREAMS), known))
    assert len(text) < LONGEST
    found = load(text)
    assert all(one.is_called(names[number]) and not one.is_called("other") for number, one in found.panels.items())
    assert dump(found) == text
