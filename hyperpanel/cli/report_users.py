"""`hyperpanel report users`: user tracking, as its page has it."""

from collections.abc import Mapping, Sequence
from typing import Any

import rich_click as click

from hyperpanel.cli.frame import Place, in_place
from hyperpanel.cli.output import Cell, say, table
from hyperpanel.cli.remote import Remote
from hyperpanel.cli.reporting import Answer, say_ages, spoken, told, windowed

TITLES = ("spend", "net", "orders", "payments", "paid", "id", "panel", "new", "top services", "username")
SUMS = {"spend": "spend", "paid": "paid", "hand": "by hand", "bonus": "bonuses"}


@click.command("users")
@windowed
@click.option("--profile", metavar="NAME", help="The customers, limits and window of this profile.")
@click.option("--currency", metavar="CODE", default="", help="The one with most orders unless told.")
@click.option("--rows", "most", type=click.IntRange(min=1), default=100, show_default=True, help="How many customers.")
@in_place
def users(
    place: Place,
    hours: float | None,
    at: str | None,
    names: Sequence[str],
    profile: str | None,
    currency: str,
    most: int,
    as_json: bool,
    remote: Remote | None,
) -> None:
    """Who ordered for how much, the largest spending first.

    One currency at a time: amounts of two are never added up.

    \b
    Examples:
    $ hyperpanel report users --hours 96
    $ hyperpanel report users --currency EUR --panel eu-1 --json
    """
    from hyperpanel.support.reporting import Question

    told(place, remote, "users", names, Question(hours, at, profile, currency, most), show, as_json)


def show(answer: Answer) -> None:
    currency, totals = answer["currency"], answer["totals"]
    say(f"Users, {spoken(answer)}, in {currency or 'no currency'}.")
    say_ages(answer)
    if answer["rows"]:
        table(TITLES, [line(row) for row in answer["rows"]])
    sums = ", ".join(f"{word} {totals[name]['amount']} ({totals[name]['count']})" for name, word in SUMS.items())
    say(f"{len(answer['rows'])} of {totals['customers']} customers; of all of them: {sums}.")
    others = [f"{one['currency']} {one['orders']}" for one in answer["currencies"] if one["currency"] != currency]
    if others:
        say(f"Other currencies, with the number of orders: {', '.join(others)}.")


def line(row: Mapping[str, Any]) -> tuple[Cell, ...]:
    return (
        row["spend"]["amount"],
        row["net"],
        row["spend"]["count"],
        row["paid"]["count"],
        row["paid"]["amount"],
        row["user"],
        row["panel"],
        "new" if row["new"] else "",
        " ".join(f"{one['service']}×{one['orders']}" for one in row["services"]),
        row["username"],
    )
