"""Finding records by a part of their texts: among the newest first, then by the trigram index, and what they are now.

A part that is everywhere (the host of a link) is among the newest records, and the index is not asked: it would have to go through most of
what it holds. Of a rarer part, those trigrams are looked up that the newest records have least, since a trigram that all records have costs
the most and tells nothing. Whether a candidate holds the part is seen on its row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    bindparam,
    func,
    literal,
    select,
)

from hyperpanel.db.lists import Listing
from hyperpanel.db.schema import panels, texts, user_renames
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.search_tables import grams_of
from hyperpanel.db.search_texts import Sought, folded, hashed, holds, panel_sign, span, words

CANDIDATES = 1_000
"""Of one stream, that are looked at to see whether they hold the part."""

AT_ONCE = 100
"""Most often the first of them are enough."""

NEWEST = 100
"""Records that are looked through before the index is asked."""

MATCHING = 4_000
"""Of PostgreSQL's index, which gives its matches in no order: among so many the newest are looked for. Where there are more, it is told that
not all were looked through."""

TELLING = 6
"""Trigrams that are looked up; where that many are not rare, at least ENOUGH."""

ENOUGH = 3
COMMON = 0.1
"""The share of the newest records that a common trigram is in."""

NO_PANEL = "---"


@dataclass(frozen=True)
class Candidates:
    """Numbers of texts, the newest first. `is_all`: there are no others; `is_newest`: if there are, they are older."""

    numbers: Sequence[int]
    is_all: bool
    is_newest: bool


@dataclass(frozen=True)
class Found:
    """`is_whole` is False where more may match, `is_stopped` True where that is because not all candidates were looked at,
    among which there may be newer ones."""

    lines: Sequence[Any] = ()
    is_whole: bool = True
    is_stopped: bool = False
    was: Mapping[tuple[int, str], Sequence[str]] = field(default_factory=dict)
    """Earlier names of the users among them."""


def find(connection: Connection, scope: Scope, listing: Listing, sought: Sought, limit: int) -> Found:
    """Up to `limit` lines of a listing whose texts hold the part, the newest first."""
    low, high = span(listing.table.name)
    rows = connection.execute(newest(scope, listing), {"low": low, "high": high, "newest": NEWEST}).all()
    first = judged(connection, scope, listing, rows, sought, limit)
    if len(first.lines) >= limit:
        return replace(first, is_whole=False)
    grams = telling(sought, [listing.line(*row) for row in rows], listing.table.name)
    return looked_through(connection, scope, listing, sought, candidates(connection, scope, listing, grams), limit)


def candidates(connection: Connection, scope: Scope, listing: Listing, grams: Sequence[str]) -> Candidates:
    """Those whose trigrams match."""
    scope, most = told_apart(connection, scope), {"candidates": CANDIDATES + 1}
    if connection.dialect.name == "sqlite":
        rows = connection.execute(in_sqlite(listing), most | {"match": match(scope, grams)}).all()
    else:
        asked = in_postgresql(scope.panel_ids is not None)
        rows = connection.execute(asked, most | matching(scope, listing, grams)).all()
    is_newest = not rows or rows[0].matching < MATCHING
    return Candidates([row.number for row in rows[:CANDIDATES]], is_newest and len(rows) <= CANDIDATES, is_newest)


def told_apart(connection: Connection, scope: Scope) -> Scope:
    """By which the index is asked. A scope of all panels that there are needs no sign of theirs, which all texts have: it would cost more than
    all trigrams together. Whose a row is, is seen when it is read."""
    known = set(connection.scalars(EVERYTHING.select(panels.c.id)))
    return EVERYTHING if all(scope.holds(panel_id) for panel_id in known) else scope


def looked_through(
    connection: Connection,
    scope: Scope,
    listing: Listing,
    sought: Sought,
    among: Candidates,
    limit: int,
) -> Found:
    """Some at a time, until there are more hits than are wanted."""
    found = Found()
    for first in range(0, len(among.numbers), AT_ONCE):
        given = {"numbers": among.numbers[first : first + AT_ONCE]}
        rows = [row for row in connection.execute(numbered(listing), given) if scope.holds(row.panel_id)]
        more = judged(connection, scope, listing, rows, sought, limit + 1)
        found = Found([*found.lines, *more.lines], was={**found.was, **more.was})
        if len(found.lines) > limit:
            return Found(found.lines[:limit], False, not among.is_newest, found.was)
    return replace(found, is_whole=among.is_all, is_stopped=not among.is_all)


def telling(sought: Sought, lines: Sequence[Any], stream: str) -> list[str]:
    """The rarest trigrams of a part, spread over it. Of three that are rare no common one is asked for beside them."""
    held = [folded(words(line, stream)) for line in lines]
    times = {gram: sum(gram in text for text in held) for gram in sought.grams}
    least = sorted(sought.grams, key=times.__getitem__)
    rare = [gram for gram in least if not times[gram]]
    if len(rare) > TELLING:
        return [rare[place * (len(rare) - 1) // (TELLING - 1)] for place in range(TELLING)]
    return [*least[:ENOUGH], *(gram for gram in least[ENOUGH:TELLING] if times[gram] <= len(held) * COMMON)]


def match(scope: Scope, grams: Sequence[str]) -> str:
    """In FTS5's words: all of these trigrams, and one of the panels'."""
    parts = [quoted(gram) for gram in grams]
    if scope.panel_ids is not None:
        signs = [quoted(panel_sign(panel)) for panel in sorted(scope.panel_ids)]
        parts.append(f"({' OR '.join(signs) or quoted(NO_PANEL)})")
    return " AND ".join(parts)


def quoted(gram: str) -> str:
    return '"' + gram.replace('"', '""') + '"'


def matching(scope: Scope, listing: Listing, grams: Sequence[str]) -> dict[str, Any]:
    """The same for PostgreSQL. The stream stands among the trigrams, or its numbers would be gone through instead."""
    signs = [] if scope.panel_ids is None else [hashed(panel_sign(panel)) for panel in sorted(scope.panel_ids)]
    held = [hashed(gram) for gram in (listing.table.name, *grams)]
    return {"grams": held, "panels": signs, "matching": MATCHING}


@lru_cache
def in_sqlite(listing: Listing) -> Select[Any]:
    index = grams_of(listing.table.name)
    asked = index.c[index.name].op("MATCH")(bindparam("match", type_=Text))
    inner = select(index.c.rowid.label("number"), literal(0).label("matching")).where(asked)
    return inner.order_by(index.c.rowid.desc()).limit(bindparam("candidates"))


@lru_cache
def numbered(listing: Listing) -> Select[Any]:
    """Of any panel: asked with a scope, a planner begins with its rows, and goes through all of a large panel. Whose they are is seen then."""
    number = texts.c.number
    return lines(EVERYTHING, listing, number).where(number.in_(bindparam("numbers", expanding=True)))


def lines(scope: Scope, listing: Listing, number: ColumnElement[Any]) -> Select[Any]:
    """The rows of the numbers found, as they are now."""
    held = listing.table
    asked = scope.select(*listing.columns).where(
        texts.c.number == number,
        texts.c.panel_id == held.c.panel_id,
        texts.c.record_id == held.c.id,
        held.c.gone_at.is_(None),
    )
    return asked.order_by(number.desc())


@lru_cache(maxsize=256)
def newest(scope: Scope, listing: Listing) -> Select[Any]:
    """Of all panels the newest, so far as they are in the scope: whose they are is not asked before."""
    numbers = select(texts.c.number).where(*in_span()).order_by(texts.c.number.desc()).limit(bindparam("newest"))
    return lines(scope, listing, numbers.subquery("newest").c.number)


@lru_cache
def in_postgresql(is_narrowed: bool) -> Select[Any]:
    """Fenced, or the planner may walk through all numbers from the newest on, since they are wanted in that order. The panels too are
    asked of the index alone: what is read by the numbers is scoped."""
    of = [texts.c.grams.op("@>")(bindparam("grams", type_=ARRAY(Integer)))]
    if is_narrowed:
        of.append(texts.c.grams.op("&&")(bindparam("panels", type_=ARRAY(Integer))))
    some = select(texts.c.number).where(*of).limit(bindparam("matching")).cte("some")
    fenced = some.prefix_with("MATERIALIZED")
    found = select(fenced.c.number, func.count().over().label("matching"))
    found = found.order_by(fenced.c.number.desc()).limit(bindparam("candidates"))
    return found.execution_options(scoped=True)


def in_span() -> tuple[ColumnElement[bool], ...]:
    low, high = bindparam("low", type_=BigInteger), bindparam("high", type_=BigInteger)
    return texts.c.number >= low, texts.c.number <= high


def judged(
    connection: Connection, scope: Scope, listing: Listing, rows: Sequence[Any], sought: Sought, limit: int
) -> Found:
    """Those rows that really hold it."""
    stream = listing.table.name
    known = [listing.line(*row) for row in rows]
    was = earlier(connection, scope, known) if stream == "users" and known else {}
    held = [line for line in known if holds(all_texts(line, stream, was), sought.text)]
    return Found(held[:limit], was=was)


def all_texts(line: Any, stream: str, was: Mapping[tuple[int, str], Sequence[str]]) -> Iterable[str | None]:
    return (*words(line, stream), *was.get((line.panel_id, line.id), ()))


def earlier(connection: Connection, scope: Scope, lines: Iterable[Any]) -> dict[tuple[int, str], list[str]]:
    """All the names that these users had, the latest last."""
    keys = [(line.panel_id, line.id) for line in lines]
    given = {"panels": sorted({panel for panel, _ in keys}), "ids": sorted({id for _, id in keys})}
    found: dict[tuple[int, str], list[str]] = {}
    for row in connection.execute(renaming(scope), given):
        found.setdefault((row.panel_id, row.user_id), []).append(row.was)
    return found


@lru_cache(maxsize=256)
def renaming(scope: Scope) -> Select[Any]:
    asked = scope.select(user_renames.c.panel_id, user_renames.c.user_id, user_renames.c.was).where(
        user_renames.c.panel_id.in_(bindparam("panels", expanding=True)),
        user_renames.c.user_id.in_(bindparam("ids", expanding=True)),
    )
    return asked.order_by(user_renames.c.number)
