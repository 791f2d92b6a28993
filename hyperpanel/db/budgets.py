"""The token bucket of a panel, as a row: whoever calls the panel takes its slot and its observation number from here.

The row also knows which calls are out, who waits for a turn, how long answers take and whether the panel is down, since several processes
call one panel. A call that never landed (its process was killed) is forgotten when no request lasts so long.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, bindparam, select, update

from hyperpanel.db import latencies
from hyperpanel.db.schema import budgets, panels
from hyperpanel.db.scope import EVERYTHING
from sync.budget import CLICK, IN_FLIGHT, PATIENCE, SPACING
from sync.store import Caller, Turn
from sync.verdicts import Trouble, Verdict

SLOWEST = 0.1
RECOVERY = 1.1
RECOVERS_AFTER = timedelta(seconds=30)
LEAST_WAIT = 1.0
"""Seconds without a call after a complaint. Calls that were out by then may be told of the same excess: they halve nothing."""

LONGEST_WAIT = 900.0
NO_SLOT_BEYOND = timedelta(minutes=20)
FLIES = 75.0
"""Seconds after which a call is over, whatever became of it: longer than the deadline of a request."""

ASKS_AGAIN = 0.1
WAITS = 2.0
"""Seconds for which somebody counts as waiting after the time at which they were to ask again."""

AGING = 5.0
"""Seconds of waiting that make up for one rank."""

FAILURES = 3
DOWN_AFTER = timedelta(seconds=45)
"""A panel is down when it has answered nobody for so long, and several times: one lost request is no outage."""

PROBES = timedelta(minutes=5)
UNANSWERED = frozenset(
    {"unresolved", "unreachable", "tls", "tls_expired", "tls_unknown", "tls_host", "timeout", "cut", "server", "html"}
    | {"web_page", "not_json", "too_large"}
)
"""Troubles that speak of the panel as a whole, not of what it was asked."""
OURS = frozenset({"waiting", "down", "bug", "database"})
"""Troubles that say nothing of it."""


class Flight(NamedTuple):
    """A call that is out, or a turn that waits for its time; unix seconds."""

    number: int
    run: int
    until: float


class Waiter(NamedTuple):
    """Somebody who asked and has no turn yet; unix seconds."""

    name: str
    rank: int
    since: float
    until: float

    def standing(self, now: float) -> float:
        return standing(self.rank, now - self.since)


FLIGHTS = msgspec.json.Decoder(list[Flight])
WAITERS = msgspec.json.Decoder(list[Waiter])

# Made once, as those of hyperpanel.db.keeping: they run with every request.
NAMES = (
    "pace", "free_at", "number", "slowed_at", "told_until", "flying", "waiting", "latency",
    "failures", "failing_since", "down_since", "probe_at",
)  # fmt: skip
ALLOWANCE = (
    select(*(budgets.c[name] for name in NAMES), panels.c.rate)
    .join(panels, panels.c.id == budgets.c.panel_id)
    .where(budgets.c.panel_id == bindparam("of_panel"))
    .with_for_update(of=budgets)
)
SPENT = ("number", "free_at", "pace", "slowed_at", "flying", "waiting", "latency", "probe_at")
SPEND = (
    update(budgets)
    .where(budgets.c.panel_id == bindparam("of_panel"))
    .values({name: bindparam(f"now_{name}") for name in SPENT})
)


def slot(connection: Connection, panel_id: int, caller: Caller, now: datetime) -> Turn:
    """Slots are spaced by the panel's present pace; one left far in the future by a clock that ran back is forgotten."""
    row = connection.execute(ALLOWANCE, {"of_panel": panel_id}).one()
    state = aired(row, caller, now)
    at = earliest(row, now)
    if is_kept_off(row, caller, now):
        return refused(connection, panel_id, state, Turn(probe_time(row, now), row.number, granted=False, is_down=True))
    if (at - now).total_seconds() > PATIENCE:  # nobody waits that long, so nothing is spent
        return refused(connection, panel_id, state, Turn(at, row.number, granted=False))
    if goes_first(state["now_waiting"], caller, now) or len(state["now_flying"]) >= IN_FLIGHT:
        again = Turn(max(at, now + timedelta(seconds=ASKS_AGAIN)), row.number, granted=False)
        state["now_waiting"] = queued(state["now_waiting"], caller, now, again.at)
        return refused(connection, panel_id, state, again)
    return granted(connection, panel_id, row, state, caller, Turn(at, row.number + 1))


