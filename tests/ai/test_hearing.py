"""What comes of a streamed answer: one JSON object or nothing, and tokens that are never reserved too few of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperpanel.ai.client import CallTrouble, Question
from hyperpanel.ai.forms import TRANSLATION
from hyperpanel.ai.hearing import Hearing, about, at_most, bare
from hyperpanel.db.ai_providers import Provider
from tests.support.clocks import Hand

QUESTION = Question(Provider("openai", "", False, "m", None, "", None, None), "", "m", "s", "t", TRANSLATION, 10, 1.0)


def hearing(*parts: str, hear=lambda _: None) -> Hearing:
    made = Hearing(QUESTION, Hand(), hear)
    for part in parts:
        made.add(part)
    return made


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('{"a":1}', '{"a":1}'),
        ('```json\n{"a":1}\n```', '{"a":1}'),
        ('```\n{"a":1}\n```\n', '{"a":1}'),
        ('<think>Is it {"b":2}?</think>\n{"a":1}', '{"a":1}'),
        ("<think>not yet", ""),
        ('```json\n{"a":', '{"a":'),
        ('Here: {"a":1}', 'Here: {"a":1}'),
        ('{"a":"```"}', '{"a":"```"}'),
        ('{"a":"<think>"}', '{"a":"<think>"}'),
    ],
)
def test_thoughts_and_a_code_block_come_off_and_nothing_else(said, told):
    assert bare(said) == told


@pytest.mark.parametrize(
    "said", ["", "[]", "7", "null", '{"a":1} {"a":1}', '{"a":1,}', 'Sure: {"a":1}', "[" * 9999, '{"a":"\ud83d"']
)
def test_anything_but_one_object_is_not_of_the_form(said):
    with pytest.raises(CallTrouble, match="form") as caught:
        hearing(said).whole()
    assert caught.value.may_repeat


def test_halves_of_a_sign_that_meet_are_one_and_one_alone_is_none():
    assert hearing('{"a":"', "\ud83d", "\ude00", '"}').whole() == '{"a":"😀"}'
    assert hearing('{"a":"', "\ud83d", '"}').whole() == '{"a":"\ufffd"}'


def test_who_hears_is_told_the_first_word_and_the_whole():
    heard: list[str] = []
    hearing('{"a"', *":1}", hear=heard.append).whole()
    assert heard == ['{"a"', '{"a":1}']


def test_events_come_to_an_end_however_little_is_in_them():
    endless = hearing()
    endless.pieces = 10_000
    with pytest.raises(CallTrouble, match="server"):
        endless.piece()


def test_what_was_not_told_is_estimated_and_what_never_came_is_not():
    begun = hearing('{"a":1}')
    begun.usage = (7, None)
    assert (begun.used().tokens_in, begun.used().is_estimated) == (7, True)
    begun.usage = (7, 3)
    assert not begun.used().is_estimated
    assert hearing().used(is_charged=False).tokens_in is None


@given(st.text())
def test_a_reservation_is_never_less_than_the_estimate(text):
    assert at_most(text) >= about(text)


def test_letters_of_other_scripts_are_reserved_one_by_one():
    assert at_most("سلام" * 100) >= 400
    assert at_most("Привет" * 100) >= 600
    assert at_most("😀" * 100) >= 300
