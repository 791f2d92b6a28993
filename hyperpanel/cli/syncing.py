"""`hyperpanel sync`: read panels to the end now, whether or not a worker runs beside."""

import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import rich_click as click

from hyperpanel.cli.frame import Place, as_json, complain, in_place, installation, run
from hyperpanel.cli.output import Cell, machine, note, table
from hyperpanel.cli.probing import NONE_YET, chosen
from hyperpanel.cli.progress import shown
from hyperpanel.cli.remote import Remote, remotely
from hyperpanel.errors import BadInput, Missing

if TYPE_CHECKING:
    from hyperpanel.worker.once import Result

STREAMS = ("orders", "users", "payments", "tickets", "messages", "services")
PLANS = ("head", "backfill", "refresh")
SPAN = re.compile(r"([1-9]\d{0,4})([hdw])")
UNITS = {"h": "hours", "d": "days", "w": "weeks"}
TITLES = ("panel", "stream", "read", "new", "changed", "unchanged", "set aside", "calls", "seconds")


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--stream", "streams", type=click.Choice(STREAMS), multiple=True, help="These alone; else all.")
@click.option(
    "--plan",
    type=click.Choice([*PLANS, "sweep", "all"]),
    default="all",
    show_default=True,
    help="head: what is new. refresh: what is open. backfill: the past, as far as --since. sweep: all that is held once more, "
    "to find what changed or went unseen; not part of all.",
)
@click.option("--since", help="How far back the past is read, such as 12h, 30d, 8w; else sync.retention_days.")
@as_json
@remotely
@in_place
def sync(
    place: Place,
    names: Sequence[str],
    streams: Sequence[str],
    plan: str,
    since: str | None,
    as_json: bool,
    remote: Remote | None,
) -> None:
    """Read panels to the end now, and tell what was found.

    All of them, unless some are named; exit 1 if one could not be read. With --remote the worker there reads them.

    \b
    Examples:
    $ hyperpanel sync
    $ hyperpanel sync eu-1 --stream orders --since 30d
    """
    plans, ago = PLANS if plan == "all" else (plan,), span(since) if since else None
    if remote is None:
        results = [facts(result) for result in run(read(place, names, streams, plans, ago))]
    else:
        results = there(remote, names, streams, plans, ago)
    tell(results, as_json)
    if any(result["trouble"] for result in results):
        sys.exit(1)


def there(
    remote: Remote, names: Sequence[str], streams: Sequence[str], plans: Sequence[str], ago: timedelta | None
) -> "list[dict[str, Cell]]":
    from hyperpanel.cli.remote_syncing import Wanted, day, synced_there

    return synced_there(remote, Wanted(names, streams, plans, day(ago, datetime.now(UTC)) if ago else None))


def tell(results: Sequence[dict[str, Cell]], as_json: bool) -> None:
    if as_json:
        machine(results)
    else:
        table(TITLES, [tuple(result[title.replace(" ", "_")] for title in TITLES) for result in results])
    for trouble in dict.fromkeys(result["trouble"] for result in results if result["trouble"]):
        complain(str(trouble))
    for result in results:
        if result["proven"] is False and not result["trouble"]:
            note(
                f"{result['panel']} {result['stream']}: rows moved while they were read; the next run looks there again."
            )


def span(text: str) -> timedelta:
    found = SPAN.fullmatch(text.strip().lower())
    if not found:
        raise BadInput(f"--since {text!r} is no span of time. Write it as 12h, 30d or 8w.", "since")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


async def read(
    place: Place, names: Sequence[str], streams: Sequence[str], plans: Sequence[str], since: timedelta | None
) -> "list[Result]":
    from hyperpanel.worker import once

    async with installation(place) as found:
        panels = await chosen(found, names)
        if not panels:
            raise Missing(NONE_YET)
        with shown("read") as show:

            def said(result: "Result") -> None:
                show(f"{result.panel} {result.stream}", result.tally.read)

            return await once.sync(found, panels, streams=streams, plans=plans, since=since, said=said)


def facts(result: "Result") -> dict[str, Cell]:
    done = result.tally
    return {
        "panel": result.panel,
        "stream": result.stream,
        "read": done.read,
        "new": done.new,
        "changed": done.changed,
        "unchanged": done.unchanged,
        "set_aside": done.set_aside,
        "calls": done.calls,
        "seconds": round(result.seconds, 1),
        "proven": result.proven,
        "trouble": result.trouble,
    }
