"""Lines of the AI ledger: sums of one thing each, calls, and budgets of today.

What a call cost is known only where its provider has a price, and what has none is said to be unknown: it is not free.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hyperpanel.db import days
from hyperpanel.db.ai_ledger import Call, Sums
from hyperpanel.web import ai_ledger_words as words
from hyperpanel.web.ai_prompt_places import BUILT_IN, FOR, MAY, built_in_href, show_href
from hyperpanel.web.formats import day
from hyperpanel.web.texts import shown
from hyperpanel.web.ticket_rows import place
from hyperpanel.web.visits import Visit
from sync.money import Money

CURRENCY, SCALE = "USD", 8
PLACES = 4  # decimals of an amount; the whole of it is in its title


Named = tuple[str, str, str | None]
"""What a line is about, what stands beside that, and where it opens."""


@dataclass(frozen=True)
class Cost:
    """`amount` None where no price is known; `more`: what is to be added to it, in words."""

    amount: str | None
    exact: str
    more: str


@dataclass(frozen=True)
class Line:
    label: str
    beside: str
    href: str | None
    count: str
    failed: str
    tokens_in: str
    tokens_out: str
    estimated: str
    cost: Cost
    middle: str
    late: str


@dataclass(frozen=True)
class CallRow:
    id: int
    at: datetime
    by: str
    purpose: str
    panel: str
    ticket: str
    ticket_href: str | None
    prompt: str
    prompt_href: str | None
    provider: str
    model: str
    tone: str
    outcome: str
    attempt: str
    tokens_in: str
    tokens_out: str
    is_estimated: bool
    cost: Cost | None
    took: str


@dataclass(frozen=True)
class Bar:
    """A budget of today and what of it is used; `share` of a hundred, at most that. `tone`: ok, warn or bad."""

    label: str
    used: str
    limit: str
    share: float
    tone: str


@dataclass(frozen=True)
class Titles:
    """What ids are called: panels that may be seen, prompts."""

    panels: Mapping[int, str]
    prompts: Mapping[int, str]


def dollars(visit: Visit, units: int) -> str:
    """Always with as many decimals, so that they line up; and never rounded to nothing."""
    step = 10 ** (SCALE - PLACES)
    rounded = max(step if units > 0 else 0, (units + step // 2) // step * step)
    amount, space, currency = visit.fmt.money(Money(rounded, CURRENCY)).partition("\u00a0")
    whole, point, fraction = amount.partition(visit.fmt.signs.point)
    return f"{whole}{point}{fraction.ljust(PLACES, '0')}{space}{currency}"


def cost_of(visit: Visit, one: Sums) -> Cost:
    if not one.unpriced:
        return Cost(dollars(visit, one.cost), visit.fmt.money(Money(one.cost, CURRENCY)), "")
    if one.unpriced >= one.count - one.failed and not one.cost:
        return Cost(None, "", "")
    number = visit.fmt.number(one.unpriced)
    more = visit.count("+ %(number)s without a price", "+ %(number)s without a price", one.unpriced, number=number)
    return Cost(dollars(visit, one.cost), visit.fmt.money(Money(one.cost, CURRENCY)), more)


def line(visit: Visit, way: str, one: Sums, titles: Titles) -> Line:
    label, beside, href = LABELS[way](visit, one, titles)
    number = visit.fmt.number
    return Line(
        label=label,
        beside=beside,
        href=href,
        count=number(one.count),
        failed=number(one.failed) if one.failed else "",
        tokens_in=number(one.tokens_in),
        tokens_out=number(one.tokens_out),
        estimated=number(one.estimated) if one.estimated else "",
        cost=cost_of(visit, one),
        middle=took(visit, one.middle),
        late=took(visit, one.late),
    )


def took(visit: Visit, ms: int | None) -> str:
    return "" if ms is None else f"{visit.fmt.number(ms)} ms"


def of_day(visit: Visit, one: Sums, _: Titles) -> Named:
    return day(days.dated(int(one.key[0])), visit.language.locale), "", None


def of_model(visit: Visit, one: Sums, _: Titles) -> Named:
    return shown(one.key[1]) or "–", words.provider(visit, one.key[0]), None


def of_purpose(visit: Visit, one: Sums, _: Titles) -> Named:
    return words.purpose(visit, one.key[0]), "", None


def of_person(visit: Visit, one: Sums, _: Titles) -> Named:
    return shown(one.key[0]) or "", "", None


def of_panel(visit: Visit, one: Sums, titles: Titles) -> Named:
    return panel_name(visit, titles, one.key[0]) or visit.say("No panel"), "", None


def of_prompt(visit: Visit, one: Sums, titles: Titles) -> Named:
    purpose, prompt_id, version = one.key
    title, href = prompt_of(visit, titles, purpose, prompt_id, version)
    return title, words.purpose(visit, purpose), href


def of_all(visit: Visit, one: Sums, _: Titles) -> Named:
    return visit.say("In all"), "", None


LABELS = {
    "all": of_all,
    "day": of_day,
    "model": of_model,
    "purpose": of_purpose,
    "person": of_person,
    "panel": of_panel,
    "prompt": of_prompt,
}


def panel_name(visit: Visit, titles: Titles, panel_id: int | None) -> str:
    return "" if panel_id is None else shown(titles.panels.get(panel_id)) or visit.say("(removed)")


def prompt_of(
    visit: Visit, titles: Titles, purpose: str, prompt_id: int | None, version: int | None
) -> tuple[str, str | None]:
    may = visit.may(MAY)
    if purpose == "test":
        return "–", None
    if prompt_id is None:
        return visit.say(BUILT_IN), built_in_href(purpose) if may and purpose in FOR else None
    title = shown(titles.prompts.get(prompt_id)) or visit.say("(removed)")
    number = visit.fmt.number(version or 0)
    label = visit.say("%(name)s, version %(number)s", name=title, number=number)
    return label, show_href(prompt_id, version or 0) if may and prompt_id in titles.prompts else None


def call_row(visit: Visit, call: Call, titles: Titles) -> CallRow:
    panel, number = panel_name(visit, titles, call.panel_id), visit.fmt.number
    prompt, prompt_href = prompt_of(visit, titles, call.purpose, call.prompt_id, call.prompt_version)
    there = call.ticket_id is not None and call.panel_id in titles.panels and visit.may("tickets:read")
    return CallRow(
        id=call.id,
        at=call.at,
        by=shown(call.by) or "",
        purpose=words.purpose(visit, call.purpose),
        panel=panel,
        ticket=shown(call.ticket_id) or "",
        ticket_href=place("tickets", panel, call.ticket_id) if there and call.ticket_id else None,
        prompt=prompt,
        prompt_href=prompt_href,
        provider=words.provider(visit, call.provider),
        model=shown(call.model) or "",
        tone=words.TONES.get(call.state, "unknown"),
        outcome=words.outcome(visit, call),
        attempt=number(call.attempt) if call.attempt > 1 else "",
        tokens_in=number(call.tokens_in) if call.tokens_in is not None else "",
        tokens_out=number(call.tokens_out) if call.tokens_out is not None else "",
        is_estimated=call.is_estimated,
        cost=cost_of_call(visit, call),
        took=took(visit, call.ms),
    )


def cost_of_call(visit: Visit, call: Call) -> Cost | None:
    """None where nothing was used."""
    if call.cost is not None:
        return Cost(dollars(visit, call.cost), visit.fmt.money(Money(call.cost, CURRENCY)), "")
    return Cost(None, "", "") if (call.tokens_in or 0) + (call.tokens_out or 0) else None


def bar(visit: Visit, label: str, used: int, limit: int, is_money: bool) -> Bar:
    share = min(100.0, 100.0 * used / limit) if limit else 100.0
    tone = "bad" if used >= limit else "warn" if share >= 80 else "ok"
    said = (
        (dollars(visit, used), dollars(visit, limit)) if is_money else (visit.fmt.number(used), visit.fmt.number(limit))
    )
    return Bar(label, said[0], said[1], round(share, 1), tone)
