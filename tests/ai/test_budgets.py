"""Days of a time zone, money rounded up, and what is over a budget."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hyperpanel.ai.asks import About
from hyperpanel.ai.budgets import budgets, cost, day, is_over
from hyperpanel.db.ai_calls import Spent
from hyperpanel.db.ai_providers import Chosen, Provider

PRICED = Provider("openai", "", False, "m", None, "", 250_000_000, 1_000_000_000)


def test_a_day_is_one_of_the_zone():
    here = day(datetime(2026, 1, 31, 22, tzinfo=UTC), ZoneInfo("Europe/Istanbul"))
    assert (here.since, here.until) == (datetime(2026, 1, 31, 21, tzinfo=UTC), datetime(2026, 2, 1, 21, tzinfo=UTC))


def test_a_day_on_which_the_clocks_change_is_shorter():
    here = day(datetime(2026, 3, 29, 12, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
    assert here.until - here.since == timedelta(hours=23)


@pytest.mark.parametrize(("tokens", "costs"), [((0, 0), 0), ((4000, 1000), 2_000_000), ((1, 0), 250), ((0, 1), 1000)])
def test_tokens_cost_what_the_provider_charges(tokens, costs):
    assert cost(PRICED, *tokens) == costs


def test_money_is_rounded_up_and_unknown_without_both_prices():
    assert cost(replace(PRICED, price_in=1, price_out=0), 1, 0) == 1
    assert cost(replace(PRICED, price_out=None), 1, 1) is None
    assert cost(replace(PRICED, price_in=0, price_out=0), 10**6, 10**6) == 0


def test_a_budget_may_be_used_to_its_last_token_and_no_further():
    assert not is_over(Spent(900, 0), 1000, None, 100, 0)
    assert is_over(Spent(901, 0), 1000, None, 100, 0)
    assert not is_over(Spent(0, 5), None, 10, 10**9, 5)
    assert is_over(Spent(0, 6), None, 10, 0, 5)


def test_whom_a_budget_is_of_depends_on_what_is_asked():
    chosen = Chosen(day_tokens=1, panel_tokens=2, person_tokens=3)
    assert [kind for kind, *_ in budgets(chosen, About("test", "command line"))] == ["day_budget"]
    whole = [row[0] for row in budgets(chosen, About("translate", "ana", staff_id=7, panel_id=1))]
    assert whole == ["day_budget", "panel_budget", "person_budget"]
