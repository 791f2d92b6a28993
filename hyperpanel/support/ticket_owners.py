"""Which orders are a ticket's customer's: the names that were theirs, and when (hyperpanel.db.user_names), over frames.

Most customers were never renamed, and share their name with nobody: of them the name decides. The others are looked at one by one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from hyperpanel.db.user_names import Borne, Other, own
from hyperpanel.db.users import Rename

Key = tuple[int, str]
RENAME = ("user_id", "was", "now", "not_before", "not_after")


@dataclass
class People:
    """Customers by id and by every name that they have or had. `known`: the names of who was asked about."""

    by_id: dict[Key, Other]
    renames: Mapping[Key, Sequence[Rename]]
    bearers: Mapping[Key, set[str]]
    known: dict[Key, list[Borne]] = field(default_factory=dict)

    def names(self, panel_id: int, user_id: str) -> list[Borne]:
        key = (panel_id, user_id)
        if key not in self.known:
            self.known[key] = self.told_apart(panel_id, user_id)
        return self.known[key]

    def told_apart(self, panel_id: int, user_id: str) -> list[Borne]:
        mine, renames = self.by_id[panel_id, user_id], self.renames.get((panel_id, user_id), ())
        borne = {mine.username, *(rename.was for rename in renames)}
        ids = {other for name in borne for other in self.bearers[panel_id, name]} - {user_id}
        others = [self.by_id[panel_id, other] for other in sorted(ids)]
        told = [rename for other in sorted(ids) for rename in self.renames.get((panel_id, other), ())]
        return own(mine.username, mine.created_at, renames, others, told)

    def bearer(self, panel_id: int, name: str, at: datetime | None) -> str | None:
        """The one whom a name meant at a time, if that can be told."""
        ids = sorted(self.bearers.get((panel_id, name), ()))
        found = [one for one in ids if any(borne.covers(name, at) for borne in self.names(panel_id, one))]
        return found[0] if len(found) == 1 else None

    def behind(self, panel_id: int, user_id: str, user: str, at: datetime | None) -> list[Borne]:
        """The names of whose ticket it is; of somebody who is not held, the one on the ticket."""
        known = user_id if user_id else self.bearer(panel_id, user, at) if user else None
        if known and (panel_id, known) in self.by_id:
            return self.names(panel_id, known)
        return [Borne(user)] if user and not self.bearers.get((panel_id, user)) else []


def people(customers: pl.DataFrame, renames: pl.DataFrame) -> People:
    by_id = {(row[0], row[1]): Other(*row[1:]) for row in customers.iter_rows()}
    told: dict[Key, list[Rename]] = defaultdict(list)
    bearers: dict[Key, set[str]] = defaultdict(set)
    for panel_id, *values in renames.select("panel_id", *RENAME).iter_rows():
        rename = Rename(*values)
        told[panel_id, rename.user_id].append(rename)
        if (panel_id, rename.user_id) in by_id:
            bearers[panel_id, rename.was].add(rename.user_id)
    for (panel_id, user_id), other in by_id.items():
        bearers[panel_id, other.username].add(user_id)
    return People(by_id, told, bearers)


def own_orders(tickets: pl.DataFrame, numbers: pl.DataFrame, orders: pl.DataFrame, known: People) -> pl.DataFrame:
    """panel_id, ticket_id, number, service_id: of the numbers in these tickets those that are their customers' orders. `orders` are all that
    have one of these numbers, whosever they are."""
    whose = tickets.select("panel_id", "ticket_id", "user", "user_id", opened_at="created_at")
    both = numbers.join(orders.rename({"user": "of"}), on=["panel_id", "number"], how="inner")
    named = both.join(whose, on=["panel_id", "ticket_id"], how="inner")
    columns = ("panel_id", "ticket_id", "number", "service_id", "of", "created_at", "user_id", "user", "opened_at")
    schema = {"panel_id": pl.Int64, "ticket_id": pl.String, "number": pl.String, "service_id": pl.String}
    return pl.DataFrame(list(theirs(named.select(columns).iter_rows(), known)), schema=schema, orient="row")


def theirs(rows: Iterable[tuple[Any, ...]], known: People) -> Iterator[tuple[int, str, str, str]]:
    behind: dict[Key, list[Borne]] = {}
    for panel_id, ticket_id, number, service_id, of, created_at, user_id, user, opened_at in rows:
        key = (panel_id, ticket_id)
        if key not in behind:
            behind[key] = known.behind(panel_id, user_id, user, opened_at)
        if any(one.covers(of, created_at) for one in behind[key]):
            yield panel_id, ticket_id, number, service_id
