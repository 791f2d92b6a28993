"""What the commands of reports share: how a window is asked for, where the answer comes from, and how old its data is, first of all that is
printed.

An answer is plain data, the same from this installation and, with --remote, from another's admin API: whatever is printed is made of it alone.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import rich_click as click

from hyperpanel.cli.frame import Place, as_json, installation, run
from hyperpanel.cli.output import machine, say
from hyperpanel.cli.probing import NONE_YET, chosen
from hyperpanel.cli.remote import Remote, remotely
from hyperpanel.errors import BadInput, Missing

if TYPE_CHECKING:
    from hyperpanel.support.reporting import Question

Answer = Mapping[str, Any]
STATES = {
    "on_time": "on time",
    "late": "late",
    "paused": "paused",
    "key": "key refused",
    "never": "never read",
}
HERE = ("hours", "at")
"""Fields of a question that are options of these names."""


def windowed(command: Callable[..., None]) -> Callable[..., None]:
    """--hours, --at, --panel, --json and --remote: `hours`, `at`, `names`, `as_json` and `remote` of the function."""
    for option in (
        remotely,
        as_json,
        click.option("--panel", "names", multiple=True, metavar="NAME", help="This panel alone; may be repeated."),
        click.option("--at", help="As of a past moment, such as 2026-01-31 or 2026-01-31T09:00 (UTC)."),
        click.option("--hours", type=float, help="How many hours the window is long; 24 unless a profile says else."),
    ):
        command = option(command)
    return command


def told(
    place: Place,
    remote: Remote | None,
    report: str,
    names: Sequence[str],
    question: "Question",
    show: Callable[[Answer], None],
    as_json: bool,
) -> None:
    """Print what a report answers."""
    if remote is None:
        found: Answer = run(here(place, report, names, question))
    else:
        from hyperpanel.cli.remote_reports import there

        found = there(remote, report, names, question)
    machine(found) if as_json else show(found)


async def here(place: Place, report: str, names: Sequence[str], question: "Question") -> dict[str, Any]:
    """Raises Missing and BadInput."""
    from hyperpanel.clock import SystemClock
    from hyperpanel.db.scope import EVERYTHING
    from hyperpanel.support import answers

    now = SystemClock().now()
    async with installation(place) as found:
        if not await chosen(found, names):
            raise Missing(NONE_YET)
        try:
            return await answers.answer(report, found.database, found.settings, EVERYTHING, names, question, now)
        except BadInput as wrong:
            raise as_option(wrong) from None


def as_option(wrong: BadInput) -> BadInput:
    """Only a sentence that begins with the field's name is about what was typed."""
    is_named = wrong.field in HERE and str(wrong).startswith(wrong.field)
    return BadInput(f"--{wrong}", wrong.field) if is_named else wrong


def say_ages(answer: Answer) -> None:
    """Each panel that is not on time is named."""
    number = f"{answer['panels_on_time']} of {answer['panels_in_all']} panels on time"
    late = [f"{one['panel']} {late_by(one)}" for one in answer["panels"] if one["state"] != "on_time"]
    say(f"{sentence(as_of(answer['as_of']))}; {number}{': ' if late else ''}{', '.join(late)}.")


def late_by(one: Mapping[str, Any]) -> str:
    return f"{STATES[one['state']]} ({as_of(one['as_of'])})" if one["as_of"] else STATES[one["state"]]


def sentence(words: str) -> str:
    return words[0].upper() + words[1:]


def as_of(stamp: str | None) -> str:
    return f"data as of {datetime.fromisoformat(stamp):%Y-%m-%d %H:%M:%S} UTC" if stamp else "no data yet"


def spoken(answer: Answer) -> str:
    """The window of an answer."""
    since, until = (f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}" for moment in window(answer))
    return f"{since} – {until} UTC ({answer['hours']:g} hours)"


def window(answer: Answer) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(answer["since"]), datetime.fromisoformat(answer["until"])


def hours_ago(answer: Answer, stamp: str | None) -> str | None:
    """Before the end of the window."""
    if stamp is None:
        return None
    return f"{int((window(answer)[1] - datetime.fromisoformat(stamp)).total_seconds() // 3600)} h"