def is_kept_off(row: Any, caller: Caller, now: datetime) -> bool:
    """While the panel is down. Whoever has its probe goes on: with a turn that came too late to be used, or after an answer."""
    if row.down_since is None or caller.rank <= CLICK or now >= probe_time(row, now):
        return False
    return all(one.number != caller.landed for one in flights(row.flying))


def aired(row: Any, caller: Caller, now: datetime) -> dict[str, Any]:
    """The row as it is to be, without what is over: calls that landed, those who no longer wait."""
    stamp, pace, slowed_at, latency = now.timestamp(), *recovered(row, now), row.latency
    if caller.took is not None:
        latency, is_jump = latencies.heard(row.latency, caller.took, stamp)
        pace, slowed_at = (max(pace * latencies.EASES, SLOWEST), now) if is_jump else (pace, slowed_at)
    return {
        "now_number": row.number,
        "now_free_at": row.free_at,
        "now_pace": pace,
        "now_slowed_at": slowed_at,
        "now_flying": [one for one in flights(row.flying) if out(one, stamp) and one.number != caller.landed],
        "now_waiting": [one for one in waiters(row.waiting) if stamp < one.until < stamp + 2 * PATIENCE],
        "now_latency": latency,
        "now_probe_at": row.probe_at,
    }


def granted(connection: Connection, panel_id: int, row: Any, state: dict[str, Any], caller: Caller, turn: Turn) -> Turn:
    state["now_number"] = turn.number
    state["now_free_at"] = turn.at + timedelta(seconds=SPACING / state["now_pace"])
    state["now_flying"] = [*state["now_flying"], Flight(turn.number, caller.run, turn.at.timestamp() + FLIES)]
    state["now_waiting"] = [one for one in state["now_waiting"] if one.name != caller.name]
    if row.down_since is not None and caller.rank > CLICK:
        state["now_probe_at"] = turn.at + PROBES
    spend(connection, panel_id, state)
    return turn


def refused(connection: Connection, panel_id: int, state: dict[str, Any], turn: Turn) -> Turn:
    spend(connection, panel_id, state)
    return turn


def spend(connection: Connection, panel_id: int, state: dict[str, Any]) -> None:
    told = {name: dumped(value) if isinstance(value, list) else value for name, value in state.items()}
    connection.execute(SPEND, {"of_panel": panel_id, **told})


def dumped(value: Sequence[Any]) -> str:
    return msgspec.json.encode(value).decode()


def flights(text: str) -> list[Flight]:
    """What cannot be read is over: at worst a call too many is out for a moment."""
    try:
        return FLIGHTS.decode(text)
    except msgspec.MsgspecError:
        return []


def waiters(text: str) -> list[Waiter]:
    try:
        return WAITERS.decode(text)
    except msgspec.MsgspecError:
        return []


def out(flight: Flight, now: float) -> bool:
    """Not one whose time a clock has set that ran back since."""
    return now < flight.until < now + 2 * FLIES + PATIENCE


def earliest(row: Any, now: datetime) -> datetime:
    at = max(row.free_at, now) if row.free_at - now < NO_SLOT_BEYOND else now
    told = row.told_until
    return max(at, told) if told is not None and told - now < NO_SLOT_BEYOND else at


def probe_time(row: Any, now: datetime) -> datetime:
    at: datetime = row.probe_at or now
    return at if at - now < NO_SLOT_BEYOND else now


def standing(rank: int, waited: float) -> float:
    """The lowest goes first."""
    return rank - max(waited, 0.0) / AGING


def goes_first(waiting: Sequence[Waiter], caller: Caller, now: datetime) -> bool:
    """Whether somebody else does."""
    stamp = now.timestamp()
    mine = next((one.standing(stamp) for one in waiting if one.name == caller.name), standing(caller.rank, 0.0))
    return any(one.name != caller.name and one.standing(stamp) < mine for one in waiting)


