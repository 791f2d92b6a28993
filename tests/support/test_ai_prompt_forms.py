"""A prompt as it was typed: what is refused, and what is said of it."""

import pytest

from hyperpanel.db.ai_prompts import Wording
from hyperpanel.support.ai_prompt_forms import LONGEST, Typed, judge

GOOD = Typed(purpose="analyze", title="Ours", body="{{conversation}} in {{language}}")


def errors(**changes):
    judged = judge(Typed(**{**GOOD.__dict__, **changes}))
    assert (judged.wording is None) == bool(judged.errors)
    return {field: str(problem) for field, problem in judged.errors.items()}


def test_a_good_one_is_stored_as_it_was_written():
    judged = judge(Typed("intent", "  My  prompt ", "openai", " m-1 ", "Be\r\nbrief. ", ""))
    assert (judged.title, judged.wording) == ("My prompt", Wording("openai", "m-1", "Be\nbrief.", ""))


def test_all_that_is_wrong_is_told_at_once():
    assert set(errors(title=" ", provider="acme", model="a b", system="{{text}}", body="x")) == {
        "title",
        "provider",
        "model",
        "system",
        "body",
    }
    assert "purpose" in errors(purpose="rewrite")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{{conversation}} {{subjects}}", "Nothing fills in {{subjects}}. Did you mean {{subject}}?"),
        ("{{Conversation}}", "Nothing fills in {{Conversation}}. Did you mean {{conversation}}?"),
        ("{{conversation}} {{weather}}", "Nothing fills in {{weather}}. Known here: {{subject}}, {{customer}}"),
        ("{{conversation}} {{a}} {{}}", "Nothing fills in {{}}, {{a}}."),
        ("{{subject}}", "{{conversation}} is missing"),
        ("Hello", "{{conversation}} is missing"),
    ],
)
def test_placeholders_that_nothing_fills_in_or_that_are_missing_are_named(body, said):
    assert errors(body=body)["body"].startswith(said)


def test_each_purpose_has_placeholders_of_its_own():
    assert judge(Typed("themes", "T", body="{{tickets}} of {{service}}")).wording
    assert "{{tickets}}" in errors(body="{{conversation}} {{tickets}}")["body"]


def test_a_placeholder_in_the_system_prompt_is_refused():
    assert errors(system="About {{ customer }}")["system"].startswith("{{ customer }} belongs below")


def test_lengths_are_bounded():
    assert not errors(system="x" * LONGEST, title="x" * 80, model="m" * 100)
    assert set(errors(system="x" * (LONGEST + 1), title="x" * 81, model="m" * 101)) == {"system", "title", "model"}
    assert "body" in errors(body="{{conversation}}" + "x" * LONGEST)


def test_a_text_that_is_only_tried_needs_no_title():
    assert judge(Typed("translate"), needs_title=False).wording is not None
