"""Whose a name was and when, for many names at once: rows name their customer by the username of their day (hyperpanel.db.user_names).

A name is *contested* where somebody left it or came to it by a rename, or two customers have it now (one of them is gone, or has another
by now and was not read again yet). Of every other name there is one bearer at most, and what it ordered and paid needs no closer look.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import polars as pl

from hyperpanel.db import user_frames
from hyperpanel.db.scope import Scope
from hyperpanel.db.sources import TIME, Source
from hyperpanel.db.user_names import MOST_NAMES, Borne, alone, begun, spans
from hyperpanel.db.users import Rename
from reports.user_tracking import NAME, USER

SPANS: dict[str, Any] = {"panel_id": pl.Int64, "name": pl.String, "user_id": pl.String, "since": TIME, "until": TIME}
Key = tuple[int, str]
Found = tuple[int, str, str, datetime | None, datetime | None]


def contested(source: Source, scope: Scope, told: pl.DataFrame, shared: pl.DataFrame) -> pl.DataFrame:
    """For the names that are told (panel_id, name), and those known to be shared by two: panel_id, name, user_id, since, until, where null
    is open. A name appears with all of its bearers, and each of them with all names."""
    renames = user_frames.renames(source, scope)
    if renames.is_empty() and shared.is_empty():
        return pl.DataFrame(schema=SPANS)
    names = pl.concat([concerned(renames, told), shared.select(NAME)]).unique()
    bearing = user_frames.bearers(source, scope, names.sort(NAME)).select(*USER, "name", "created_at")
    before = renames.join(names, left_on=["panel_id", "was"], right_on=NAME, how="semi").select(USER)
    after = renames.join(names, left_on=["panel_id", "now"], right_on=NAME, how="semi").select(USER)
    others = pl.concat([before, after]).unique().join(bearing, on=USER, how="anti").sort(USER)
    people = pl.concat([bearing, user_frames.known(source, scope, others).select(bearing.columns)]).unique(USER)
    theirs = renames.join(people, on=USER, how="semi")
    return pl.DataFrame(list(apart(people, theirs)), schema=SPANS, orient="row")


def concerned(renames: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """All names of whoever was ever called by one that is told."""
    pairs = [renames.select(*USER, name=name) for name in ("was", "now")]
    called = pl.concat(pairs).unique()
    people = called.join(told, on=NAME, how="semi").select(USER).unique()
    return called.join(people, on=USER, how="semi").select(NAME).unique()


def apart(people: pl.DataFrame, renames: pl.DataFrame) -> Iterator[Found]:
    borne = dict(all_borne(people, renames))
    created = {(panel_id, user_id): at for panel_id, user_id, _, at in people.iter_rows()}
    by_name: dict[Key, list[tuple[str, Borne]]] = defaultdict(list)
    for (panel_id, user_id), names in borne.items():
        for one in names:
            by_name[panel_id, one.name].append((user_id, begun(one, created[panel_id, user_id])))
    for (panel_id, user_id), names in borne.items():
        for one in names[-MOST_NAMES:]:
            others = [other for other_id, other in by_name[panel_id, one.name] if other_id != user_id]
            left = alone(one, others, created[panel_id, user_id])
            yield panel_id, left.name, user_id, left.since, left.until


def all_borne(people: pl.DataFrame, renames: pl.DataFrame) -> Iterable[tuple[Key, list[Borne]]]:
    told: dict[Key, list[Rename]] = defaultdict(list)
    for panel_id, user_id, *rest in renames.iter_rows():
        told[panel_id, user_id].append(Rename(user_id, *rest))
    for panel_id, user_id, name, _ in people.iter_rows():
        yield (panel_id, user_id), spans(name, told[panel_id, user_id])
