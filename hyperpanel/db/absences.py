"""Who did not come when a sweep read their part of the list; and from when on they are taken to be gone.

Nothing is deleted: a row that is gone keeps what was last known of it, and comes back when the upstream shows it again. Where a sweep finds
many gone at once, a person is asked first: an upstream that is half up shows half of its records.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hyperpanel.db import tallies
from hyperpanel.db.pages import COUNTED
from hyperpanel.db.schema import MIRRORED, absences, feeds, holds, runs, sweeps
from hyperpanel.db.types import from_micros
from sync.store import Batch, Claim, FeedKey, Swept, Window

MOST = 50
ALWAYS = 5
SHARE = 0.005
TWICE = 2
DELETES = "deletes"
ASKED, SWEPT = "asked", "swept"
"""Why a record is taken to be gone: it was asked for by id, or was absent from several sweeps on end."""
LISTED = 20_000
ABSENT = (
    select(absences.c.record_id)
    .where(absences.c.panel_id == bindparam("of_panel"), absences.c.stream == bindparam("of_stream"))
    .limit(bindparam("listed"))
)


def of(feed: FeedKey) -> ColumnElement[bool]:
    return and_(absences.c.panel_id == feed.panel_id, absences.c.stream == feed.stream)


def acquit(connection: Connection, feed: FeedKey, keys: Sequence[str]) -> None:
    """Whoever comes is there, whichever plan saw them."""
    found = {"of_panel": feed.panel_id, "of_stream": feed.stream, "listed": LISTED}
    accused = set(connection.scalars(ABSENT, found))
    if seen := set(keys) if len(accused) == LISTED else accused.intersection(keys):
        connection.execute(delete(absences).where(of(feed), absences.c.record_id.in_(sorted(seen))))


def accuse(connection: Connection, feed: FeedKey, batch: Batch, window: Window) -> None:
    """What is held in this part of the list, was seen before this request, and did not come with it."""
    table = MIRRORED[feed.stream]
    held = select(table.c.id).where(
        table.c.panel_id == feed.panel_id, table.c.gone_at.is_(None), table.c.observed < batch.number
    )
    if window.low is not None:
        held = held.where(table.c[window.column] >= from_micros(window.low * 1_000_000))
    if window.high is not None:
        held = held.where(table.c[window.column] < from_micros(window.high * 1_000_000))
    if window.since is not None:
        held = held.where(table.c.created_at >= from_micros(window.since * 1_000_000))
    came = {*batch.keys, *window.excused, *(item.key for item in batch.unread)}
    found = connection.scalars(held.limit(LISTED + len(came)))  # beyond that a person is asked anyhow
    missing = [key for key in found if key not in came][:LISTED]
    if missing:
        note(connection, feed, window.sweep, missing, batch.at)


def note(connection: Connection, feed: FeedKey, sweep: int, missing: Sequence[str], at: datetime) -> None:
    """Absent from the sweep before too: once more. The same sweep counts once."""
    before = select(func.max(sweeps.c.number)).where(sweeps.c.panel_id == feed.panel_id, sweeps.c.stream == feed.stream)
    last = connection.scalar(before) or 0
    made = sqlite.insert(absences) if connection.dialect.name == "sqlite" else postgresql.insert(absences)
    times = case(
        (absences.c.sweep == sweep, absences.c.times), (absences.c.sweep == last, absences.c.times + 1), else_=1
    )
    again = made.on_conflict_do_update(
        index_elements=[absences.c.panel_id, absences.c.stream, absences.c.record_id],
        set_={"times": times, "sweep": sweep},
    )
    named = {"panel_id": feed.panel_id, "stream": feed.stream, "sweep": sweep, "times": 1, "first_at": at}
    connection.execute(again, [{**named, "record_id": key} for key in missing])


def judge(connection: Connection, feed: FeedKey, swept: Swept, now: datetime) -> None:
    """A sweep's end: its figures, and what its absences come to."""
    write(connection, feed, swept, now)
    others = absences.c.sweep != swept.sweep if swept.proven else absences.c.sweep >= 0
    connection.execute(delete(absences).where(of(feed), others))
    unsaid = select(func.count()).where(of(feed), absences.c.times >= TWICE, ~absences.c.agreed)
    count = connection.scalar(unsaid) or 0
    rows = connection.scalar(select(feeds.c.cached).where(*of_feed(feed))) or 0
    if count <= ALWAYS or (count <= MOST and count <= rows * SHARE):
        connection.execute(delete(holds).where(*undecided(feed)))
    else:
        hold(connection, feed, count, rows, now)


