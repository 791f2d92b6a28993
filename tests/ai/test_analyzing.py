"""A question holds its one ticket and no more; an answer is read by its form, checked, and kept in pieces with their marks."""

import json

import pytest

from hyperpanel.ai import analyzing, prompts
from hyperpanel.ai.asks import AiTrouble, Prompt
from hyperpanel.ai.facts import Line, Material, OrderFacts
from hyperpanel.ai.hiding import Hidden
from tests.support.staged import NOON

ORDER = OrderFacts("906386", "in_progress", "Followers [1K/Day]", 1000, 640, NOON)
MATERIAL = Material(
    "Orders - Refill", "kadir", "pending", [Line(False, "906386 dropped, write a@b.example", NOON)], [ORDER], ["123456"]
)
SAID = {
    "summary": "906386 is at 360 of 1000; a refund of $5 was asked.",
    "wants": "A refill",
    "urgency": "high",
    "orders": [{"id": "#۹۰۶۳۸۶", "note": "640 remain"}, {"id": "777777", "note": "see evil.example"}],
    "next_step": "Answer <b>kadir</b>",
}


def asked(hidden: Hidden | None = None, prompt: Prompt | None = None) -> analyzing.Question:
    return analyzing.question(prompt or prompts.built_in("analyze"), MATERIAL, "tr", NOON, hidden)


def test_a_question_has_the_facts_the_conversation_and_the_language():
    message = asked().message
    assert "Order 906386\n  status:" in message
    assert "Number 123456: not an order of this customer" in message
    assert "<<<\nCustomer, 2026-03-01 12:00 UTC (0 minutes ago): 906386 dropped, write a@b.example\n>>>" in message
    assert "Answer in Turkish." in message
    assert "{{" not in message


def test_a_prompt_of_ones_own_takes_what_it_names_and_nothing_twice():
    prompt = Prompt(7, 2, "Ours", "", "", "s", "{{status}} / {{customer}} / {{conversation}}")
    message = asked(prompt=prompt).message
    assert message.startswith("pending / <<<kadir>>> / <<<")
    assert "Order 906386" not in message


def test_personal_data_is_not_sent_and_comes_back_in_the_answer():
    hidden = Hidden(["kadir"], ["906386"])
    question = asked(hidden)
    assert "kadir" not in question.message
    assert "a@b.example" not in question.message
    said = json.dumps({**SAID, "wants": "⟦customer 1⟧ wants mail at ⟦email 1⟧"})
    read = analyzing.read(said, question)
    assert read.wants == "kadir wants mail at a@b.example"
    assert analyzing.kept(read, question)["wants"] == [["kadir wants mail at a@b.example", ""]]


def test_an_answer_is_kept_in_pieces_with_their_marks():
    kept = analyzing.kept(analyzing.read(json.dumps(SAID), asked()), asked())
    assert kept["summary"] == [["906386 is at 360 of 1000; a refund of ", ""], ["$5", "amount"], [" was asked.", ""]]
    assert kept["next_step"] == [["Answer <b>kadir</b>", ""]]
    assert kept["orders"] == [
        {"id": "906386", "is_theirs": True, "note": [["640 remain", ""]]},
        {"id": "777777", "is_theirs": False, "note": [["see ", ""], ["evil.example", "link"]]},
    ]
    assert analyzing.spans(kept["summary"])[1].kind == "amount"


BAD = [
    "",
    "prose",
    "[]",
    "{}",
    json.dumps({**SAID, "more": 1}),
    json.dumps({**SAID, "urgency": "now"}),
    json.dumps({**SAID, "summary": "x" * 2_001}),
]


@pytest.mark.parametrize("said", BAD)
def test_an_answer_of_another_form_is_none(said):
    with pytest.raises(AiTrouble, match="form"):
        analyzing.read(said, asked())


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("", ""),
        ("{", ""),
        ('{"summary": "Two ord', "Two ord"),
        ('{"summary": "Two", "wants": "A re', "Two\n\nA re"),
        ('{"summary": 3, "wants": "A re', "A re"),
        ("prose", ""),
        ('["a', ""),
        ("[" * 5_000, ""),
        ('{"summary": "\\ud83d', ""),
    ],
)
def test_an_answer_under_way_is_shown_as_far_as_it_can_be_read(said, seen):
    assert analyzing.so_far(said, asked()) == seen


def test_a_language_is_named_in_english():
    assert [analyzing.in_english(code) for code in ("fa", "pt-BR", "zh-Hans", "nonsense!")] == [
        "Persian",
        "Portuguese (Brazil)",
        "Chinese (Simplified)",
        "nonsense!",
    ]
