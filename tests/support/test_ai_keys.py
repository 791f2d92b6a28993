"""Keys of AI providers as they are typed: what keeps, what clears, what is refused, and how little of them is shown."""

import pytest

from hyperpanel.db import ai_providers
from hyperpanel.errors import BadInput
from hyperpanel.support import ai_keys
from tests.support.staged import VAULT


@pytest.mark.parametrize(("text", "found"), [("", None), ("  ", None), ("-", ""), (" - ", ""), (" sk-abc\n", "sk-abc")])
def test_blank_keeps_and_a_hyphen_clears(text, found):
    assert ai_keys.judged(text, "openai_key") == found


@pytest.mark.parametrize("text", ["sk abc", "sk\nabc", "sk\tabc", "şk-abc", "sk-\x7f", "sk-\u200babc", "k" * 501])
def test_what_no_key_holds_is_refused_beside_its_field_and_never_repeated(text):
    with pytest.raises(BadInput) as problem:
        ai_keys.judged(text, "openai_key")
    assert problem.value.field == "openai_key"
    assert text not in str(problem.value)


@pytest.mark.parametrize(("key", "tail"), [("12345678", "5678"), ("1234567", ""), ("", "")])
def test_a_short_key_shows_nothing_of_itself(key, tail):
    assert ai_keys.tail(key) == tail


def test_a_key_is_sealed_for_its_provider_and_none_is_none():
    assert ai_keys.sealed(VAULT, "openai", "") is None
    assert VAULT.open(ai_keys.sealed(VAULT, "openai", "sk-abc") or b"", ai_providers.place("openai")) == "sk-abc"