def write(connection: Connection, feed: FeedKey, swept: Swept, now: datetime) -> None:
    """Once, however often a crash has it judged."""
    mine = (sweeps.c.panel_id == feed.panel_id, sweeps.c.stream == feed.stream, sweeps.c.number == swept.sweep)
    counts = (func.coalesce(func.sum(runs.c[name]), 0) for name in ("read", "new", "changed"))
    plan = "head" if feed.stream == "services" else "sweep"
    found = connection.execute(
        select(*counts).where(
            runs.c.panel_id == feed.panel_id,
            runs.c.stream == feed.stream,
            runs.c.plan == plan,
            runs.c.number >= swept.sweep,
        )
    ).one()
    absent = select(func.count()).where(of(feed), absences.c.sweep == swept.sweep)
    told = {"read": int(found[0]), "missed": int(found[1]), "differed": int(found[2])}
    told["absent"] = connection.scalar(absent) or 0
    connection.execute(delete(sweeps).where(*mine))
    connection.execute(
        insert(sweeps).values(
            panel_id=feed.panel_id,
            stream=feed.stream,
            number=swept.sweep,
            started_at=swept.started_at,
            ended_at=now,
            proven=swept.proven,
            **told,
        )
    )


def agree(connection: Connection, feed: FeedKey) -> int:
    """A person says that those asked about are gone: the next sweep buries them if it does not find them after all."""
    asked = update(absences).where(of(feed), absences.c.times >= TWICE)
    return connection.execute(asked.values(agreed=True)).rowcount


def dismiss(connection: Connection, feed: FeedKey) -> int:
    """A person says that they are not: they have to be absent from two more sweeps before anybody is asked again."""
    return connection.execute(delete(absences).where(of(feed))).rowcount


def hold(connection: Connection, feed: FeedKey, count: int, rows: int, now: datetime) -> None:
    """One question a stream, with the latest numbers."""
    asked = update(holds).where(*undecided(feed)).values(rows=count, of_rows=rows, at=now)
    if connection.execute(asked).rowcount == 0:
        named = {"panel_id": feed.panel_id, "id": uuid4().hex, "stream": feed.stream, "kind": DELETES, "what": ""}
        connection.execute(insert(holds).values(**named, rows=count, of_rows=rows, at=now))


def of_hold(feed: FeedKey) -> tuple[ColumnElement[bool], ...]:
    return holds.c.panel_id == feed.panel_id, holds.c.stream == feed.stream, holds.c.kind == DELETES


def undecided(feed: FeedKey) -> tuple[ColumnElement[bool], ...]:
    return *of_hold(feed), holds.c.decision.is_(None)


def of_feed(feed: FeedKey) -> tuple[ColumnElement[bool], ...]:
    return feeds.c.panel_id == feed.panel_id, feeds.c.stream == feed.stream


def accused(connection: Connection, feed: FeedKey, after: str | None, limit: int, times: int) -> list[str]:
    """While a person has yet to decide, only those that were agreed on before."""
    found = select(absences.c.record_id).where(of(feed), absences.c.times >= times)
    if connection.scalar(select(func.count()).where(*undecided(feed))):
        found = found.where(absences.c.agreed)
    if after is not None:
        found = found.where(absences.c.record_id > after)
    return list(connection.scalars(found.order_by(absences.c.record_id).limit(limit)))


def bury(connection: Connection, claim: Claim, batch: Batch) -> int:
    """These are gone, unless a later request has seen them; returns how many. What was last known of them stays."""
    feed, table, gone = claim.feed, MIRRORED[claim.feed.stream], list(batch.gone)
    why = ASKED if batch.number else SWEPT
    mine = table.update().where(table.c.panel_id == feed.panel_id, table.c.id.in_(gone), table.c.gone_at.is_(None))
    if batch.number:
        mine = mine.where(table.c.observed < batch.number)
    counted = [table.c[name] for name in COUNTED.get(feed.stream, ("id",))]
    lost = connection.execute(mine.values(gone_at=batch.at, gone_why=why).returning(*counted)).all()
    tallies.keep(connection, feed, tallies.lost(feed.stream, lost))
    count = len(lost)
    connection.execute(delete(absences).where(of(feed), absences.c.record_id.in_(gone)))
    last = select(func.max(sweeps.c.number)).where(sweeps.c.panel_id == feed.panel_id, sweeps.c.stream == feed.stream)
    told = update(sweeps).where(
        sweeps.c.panel_id == feed.panel_id, sweeps.c.stream == feed.stream, sweeps.c.number == last.scalar_subquery()
    )
    connection.execute(told.values(gone=sweeps.c.gone + count))
    return count