def queued(waiting: Sequence[Waiter], caller: Caller, now: datetime, again: datetime) -> list[Waiter]:
    since = next((one.since for one in waiting if one.name == caller.name), now.timestamp())
    mine = Waiter(caller.name, caller.rank, since, again.timestamp() + WAITS)
    return [*(one for one in waiting if one.name != caller.name), mine]


def allowed(connection: Connection, panel_id: int, now: datetime) -> bool:
    row = connection.execute(TOLD, {"of_panel": panel_id}).one()
    return row.told_until is None or row.told_until <= now or row.told_until - now > NO_SLOT_BEYOND


TOLD = EVERYTHING.select(budgets.c.told_until).where(budgets.c.panel_id == bindparam("of_panel"))


def slow(connection: Connection, panel_id: int, retry_after: float | None, now: datetime) -> None:
    """Half the pace, and nothing before Retry-After (at most a quarter of an hour) has passed."""
    told = now + timedelta(seconds=min(max(retry_after or 0.0, LEAST_WAIT), LONGEST_WAIT))
    row = connection.execute(ALLOWANCE, {"of_panel": panel_id}).one()
    pace = max(row.pace / 2, SLOWEST)
    if row.told_until is not None and now < row.told_until < now + NO_SLOT_BEYOND:
        pace, told = row.pace, max(row.told_until, told)
    connection.execute(
        update(budgets)
        .where(budgets.c.panel_id == panel_id)
        .values(pace=pace, slowed_at=now, free_at=max(earliest(row, now), told), told_until=told)
    )


def recovered(row: Any, now: datetime) -> tuple[float, datetime | None]:
    """A tenth faster every half minute without complaint, up to the panel's rate; an owner's lower rate holds at once."""
    if row.pace >= row.rate:
        return row.rate, None
    if row.slowed_at is None or not timedelta(0) <= now - row.slowed_at < RECOVERS_AFTER:
        return min(row.pace * RECOVERY, row.rate), now
    return row.pace, row.slowed_at


def over(
    connection: Connection,
    panel_id: int,
    run: int,
    number: int | None,
    trouble: Trouble | None,
    now: datetime,
    *,
    was_heard: bool,
) -> bool:
    """A run or a single call is over: none of its calls is out any more. Whether the panel answers again after it was down."""
    row = connection.execute(ALLOWANCE, {"of_panel": panel_id}).one()
    stamp = now.timestamp()
    left = [one for one in flights(row.flying) if out(one, stamp) and not (run and one.run == run)]
    kept = [one for one in left if one.number != number]
    state = failing(row, now) if fails(trouble) else answering(trouble, was_heard=was_heard)
    changed: dict[str, Any] = {name: value for name, value in state.items() if getattr(row, name) != value}
    if dumped(kept) != row.flying:
        changed["flying"] = dumped(kept)
    if changed:
        connection.execute(update(budgets).where(budgets.c.panel_id == panel_id).values(**changed))
    return row.down_since is not None and changed.get("down_since", row.down_since) is None


def abandoned(connection: Connection, panel_id: int, runs: Collection[int]) -> None:
    """Nobody waits any more for the calls of these runs: their process has ended, well or badly."""
    flying = connection.scalar(select(budgets.c.flying).where(budgets.c.panel_id == panel_id).with_for_update())
    kept = [one for one in flights(flying or "") if one.run not in runs]
    connection.execute(update(budgets).where(budgets.c.panel_id == panel_id).values(flying=dumped(kept)))


def fails(trouble: Trouble | None) -> bool:
    return trouble is not None and trouble.code in UNANSWERED


def answering(trouble: Trouble | None, *, was_heard: bool) -> dict[str, Any]:
    """An answer of any kind ends an outage; to have asked nothing, to have waited, or a fault of ours, says nothing."""
    if not was_heard and (trouble is None or trouble.code in OURS or trouble.verdict is Verdict.SET_ASIDE):
        return {}
    return {"failures": 0, "failing_since": None, "down_since": None, "probe_at": None}


def failing(row: Any, now: datetime) -> dict[str, Any]:
    since = row.failing_since if row.failing_since is not None and row.failing_since <= now else now
    state = {"failures": row.failures + 1, "failing_since": since}
    if row.down_since is None and state["failures"] >= FAILURES and now - since >= DOWN_AFTER:
        state |= {"down_since": since, "probe_at": now + PROBES}
    return state
