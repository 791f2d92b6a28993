"""One case asked and its answer judged: what was expected, found, made up, or said that must not be.

The questions are made by the same functions as those of real tickets. Cases are invented, so nothing is hidden in them.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from hyperpanel.ai import analyzing, checking, forms, intents, masking, translating
from hyperpanel.ai import desk as desks
from hyperpanel.ai.asks import About, AiTrouble, Prompt, Said
from hyperpanel.ai.desk import Desk
from hyperpanel.ai.eval_cases import Case, Order
from hyperpanel.ai.eval_scores import Outcome
from hyperpanel.ai.facts import Line, Material, OrderFacts
from hyperpanel.ai.figures import evened
from hyperpanel.ai.forms import Analysis, Intent, Translation
from hyperpanel.ai.masking import Masked

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
"""Cases tell ages, not moments: with one moment for all, the same case is the same question on any day."""

BETWEEN = timedelta(minutes=40)
CUSTOMER = "customer"
INTO = ("tr", "en")
SHORTEST, LONGEST = 0.4, 3.0
"""How long a translation is, beside its text."""

SCRIPTS = {"en": "LATIN", "tr": "LATIN", "pt": "LATIN", "ru": "CYRILLIC", "fa": "ARABIC"}


async def judged(desk: Desk, about: About, prompt: Prompt, purpose: str, case: Case, reader: str) -> Outcome:
    """Raises AiTrouble where there is no answer to judge."""
    judge = {"intent": intent, "analyze": analyze, "translate": translate}[purpose]
    return await judge(desk, about, prompt, case, reader)


async def intent(desk: Desk, about: About, prompt: Prompt, case: Case, reader: str) -> Outcome:
    task = intents.Task(case.text, reader)
    masked = intents.hidden(task)
    return of_intent(case, await desks.ask(desk, intents.ask(about, prompt, task, masked)), masked)


def of_intent(case: Case, said: Said, masked: Masked) -> Outcome:
    found = answered(case, said, Intent)
    if isinstance(found, Outcome):
        return found
    try:
        read = intents.restored(found, masked)
    except AiTrouble as trouble:
        return replace(begun(case, said), points=0.0, problem=trouble.kind, is_right=False)
    is_right = read.intent in case.intents
    expected = read.intent if is_right else case.intents[0]
    outcome = replace(begun(case, said), expected=expected, intent=read.intent, is_right=is_right)
    outcome = with_orders(outcome, read.orders, case.named)
    outcome = replace(outcome, forbidden=broken(case, [read.gist]))
    return scored(outcome, 70.0 * is_right + 30 * f1(outcome))


async def analyze(desk: Desk, about: About, prompt: Prompt, case: Case, reader: str) -> Outcome:
    asked = analyzing.question(prompt, material(case), reader, NOW)
    said = await desks.ask(desk, analyzing.ask(about, prompt, asked))
    return of_analysis(case, said, asked.known)


def of_analysis(case: Case, said: Said, given: checking.Known) -> Outcome:
    read = answered(case, said, Analysis)
    if isinstance(read, Outcome):
        return read
    texts = [read.summary, read.wants, read.next_step, *(one.note for one in read.orders)]
    outcome = with_orders(begun(case, said), (one.id for one in read.orders), case.known)
    made_up = sum(len(checking.unsupported(text, given)) for text in texts)
    outcome = replace(outcome, unsupported=made_up, forbidden=broken(case, texts))
    return scored(outcome, 60 * f1(outcome) + 40.0 * (not made_up))


async def translate(desk: Desk, about: About, prompt: Prompt, case: Case, reader: str) -> Outcome:
    """Into the reader's language; a case that is in it already goes into another."""
    language = reader if case.language != reader else next(one for one in INTO if one != reader)
    masked = masking.mask(case.text)
    said = await desks.ask(desk, translating.ask(about, prompt, masked, language))
    return of_translation(case, said, masked, language)


def of_translation(case: Case, said: Said, masked: Masked, language: str) -> Outcome:
    read = answered(case, said, Translation)
    if isinstance(read, Outcome):
        return read
    try:
        text = masking.restore(read.text, masked)
    except AiTrouble as trouble:
        return replace(begun(case, said), points=0.0, problem=trouble.kind, is_kept=False)
    is_kept = all(evened(text).count(evened(one)) == evened(case.text).count(evened(one)) for one in case.keep)
    words = translating.SIGNS.sub("", read.text)
    is_translation = in_letters_of(words, language) and SHORTEST <= len(read.text) / len(masked.text) <= LONGEST
    outcome = replace(begun(case, said), is_kept=is_kept, is_right=is_kept and is_translation)
    return scored(outcome, 70.0 * is_kept + 30.0 * is_translation)


Form = TypeVar("Form", Intent, Analysis, Translation)


def answered(case: Case, said: Said, form: type[Form]) -> Form | Outcome:
    """What was said, or what not having said it in the form comes to."""
    try:
        return forms.read(said.text, form)
    except AiTrouble as trouble:
        return replace(begun(case, said), points=0.0, problem=trouble.kind, is_right=False)


def begun(case: Case, said: Said) -> Outcome:
    return Outcome(
        case.id,
        case.language,
        None,
        expected=case.intents[0],
        tokens_in=said.tokens_in,
        tokens_out=said.tokens_out,
        cost=said.cost,
        ms=said.ms,
    )


def with_orders(outcome: Outcome, said: Iterable[str], expected: Iterable[str]) -> Outcome:
    told, wanted = {analyzing.number_of(one) for one in said}, set(expected)
    return replace(outcome, found=len(told & wanted), missed=len(wanted - told), extra=len(told - wanted))


def f1(outcome: Outcome) -> float:
    """Of a case that has no orders, and of which none was told: 1."""
    among = 2 * outcome.found + outcome.missed + outcome.extra
    return 2 * outcome.found / among if among else 1.0


def broken(case: Case, texts: Iterable[str]) -> tuple[str, ...]:
    """Each statement counts once, however often it is said; digits of any script are the same."""
    plain = [evened(text) for text in texts]
    return tuple(one.name for one in case.forbidden if any(map(one.said_in, plain)))


def scored(outcome: Outcome, points: float) -> Outcome:
    return replace(outcome, points=0.0 if outcome.forbidden else round(points, 1))


def in_letters_of(text: str, language: str) -> bool:
    """Whether most of its letters are of the script; a text without letters is of any."""
    script = SCRIPTS.get(language)
    letters = [letter for letter in text if letter.isalpha()]
    own = sum(unicodedata.name(letter, "").startswith(script or "") for letter in letters)
    return 2 * own >= len(letters)


def material(case: Case) -> Material:
    """As hyperpanel.ai.materials makes it of rows."""
    last = len(case.messages) - 1
    lines = [
        Line(is_staff=one.who != CUSTOMER, text=one.text, at=NOW - BETWEEN * (last - at + 1))
        for at, one in enumerate(case.messages)
    ]
    mine = {order.id for order in case.orders}
    return Material(
        subject=case.subject,
        customer=CUSTOMER,
        status="pending",
        lines=lines,
        orders=[facts(order) for order in case.orders],
        strangers=[number for number in case.concerned if number not in mine],
    )


def facts(order: Order) -> OrderFacts:
    return OrderFacts(
        id=order.id,
        status=order.status,
        service=order.service,
        quantity=order.quantity,
        remains=order.remains,
        created_at=NOW - timedelta(hours=order.hours),
    )
