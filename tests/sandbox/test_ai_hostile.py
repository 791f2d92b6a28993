"""The catalogue of hostile contents: enough of them, each with a number that stays, most of them of the form that was asked for."""

import json

import pytest

from hyperpanel.ai import forms
from hyperpanel.ai.asks import AiTrouble
from hyperpanel.sandbox import ai_canned, ai_hostile
from hyperpanel.sandbox.ai_hostile import CATALOGUE
from tests.sandbox.test_ai_canned import FACTS, question

FAIR = ai_canned.text(question(FACTS, forms.ANALYSIS.schema))
KINDS = 20


def is_read(text: str) -> bool:
    try:
        forms.read(text, forms.Analysis)
    except AiTrouble:
        return False
    return True


def test_there_are_more_than_two_hundred_of_many_kinds_and_no_two_alike():
    contents = {(one.text, one.ids, one.raw, one.tools, one.is_function) for one in CATALOGUE}
    assert len(contents) == len(CATALOGUE) > 200
    assert len({one.kind for one in CATALOGUE}) >= KINDS
    assert [one.number for one in CATALOGUE] == list(range(len(CATALOGUE)))


def test_most_are_read_as_an_answer_since_the_harm_is_in_the_text():
    assert sum(is_read(ai_hostile.put(one, FAIR)) for one in CATALOGUE) > 200


@pytest.mark.parametrize("kind", sorted({one.kind for one in CATALOGUE if one.text}))
def test_a_text_stands_in_every_text_of_the_answer(kind):
    for one in (one for one in CATALOGUE if one.kind == kind):
        answer = json.loads(ai_hostile.put(one, FAIR))
        assert all(answer[name].endswith(one.text.strip()) for name in ("summary", "wants", "next_step"))


def test_foreign_orders_come_among_those_of_the_answer():
    [first, *_] = [one for one in CATALOGUE if one.ids]
    themes = '{"themes": [{"title": "a", "detail": "b", "tickets": ["7001"]}]}'
    assert json.loads(ai_hostile.put(first, themes))["themes"][0]["tickets"] == ["7001", "906386"]


def test_what_is_no_json_has_it_at_its_end():
    assert ai_hostile.put(CATALOGUE[0], "prose").startswith("prose <script>")
