"""What the console tells of itself, beside its panels' records: panels, how the reading goes, catalogues, snoozes, and who did what."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from hyperpanel.client.records import Id, Money

Natural = Annotated[int, Meta(ge=0)]
Seconds = Annotated[float, Meta(ge=0, description="Seconds.")]
State = Annotated[
    str,
    Meta(
        description="on_time, late, running, paused, key (refused), never (read), or removing (a panel alone).",
        examples=["on_time"],
    ),
]
NO_NUL = r"^[^\x00]*$"
"""PostgreSQL keeps none."""

Why = Annotated[
    str,
    Meta(max_length=500, pattern=NO_NUL, description="For whoever asks later.", examples=["Its owner moves it."]),
]


class Paused(Struct, frozen=True):
    """`by`: a person, a key, the command line, or the engine because of a trouble."""

    by: str
    why: str
    at: datetime
    whole_panel: bool


class StreamState(Struct, frozen=True):
    """A stream of a panel in short. `lag`: seconds behind; null where it was never read."""

    stream: Annotated[str, Meta(examples=["orders"])]
    state: State
    lag: Seconds | None
    as_of: datetime | None
    rows: Natural


class Panel(Struct, frozen=True):
    """`reason`: what is wrong with it, in a sentence; empty where nothing is. Its address and its keys are in no answer."""

    name: Annotated[str, Meta(examples=["eu-1"])]
    kind: Annotated[str, Meta(examples=["perfect_panel"])]
    currency: Annotated[str, Meta(examples=["USD"])]
    time_zone: Annotated[str, Meta(examples=["UTC"])]
    group: str | None
    state: State
    reason: str
    paused: Paused | None
    as_of: datetime | None
    streams: Sequence[StreamState]


class PlanState(Struct, frozen=True):
    """`every`: seconds between two runs as it is paced now; `usual`: as the settings say. `next_run` is null while nobody reads it."""

    plan: Annotated[str, Meta(description="head, watch, refresh, backfill or sweep.", examples=["head"])]
    every: Seconds | None
    usual: Seconds | None
    as_of: datetime | None
    next_run: datetime | None


class Run(Struct, frozen=True):
    """What one run of a plan found; `ended_at` is null while it goes on. `done`: it came to the end of what it set out to read, else the next
    one goes on there; `trouble`: what was in its way, in a sentence. A console that does not tell them says null."""

    plan: str
    started_at: datetime
    ended_at: datetime | None
    read: Natural
    new: Natural
    changed: Natural
    set_aside: Natural
    done: bool | None = None
    trouble: str | None = None


class Sweep(Struct, frozen=True):
    """How far what was held had drifted when all of it was read once more. What an unproven one did not see proves nothing."""

    ended_at: datetime
    proven: bool
    read: Natural
    missed: Natural
    differed: Natural
    absent: Natural
    gone: Natural


class Backfill(Struct, frozen=True):
    """The past that is read once more. `share`: of the way, from 0 to 1."""

    since: datetime
    share: float
    read: Natural
    by: str


class Threads(Struct, frozen=True):
    """Of `tickets` the messages of `threads` are held; of these `outdated` were read before the ticket last changed."""

    tickets: Natural
    threads: Natural
    outdated: Natural


class Feed(Struct, frozen=True, kw_only=True):
    """A stream of a panel. It is on time up to `on_time_within` seconds of `lag`. `asked_at`: since when somebody waits for it to be read;
    `reaches_back_to`: everything newer is held, where that is known."""

    panel: Annotated[str, Meta(examples=["eu-1"])]
    stream: Annotated[str, Meta(examples=["orders"])]
    state: State
    reason: str
    paused: Paused | None
    lag: Seconds | None
    on_time_within: Seconds | None
    as_of: datetime | None
    rows: Natural
    set_aside: Natural
    last_fetched: datetime | None
    next_run: datetime | None
    asked_at: datetime | None
    calls_per_minute: float
    plans: Sequence[PlanState]
    last_run: Run | None
    running: Run | None
    last_sweep: Sweep | None
    threads: Threads | None
    backfill: Backfill | None
    is_history_read: bool
    reaches_back_to: datetime | None


class RunNow(Struct, frozen=True, forbid_unknown_fields=True):
    """`plan`: this one alone; else all that the stream has. With `since`, a date in UTC, its past is read once more from there on."""

    plan: Annotated[str, Meta(max_length=20, examples=["head"])] | None = None
    since: Annotated[str, Meta(max_length=10, examples=["2026-01-31"])] | None = None


class Pausing(Struct, frozen=True, forbid_unknown_fields=True):
    why: Why = ""


class Service(Struct, frozen=True, kw_only=True):
    """A service of a panel's catalogue. `rate` is for 1000, in the panel's currency. `speed_per_day`: the least that a person set, or that
    its name promises (`speed_from`: set, name or none). `description`: as it begins; of one service, all of it."""

    id: Id
    panel: str
    name: str
    type: str | None
    category: str | None
    rate: Money | None
    min: int | None
    max: int | None
    refill: bool | None
    cancel: bool | None
    speed_per_day: Natural | None
    speed_from: str
    description: str | None
    as_of: datetime | None


class ServiceChange(Struct, frozen=True):
    """It happened after `not_before` and no later than `not_after`."""

    name_was: str
    name_now: str
    rate_was: Money | None
    rate_now: Money | None
    not_before: datetime
    not_after: datetime


class ServiceDetail(Service, frozen=True, kw_only=True):
    """`gone_at`: when it was no longer in the catalogue."""

    changes: Sequence[ServiceChange]
    first_seen_at: datetime
    gone_at: datetime | None


class Snooze(Struct, frozen=True, kw_only=True):
    """A service that nobody wants to be told about for now. `score` (unbounded; null where too few orders are there) and `stuck`: as they were
    when it was set, over `report_hours`."""

    panel: str
    service: str
    by: str
    why: str
    at: datetime
    until: datetime | None
    wakes: Annotated[str, Meta(description="time, recovered or worse.", examples=["time"])]
    report_hours: float
    score: float | None
    stuck: Natural


class NewSnooze(Struct, frozen=True, forbid_unknown_fields=True):
    """`hours` from now, or `until` a moment; with wakes recovered or worse it may have neither. `profile` and `report_hours`: of the report that
    it is judged by."""

    panel: Annotated[str, Meta(min_length=1, max_length=200, pattern=NO_NUL, examples=["eu-1"])]
    service: Annotated[str, Meta(min_length=1, max_length=200, pattern=NO_NUL, examples=["170"])]
    wakes: Annotated[str, Meta(description="time, recovered or worse.", max_length=20, examples=["time"])] = "time"
    hours: Annotated[float, Meta(gt=0, le=2160, examples=[24])] | None = None
    until: datetime | None = None
    why: Why = ""
    profile: Annotated[str, Meta(max_length=200, pattern=NO_NUL)] | None = None
    report_hours: Annotated[float, Meta(gt=0, le=744)] | None = None


class Woken(Struct, frozen=True):
    """How many snoozes were ended: one or none."""

    ended: Natural


class LogEntry(Struct, frozen=True):
    """A row of the activity log. `panel` is null where it concerns none that is there; `details` as the act wrote them, without secrets."""

    id: Natural
    at: datetime
    actor: str
    action: Annotated[str, Meta(examples=["feed-pause"])]
    panel: str | None
    target: str
    details: Mapping[str, Any]
    address: str
    device: str
