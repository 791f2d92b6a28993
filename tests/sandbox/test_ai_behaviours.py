"""How the AI server misbehaves: one after another, so many times, for whom it was meant."""

import pytest

from hyperpanel.sandbox.ai_behaviours import Behaviour, Queue, of_json, parse
from tests.sandbox.conftest import small


def test_each_has_its_turn_so_many_times():
    queue = Queue()
    queue.waiting += [of_json("429"), of_json({"kind": "cut", "times": 2}), of_json({"kind": "drip", "times": None})]
    turns = [queue.turn("/openai/v1/chat/completions", "") for _ in range(6)]
    assert [one.kind for one in turns if one] == ["429", "cut", "cut", "drip", "drip", "drip"]


def test_one_waits_for_whom_it_is_meant():
    queue = Queue()
    queue.waiting += [Behaviour("401", path="anthropic"), Behaviour("500", holds="⟦1⟧")]
    assert queue.turn("/openai/v1/chat/completions", "plain") is None
    turns = [queue.turn("/anthropic/v1/messages", "⟦1⟧") for _ in range(2)]
    assert [one.kind for one in turns if one] == ["401", "500"]


def test_a_command_line_sets_them_beside_the_faults_of_panels():
    fleet = small()
    fleet.misbehave("500:3,ai-429:2@openai,ai-drip")
    assert [fault.kind for fault in fleet.panels[0].faults.set] == ["500"]
    assert [(one.kind, one.times, one.path) for one in fleet.ai.queue.waiting] == [
        ("429", 2, "openai"),
        ("drip", None, ""),
    ]


@pytest.mark.parametrize("text", ["ai-flood", "ai-429:x", "ai-", "ai-429:0"])
def test_what_makes_no_sense_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        small().misbehave(text)


def test_a_hostile_one_is_named_by_its_number():
    assert (Behaviour("hostile", number=17).name, parse("hostile:1").name) == ("hostile 17", "hostile")
