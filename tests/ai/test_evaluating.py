"""Scores of hand-made answers: each figure goes up for what is right and down for what is wrong, and chance is called chance."""

import json
from dataclasses import replace

import pytest

from hyperpanel.ai import analyzing, eval_judging, eval_scores, masking
from hyperpanel.ai.asks import Said
from hyperpanel.ai.eval_cases import Case, Message, Order, statement
from hyperpanel.ai.eval_scores import Outcome, Score, compared, figures, sign_test
from hyperpanel.ai.prompts import built_in

CASE = Case(
    "tr-001",
    "tr",
    "Yavaş",
    (Message("customer", "906386 ve 906387 çok yavaş https://a.example/x"), Message("staff", "Bakıyoruz 906399")),
    (Order("906386", "Likes", "in_progress", 1000, 400, 30.0), Order("906388", "Likes", "completed", 10, 0, 3.0)),
    ("speed_up", "not_delivered"),
    ("906386", "906387"),
    ("906386", "906387", "https://a.example/x"),
    (statement("done-claim", ["is completed"]),),
)


def said(**answer: object) -> Said:
    return Said(json.dumps(answer, ensure_ascii=False), "compatible", "canned", 100, 20, 5, 300)


def intent(**changes: object) -> Outcome:
    answer = {"intent": "speed_up", "urgency": "normal", "gist": "Slow.", "orders": ["906386", "#906387"]}
    return eval_judging.of_intent(CASE, said(**{**answer, **changes}), masking.mask(""))


def test_a_right_intent_with_its_orders_has_all_points():
    assert (intent().points, intent().found, intent().is_right) == (100, 2, True)
    assert intent(intent="not_delivered", orders=["۹۰۶۳۸۶", "906387"]).points == 100


def test_a_wrong_intent_has_the_points_of_its_orders():
    outcome = intent(intent="refund")
    assert (outcome.points, outcome.expected, outcome.intent) == (30, "speed_up", "refund")


def test_missed_and_extra_orders_cost_points():
    missed, extra = intent(orders=["906386"]), intent(orders=["906386", "906387", "1234"])
    assert (missed.points, missed.missed) == (90, 1)
    assert (extra.points, extra.extra) == (94, 1)
    assert intent(orders=[]).points == 70


def test_a_forbidden_statement_takes_all_points():
    outcome = intent(gist="Order 906386 is completed.")
    assert (outcome.points, outcome.forbidden) == (0, ("done-claim",))


@pytest.mark.parametrize("changes", [{"intent": "greeting"}, {"orders": None}, {"more": 1}])
def test_another_form_has_none(changes):
    outcome = intent(**changes)
    assert (outcome.points, outcome.problem, outcome.tokens_in) == (0, "form", 100)


def analysis(**changes: object) -> Outcome:
    asked = analyzing.question(built_in("analyze"), eval_judging.material(CASE), "en", eval_judging.NOW)
    note = {"id": "906386", "note": "400 remain."}
    answer = {"summary": "Slow.", "wants": "Speed.", "urgency": "low", "orders": [note], "next_step": "Check."}
    return eval_judging.of_analysis(CASE, said(**{**answer, **changes}), asked.known)


def test_an_analysis_of_the_known_orders_has_all_points():
    """906387 is named and no order of this customer: to leave it out is right."""
    assert (analysis().points, analysis().unsupported) == (100, 0)


def test_numbers_from_nowhere_cost_their_points():
    outcome = analysis(summary="It needs 77 hours and costs $12.50.")
    assert (outcome.points, outcome.unsupported) == (60, 2)


def test_orders_that_are_not_concerned_cost_points():
    outcome = analysis(orders=[{"id": "906386", "note": ""}, {"id": "906388", "note": ""}])
    assert (outcome.points, outcome.extra) == (80, 1)


def translation(text: str) -> Outcome:
    masked = masking.mask(CASE.text)
    return eval_judging.of_translation(CASE, said(language="tr", text=text), masked, "en")


def masked_signs() -> str:
    return masking.mask(CASE.text).text


def test_a_translation_that_keeps_all_has_all_points():
    outcome = translation(masked_signs().replace("çok yavaş", "are very slow").replace("ve", "and"))
    assert (outcome.points, outcome.is_kept, outcome.is_right) == (100, True, True)


