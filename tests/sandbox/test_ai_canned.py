"""Canned answers are valid by the schema, say that they are canned, and are made of the question alone."""

import json

import pytest

from hyperpanel.ai import forms
from hyperpanel.sandbox import ai_canned
from hyperpanel.sandbox.ai_exchange import Question
from hyperpanel.sandbox.ai_words import language

FACTS = (
    "Status of the ticket: open\n\nFacts of the orders:\nOrder 12345: status partial, delivered 400 of 1000\nOrder 12346: status completed\n\n"
    "Conversation:\n<<<\nCustomer: where is 12345? I want a refund, urgent\n>>>"
)


def question(text, schema=None, form="schema", system=""):
    return Question("openai", "canned", system, text, schema, form, None, False, False, 1)


def said(form, text):
    return json.loads(ai_canned.text(question(text, form.schema)))


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        (forms.TRANSLATION, forms.Translation),
        (forms.INTENT, forms.Intent),
        (forms.ANALYSIS, forms.Analysis),
        (forms.THEMES, forms.Themes),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
@pytest.mark.parametrize("text", [FACTS, "", "<<<\n\n>>>", "no marks at all 88123"])
def test_every_form_is_filled_in_validly_and_says_that_it_is_canned(form, kind, text):
    answer = ai_canned.text(question(text, form.schema))
    forms.read(answer, kind)
    assert "[canned" in answer or kind is forms.Themes


def test_a_translation_keeps_the_signs_where_they_were():
    answer = said(forms.TRANSLATION, "Translate:\n<<<\nGive ⟦2⟧ back for ⟦1⟧\n>>>")
    assert answer == {"language": "en", "text": "[canned translation] Give ⟦2⟧ back for ⟦1⟧"}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("I want my money back for 70011", "refund"),
        ("siparişimi iptal edin", "cancel"),
        ("Подписчики отписались, сделайте рефилл: упал счёт", "refill"),
        ("سفارش من را لغو کنید", "cancel"),
        ("Meu pagamento por pix não entrou", "payment"),
        ("zzz", "other"),
    ],
)
def test_an_intent_is_found_in_five_languages(text, intent):
    assert said(forms.INTENT, f"What?\n<<<\n{text}\n>>>")["intent"] == intent


def test_an_analysis_names_only_orders_that_have_facts():
    answer = said(forms.ANALYSIS, FACTS)
    assert [note["id"] for note in answer["orders"]] == ["12345", "12346"]
    assert "delivered 400 of 1000" in answer["orders"][0]["note"]
    assert answer["urgency"] == "high"


def test_themes_put_tickets_with_the_same_word_together():
    text = "Tickets:\n<<<\n7001: Dropped followers\n7002: Dropped likes\n7003: Payment missing\n>>>"
    found = {theme["title"]: theme["tickets"] for theme in said(forms.THEMES, text)["themes"]}
    assert found == {"[canned] dropped": ["7001", "7002"], "[canned] payment": ["7003"]}


def test_an_unknown_schema_gets_the_smallest_answer():
    schema = {
        "type": "object",
        "required": ["a", "b", "c", "d", "e"],
        "properties": {
            "a": {"type": "array", "items": {"type": "string"}}, "b": {"type": "integer", "minimum": 3}, "c": {"enum": ["x", "y"]},
            "d": {"type": "object", "required": [], "properties": {}}, "e": {"type": ["null", "string"]}, "f": {"type": "string"},
        },
    }  # fmt: skip
    assert json.loads(ai_canned.text(question("", schema))) == {"a": [], "b": 3, "c": "x", "d": {}, "e": None}


def test_a_schema_in_the_words_of_the_prompt_is_followed_too():
    told = f"Answer by this schema: {json.dumps(dict(forms.TRANSLATION.schema))}"
    assert "[canned translation] hello" in ai_canned.text(question("<<<\nhello\n>>>", form="object", system=told))


@pytest.mark.parametrize("form", ["object", "prose"])
def test_without_a_schema_it_says_so(form):
    assert "[canned]" in ai_canned.text(question("hello", form=form))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Where is it?", "en"),
        ("Sipariş nerede", "tr"),
        ("Где заказ", "ru"),
        ("سفارش کجاست", "fa"),
        ("Onde está o pedido", "pt"),
    ],
)
def test_a_language_is_guessed(text, code):
    assert language(text) == code
