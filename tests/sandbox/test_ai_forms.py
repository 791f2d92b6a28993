"""Answers of another form than was asked for: none of them is read as one, but for what JSON itself allows."""

import pytest

from hyperpanel.ai import forms
from hyperpanel.ai.asks import AiTrouble
from hyperpanel.sandbox import ai_canned, ai_forms
from tests.sandbox.test_ai_canned import question

FAIR = ai_canned.text(question("<<<\nhello\n>>>", forms.TRANSLATION.schema))
ALLOWED = ("duplicate_keys", "nul", "surrogate")
"""JSON says nothing against a key that comes twice, nor against these characters once they are escaped."""


@pytest.mark.parametrize("kind", sorted(ai_forms.WRONG))
def test_a_wrong_form_is_wrong(kind):
    said = ai_forms.WRONG[kind](FAIR)
    assert said != FAIR
    if kind not in ALLOWED:
        with pytest.raises(AiTrouble):
            forms.read(said, forms.Translation)


def test_the_largest_is_five_mebibytes():
    assert len(ai_forms.WRONG["huge"](FAIR)) > 5 * 2**20


@pytest.mark.parametrize("kind", sorted(ai_forms.WRONG))
def test_what_is_no_json_to_begin_with_stays_an_answer(kind):
    assert isinstance(ai_forms.WRONG[kind]("prose"), str)
