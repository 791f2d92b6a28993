"""How a call is brought to its answer: paced, waited for, sent again. Written once, as a plan that says what to do next and is told what came
of it; the two clients only sleep and send.

What changes something is sent once: an answer that did not come may still have been an act that was done.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from hyperpanel.client.calls import Call, Lost, Reply
from hyperpanel.client.errors import TooFast, Unreachable, Unsure
from hyperpanel.client.pacing import Pace, number

PASSING = frozenset({429, 502, 503, 504})
"""Of the moment, not of the call."""


@dataclass(frozen=True)
class Patience:
    """In seconds. `total`: from the first try to the last answer; `each`: for a sign of life within a try; `connecting`: for a server that takes
    no connections, as one that is restarted; pauses between tries grow from `first` up to `longest`."""

    total: float = 60.0
    each: float = 30.0
    connecting: float = 10.0
    first: float = 0.5
    longest: float = 8.0


@dataclass(frozen=True)
class Wait:
    seconds: float


@dataclass(frozen=True)
class Send:
    """`until`: when the answer has to be there; `each`: as of Patience."""

    call: Call
    until: float
    each: float


Step = Wait | Send
Outcome = Reply | Lost | None
"""None after a Wait."""

Plan = Generator[Step, Outcome, Reply]


def exchange(
    call: Call, patience: Patience, pace: Pace, clock: Callable[[], float], chance: Callable[[], float]
) -> Plan:
    """The plan of one call. `clock` never goes back; `chance` is between 0 and 1. Raises TooFast and Unreachable."""
    began, pause = clock(), patience.first
    until = began + patience.total
    while True:
        if wait := pace.take(clock(), until):
            if clock() + wait > until:
                raise too_fast(wait)
            yield Wait(wait)
        found = yield Send(call, until, patience.each)
        assert found is not None  # noqa: S101 -- the answer to a Send
        if isinstance(found, Reply):
            pace.learn(found.headers, clock())
        asked = asked_wait(found)
        if asked:
            pace.hold(asked, clock())
        wait = max(asked or 0.0, pause * (0.5 + chance() / 2))
        last = until if isinstance(found, Reply) or found.sent else began + patience.connecting
        if not is_worth_another(call, found) or clock() + wait > last:
            return ended(call, found)
        yield Wait(wait)
        pause = min(pause * 2, patience.longest)


def too_fast(after: float) -> TooFast:
    problem = TooFast(f"The key's limit is used up for {after:.0f} more seconds. Ask again then, or ask less often.")
    problem.after = after
    return problem


def is_worth_another(call: Call, found: Reply | Lost) -> bool:
    if isinstance(found, Lost):
        return call.is_safe and not found.is_final
    return call.is_safe and found.status in PASSING


def ended(call: Call, found: Reply | Lost) -> Reply:
    """Raises Unreachable where there is no answer."""
    if isinstance(found, Reply):
        return found
    if found.sent and not call.is_safe:
        raise Unsure(f"{found.why} Whether it was done is not known: look before you ask again.")
    raise Unreachable(f"{found.why} Look at the address and the network, then try again.")


def asked_wait(found: Reply | Lost) -> float | None:
    """What Retry-After says, however it is written."""
    if isinstance(found, Lost) or found.status not in PASSING:
        return None
    return retry_after(found.headers)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds from now; a date is read beside the server's own, so that its clock and ours need not agree."""
    told = headers.get("retry-after", "").strip()
    seconds = number(told)
    if seconds is not None:
        return seconds
    at = dated(told)
    if at is None:
        return None
    now = dated(headers.get("date", "")) or datetime.now(UTC)
    return max(0.0, (at - now).total_seconds())


def dated(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
