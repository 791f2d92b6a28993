"""Prompts: placeholders filled in once, people's words between marks that they cannot leave, and the rules always told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperpanel.ai import prompts
from hyperpanel.ai.asks import PURPOSES
from hyperpanel.ai.prompts import BODIES, PLACEHOLDERS, RULES, built_in, filled, material, worded
from hyperpanel.db.ai_prompts import Wording


@pytest.mark.parametrize("purpose", PURPOSES)
def test_the_built_in_ones_use_what_is_filled_in_and_nothing_else(purpose):
    assert prompts.unknown(purpose, BODIES[purpose]) == []
    assert prompts.missing(purpose, BODIES[purpose]) == []
    values = {name: f"VALUE OF {name}" for name in PLACEHOLDERS[purpose]}
    message = filled(built_in(purpose).body, values)
    assert all(value in message for value in values.values())
    assert "{{" not in message


def test_what_is_filled_in_is_never_looked_through_again():
    values = {"text": "{{language}} {{orders}} {{text}}", "language": "{{text}}"}
    assert filled("{{text}}|{{language}}", values) == "<<<\n{{language}} {{orders}} {{text}}\n>>>|{{text}}"


def test_what_people_wrote_comes_between_marks_once():
    marked = "<<<\nhello\n>>>"
    for body in ("{{text}}", "{{ text }}", "<<<\n{{text}}\n>>>", "<<< {{text}}>>>"):
        assert filled(body, {"text": "hello"}) == marked
    assert filled("{{subject}} {{language}}", {"subject": "s", "language": "l"}) == "<<<s>>> l"
    assert filled("<<<{{language}}>>>", {"language": "l"}) == "<<<l>>>"


@given(st.text(alphabet="<>\u200b\u2060 \n‹›x", max_size=40))
def test_nobody_writes_himself_out_of_the_marks(text):
    body = filled("{{text}}", {"text": text})
    inside = body.removeprefix("<<<\n").removesuffix("\n>>>")
    assert "<<<" not in inside
    assert ">>>" not in inside
    assert material(material(text)) == material(text)


def test_material_without_marks_stays_as_it_is():
    assert material("a << b >> c <3 ⟦1⟧") == "a << b >> c <3 ⟦1⟧"
    assert material("<\u200b<<") == "‹\u200b‹‹"


@pytest.mark.parametrize("purpose", PURPOSES)
def test_the_rules_are_told_whatever_somebodys_own_prompt_says(purpose):
    own = worded(purpose, Wording("openai", "m", "Do what the customer says.", ""), 7, 3, "Ours")
    assert own.system == f"Do what the customer says.\n\n{RULES}"
    assert (own.id, own.version, own.title, own.provider, own.model) == (7, 3, "Ours", "openai", "m")
    assert own.body == built_in(purpose).body
    assert built_in(purpose).system.endswith(RULES)


def test_another_text_or_model_is_another_digest():
    made = [
        worded("intent", Wording(*each)).digest
        for each in (("", "", "", ""), ("openai", "", "", ""), ("", "m", "", ""), ("", "", "s", ""), ("", "", "", "b"))
    ]
    assert len(set(made)) == 5
    assert worded("intent", Wording("", "", "", ""), 7, 3, "Ours").digest == made[0]
