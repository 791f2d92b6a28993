"""`hyperpanel ai`: whether providers answer, how well a prompt does, and what has been spent. Evaluating is a module of its own."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import rich_click as click

from hyperpanel.cli.ai_evaluating import evaluate
from hyperpanel.cli.asking import at_desk, told
from hyperpanel.cli.frame import Place, as_json, complain, in_place, run
from hyperpanel.cli.output import machine, say, table

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hyperpanel.ai.desk import Desk
    from hyperpanel.db.ai_ledger import Sums
    from hyperpanel.db.ai_providers import Chosen, Provider

LONGEST = 400
TITLES = ("calls", "failed", "tokens in", "tokens out", "cost in US$", "median ms")


@click.group()
def ai() -> None:
    """AI from the command line: providers, prompts and what they cost.

    \b
    Examples:
    $ hyperpanel ai check
    $ hyperpanel ai eval --purpose intent --cases 40
    """


@dataclass(frozen=True)
class Answered:
    """`role`: main, fallback, or neither."""

    provider: str
    role: str
    model: str
    ok: bool
    sentence: str
    ms: int | None = None


@ai.command()
@as_json
@in_place
def check(place: Place, as_json: bool) -> None:
    """Ask each provider that is set up one small question.

    One line each, with how long it took or what is wrong. Exit 1 if the main provider does not answer, or none is set up. Every question
    is in the ledger.

    \b
    Example:
    $ hyperpanel ai check
    """
    found = run(look(place))
    if as_json:
        machine([asdict(one) for one in found])
    for one in [] if as_json else found:
        say(f"{'ok' if one.ok else 'wrong':<6}{one.provider:<12}{one.role:<10}{one.sentence}")
    if not found:
        complain("AI is not set up. Choose a provider in Settings → AI.")
    elif not any(one.role == "main" for one in found):
        complain("No provider is the main one. Choose one in Settings → AI.")
    if not any(one.ok and one.role == "main" for one in found):
        sys.exit(1)


async def look(place: Place) -> list[Answered]:
    from hyperpanel.db import ai_providers

    async with at_desk(place) as desk:
        known = await desk.database.read(ai_providers.all_of)
        chosen = await desk.database.read(ai_providers.chosen)
        return [await answered(desk, one, chosen) for one in known.values()]


async def answered(desk: "Desk", provider: "Provider", chosen: "Chosen") -> Answered:
    from hyperpanel.ai.asks import About, AiTrouble
    from hyperpanel.ai.desk import try_out
    from hyperpanel.db.machines import COMMAND_LINE

    role = "main" if provider.name == chosen.main else "fallback" if provider.name == chosen.fallback else ""
    try:
        said = await try_out(desk, provider.name, About("test", COMMAND_LINE))
    except AiTrouble as trouble:
        return Answered(provider.name, role, provider.model, False, told(trouble, desk.clock.now()))
    return Answered(provider.name, role, said.model, True, f"{said.model} answered in {said.ms} ms.", said.ms)


@ai.command()
@click.option("--days", type=click.IntRange(1, LONGEST), default=7, show_default=True, help="How far back.")
@as_json
@in_place
def ledger(place: Place, days: int, as_json: bool) -> None:
    """What was asked of models and what it cost, by purpose and model.

    Calls for every panel and for none. A cost is told where the provider's prices are known; calls without one are counted apart.

    \b
    Examples:
    $ hyperpanel ai ledger
    $ hyperpanel ai ledger --days 30 --json
    """
    found = run(summed(place, days))
    if as_json:
        machine({"days": days, **found})
    elif found["purposes"]:
        for titles, rows in ((("purpose",), found["purposes"]), (("provider", "model"), found["models"])):
            show((*titles, *TITLES), rows)
        if unpriced := sum(row["without_price"] for row in found["purposes"]):
            say(f"{unpriced} of these calls had no known price and are in no cost.")
    else:
        say(f"No model was asked in the last {days} days.")


def show(titles: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    keys = {"cost in US$": "cost_usd"}
    table(titles, [[row[keys.get(title, title.replace(" ", "_"))] for title in titles] for row in rows])
    say("")


async def summed(place: Place, days: int) -> dict[str, list[dict[str, Any]]]:
    from hyperpanel.db import ai_ledger
    from hyperpanel.db.ai_ledger import Filters

    async with at_desk(place) as desk:
        now = desk.clock.now()
        filters = Filters(now - timedelta(days=days), now + timedelta(seconds=1))

        def read(connection: "Connection") -> dict[str, list[dict[str, Any]]]:
            ways = {"purposes": "purpose", "models": "model"}
            return {name: rows(way, ai_ledger.sums(connection, filters, way, desk.zone)) for name, way in ways.items()}

        return await desk.database.read(read)


def rows(way: str, sums: "Sequence[Sums]") -> list[dict[str, Any]]:
    """Most calls first."""
    from hyperpanel.db.ai_ledger import WAYS

    ranked = sorted(sums, key=lambda one: (-one.count, one.key))
    return [dict(zip(WAYS[way], one.key, strict=True)) | row(one) for one in ranked]


def row(one: "Sums") -> dict[str, Any]:
    return {
        "calls": one.count,
        "failed": one.failed,
        "tokens_in": one.tokens_in,
        "tokens_out": one.tokens_out,
        "cost_usd": dollars(one.cost) if one.cost or not one.unpriced else None,
        "without_price": one.unpriced,
        "median_ms": one.middle,
        "p95_ms": one.late,
    }


def dollars(units: int) -> str:
    """Exact, and no float."""
    from sync.money import Money

    return f"{Money(units, 'USD').amount:f}"


ai.add_command(evaluate)