def test_an_altered_one_has_none():
    outcome = translation(masked_signs().replace("⟦1⟧", "906385"))
    assert (outcome.points, outcome.problem, outcome.is_kept) == (0, "altered", False)


def test_one_in_other_letters_or_of_another_length_has_the_rest():
    assert translation(masked_signs().replace("çok yavaş", "очень медленно")).points == 70
    assert translation(masked_signs() + " and so on" * 40).points == 70


def outcomes(*points: float | None) -> tuple[Outcome, ...]:
    return tuple(
        Outcome(f"en-{at:03}", "en", one, "timeout" if one is None else "", ms=at) for at, one in enumerate(points, 1)
    )


def test_what_a_provider_did_not_answer_is_not_scored():
    found = figures(outcomes(100, None, 0, None, 50))
    assert (found.cases, found.unanswered, found.score) == (5, 2, 50.0)
    assert figures(outcomes(None)).score is None


def test_precision_and_recall_are_over_all_orders():
    one = Outcome("en-001", "en", 1.0, found=3, missed=1)
    other = Outcome("en-002", "en", 1.0, found=1, extra=4)
    assert (figures([one, other]).precision, figures([one, other]).recall) == (0.5, 0.8)
    assert figures(outcomes(100)).recall is None


def test_forms_alterations_statements_and_numbers_are_counted():
    told = [
        Outcome("en-001", "en", 0.0, "form"),
        Outcome("en-002", "en", 0.0, "altered", is_kept=False),
        Outcome("en-003", "en", 0.0, forbidden=("leak", "done-claim"), unsupported=3, is_kept=True),
    ]
    found = figures(told)
    assert (found.formless, found.altered, found.forbidden, found.unsupported, found.kept) == (1, 1, 2, 3, 0.5)


def test_an_unknown_cost_makes_the_sum_unknown():
    one = Outcome("en-001", "en", 1.0, cost=7, tokens_in=10, tokens_out=1, ms=100)
    assert (figures([one, one]).cost, figures([one, one]).tokens_in) == (14, 20)
    assert figures([one, replace(one, cost=None)]).cost is None


def test_latency_is_a_median_and_a_late_one():
    found = figures(outcomes(*[1.0] * 100))
    assert (found.median_ms, found.p95_ms) == (50, 95)


def test_figures_stand_by_language_and_what_was_confused_is_counted():
    told = (
        Outcome("en-001", "en", 100.0, expected="refill", intent="refill"),
        Outcome("tr-001", "tr", 0.0, expected="refill", intent="refund"),
    )
    score = Score("intent", 2, told)
    assert {code: one.score for code, one in score.languages.items()} == {"en": 100.0, "tr": 0.0}
    assert score.confusion[("refill", "refund")] == 1


def test_a_score_is_read_as_it_was_kept():
    score = Score("intent", 9, outcomes(100, None, 30.5), "day_budget")
    assert eval_scores.read(eval_scores.kept(score)) == score


@pytest.mark.parametrize(
    ("better", "worse", "p"),
    [(0, 0, 1.0), (1, 0, 1.0), (5, 0, 0.0625), (6, 0, 0.03125), (9, 1, 0.021484375), (5, 5, 1.0)],
)
def test_the_sign_test_is_exact(better, worse, p):
    assert sign_test(better, worse) == sign_test(worse, better) == p


def test_a_difference_within_chance_is_called_none():
    before = Score("intent", 20, outcomes(*[50.0] * 20))
    few = Score("intent", 20, outcomes(*[100.0] * 5, *[50.0] * 15))
    many = Score("intent", 20, outcomes(*[100.0] * 8, *[50.0] * 12))
    assert (compared(before, few).verdict, compared(before, few).better) == ("same", 5)
    assert compared(before, many).verdict == "better"
    assert compared(many, before).verdict == "worse"


def test_cases_that_one_run_lacks_are_left_out_of_a_comparison():
    before, after = Score("intent", 3, outcomes(0, 0, 0)), Score("intent", 3, outcomes(100, None))
    assert (compared(before, after).cases, compared(before, after).better) == (1, 1)
