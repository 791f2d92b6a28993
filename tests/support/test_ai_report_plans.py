"""What a report on complaints takes at most: no less than its calls are reserved with, whatever script its tickets are in."""

from dataclasses import replace

import pytest

from hyperpanel.ai import prompts, themes
from hyperpanel.ai.client import Question
from hyperpanel.ai.forms import THEMES
from hyperpanel.ai.hearing import at_most, texts
from hyperpanel.db.ai_report_services import Planned
from hyperpanel.db.ai_report_tickets import Given
from hyperpanel.support.ai_report_plans import estimate
from tests.support.ai_desks import provider

PROMPT = prompts.built_in("themes")
TWICE = replace(PROMPT, body="{{service}} {{tickets}} and again {{tickets}} {{language}}")
ONE = provider("openai", "http://127.0.0.1:9", price_in=10**8, price_out=10**8)


def reserved(prompt, name, tickets, language="en"):
    """As hyperpanel.ai.books does."""
    lines = (themes.line(one, is_personal=True) for one in tickets)
    sent = [themes.message(prompt, name, batch, language) for batch in themes.batches(lines)]
    asked = [Question(ONE, "", "", prompt.system, one, THEMES, themes.MOST_OUT, 1.0) for one in sent]
    return sum(at_most(*texts(one)) + one.most_out for one in asked)


@pytest.mark.parametrize("prompt", [PROMPT, TWICE])
@pytest.mark.parametrize("sign", ["w", "س", "鐘", "\U0001f600"])
@pytest.mark.parametrize("many", [1, 60])
def test_an_estimate_is_never_less_than_what_is_reserved(prompt, sign, many):
    tickets = [Given(f"{id:020}", sign * 300, "kadir", f"{sign * 99} " * 4) for id in range(many)]
    name = sign * 200
    planned = Planned(1, "7", name, many, "", 0, tuple(one.id for one in tickets))
    found = estimate([planned], prompt, ONE)
    assert found.tokens >= reserved(prompt, name, tickets)
    assert found.cost == found.tokens * 100
