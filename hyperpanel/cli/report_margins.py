"""`hyperpanel report margins`: volume and margin, as its page and its file have it."""

from collections.abc import Sequence

import rich_click as click

from hyperpanel.cli.frame import Place, in_place
from hyperpanel.cli.output import say, table
from hyperpanel.cli.remote import Remote
from hyperpanel.cli.reporting import Answer, say_ages, spoken, told, windowed


@click.command("margins")
@windowed
@click.option(
    "--by",
    type=click.Choice(("panel", "service", "user", "provider", "day")),
    default="panel",
    show_default=True,
    help="What the orders are put together by.",
)
@click.option("--zone", default="UTC", show_default=True, help="Whose days they are, such as Europe/Istanbul.")
@in_place
def margins(
    place: Place,
    hours: float | None,
    at: str | None,
    names: Sequence[str],
    by: str,
    zone: str,
    as_json: bool,
    remote: Remote | None,
) -> None:
    """What orders brought, gave back, cost and left, currency by currency.

    The window is a week unless --hours says else.

    \b
    Examples:
    $ hyperpanel report margins --by provider
    $ hyperpanel report margins --by day --hours 720 --zone Europe/Istanbul --json
    """
    from hyperpanel.support.reporting import Question

    told(place, remote, "margins", names, Question(hours, at, by=by, zone=zone), show, as_json)


def show(answer: Answer) -> None:
    say(f"Volume and margin by {answer['by']}, {spoken(answer)}.")
    say_ages(answer)
    if rows := answer["rows"]:
        table(list(rows[0]), [list(row.values()) for row in rows])
    else:
        say("No orders were created in this time.")
