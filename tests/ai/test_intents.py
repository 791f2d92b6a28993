"""What a customer wants: read by its form, held against the message, and nothing that only the model says."""

import json

import pytest

from hyperpanel.ai import intents, masking, prompts
from hyperpanel.ai.asks import About, AiTrouble
from hyperpanel.ai.intents import LONGEST, Task

TEXT = "siparişim ۹۰۶۳۸۶ düştü, 2 gündür bekliyorum. a@b.example kadir"
SAID = {
    "intent": "refill",
    "urgency": "high",
    "gist": "Order 906386 dropped; $50 is owed",
    "orders": ["#906386", "906386", "777777"],
}


NOTHING = masking.mask("")


def asked(task: Task) -> str:
    return intents.ask(About("intent", "ben"), prompts.built_in("intent"), task, intents.hidden(task)).message


def test_a_question_is_the_message_and_the_language_of_the_answer():
    message = asked(Task(TEXT, "de"))
    assert "Write the gist in German." in message
    assert "siparişim ⟦1⟧ düştü, ⟦2⟧ gündür bekliyorum. ⟦3⟧ kadir" in message


def test_of_a_long_message_the_beginning_is_read():
    message = asked(Task("a" * LONGEST + "the rest", "en"))
    assert "the rest" not in message


def test_personal_data_is_not_sent_where_it_is_hidden_and_comes_back():
    task = Task(TEXT, "en", ["kadir"], hides=True)
    message = asked(task)
    assert not {"a@b.example", "kadir"} & set(message.replace(".", " ").split())
    assert intents.read(json.dumps({**SAID, "gist": "⟦4⟧ waits"}), intents.hidden(task)).gist == "kadir waits"


def test_signs_become_what_they_stand_for_and_one_that_was_not_given_is_refused():
    masked = intents.hidden(Task("906386,906387 and https://x.example/12345678", "en"))
    found = intents.read(json.dumps({**SAID, "gist": "⟦1⟧ dropped, ⟦1⟧", "orders": ["⟦1⟧", "⟦2⟧"]}), masked)
    assert found.gist == "906386,906387 dropped, 906386,906387"
    assert intents.kept(found, "906386,906387")["orders"] == ["906386", "906387"]
    with pytest.raises(AiTrouble) as trouble:
        intents.read(json.dumps({**SAID, "gist": "⟦3⟧"}), masked)
    assert trouble.value.kind == "altered"


def test_an_order_that_the_message_does_not_name_is_dropped_and_a_number_of_its_own_marked():
    kept = intents.kept(intents.read(json.dumps(SAID), NOTHING), TEXT)
    assert kept["orders"] == ["906386"]
    assert kept["gist"] == [["Order 906386 dropped; ", ""], ["$50", "amount"], [" is owed", ""]]
    assert (kept["intent"], kept["urgency"]) == ("refill", "high")


@pytest.mark.parametrize(
    "change", [{"intent": "delete"}, {"urgency": "now"}, {"gist": 5}, {"orders": "1"}, {"tool": "x"}]
)
def test_an_answer_of_another_form_is_refused(change):
    with pytest.raises(AiTrouble) as trouble:
        intents.read(json.dumps({**SAID, **change}), NOTHING)
    assert trouble.value.kind == "form"


def test_the_sentence_grows_while_it_comes():
    whole = json.dumps(SAID)
    grown = [intents.so_far(whole[:end], NOTHING) for end in range(len(whole) + 1)]
    assert grown[-1] == SAID["gist"]
    assert grown[0] == intents.so_far("nonsense", NOTHING) == ""
