"""What every list reads of the database for one page: the panels it is about, how old they are, and the rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from hyperpanel.db import feeds, panels
from hyperpanel.db.feeds import Feed
from hyperpanel.db.panels import Panel
from hyperpanel.web import list_pages
from hyperpanel.web.list_filters import Asked
from hyperpanel.web.list_kinds import ListKind
from hyperpanel.web.list_pages import Turned
from hyperpanel.web.panel_choice import chosen
from hyperpanel.web.visits import Visit


@dataclass(frozen=True)
class Looked:
    """All in one snapshot. Without panels, or where a filter was not understood, there are no rows."""

    panels: Sequence[Panel]
    chosen: Sequence[Panel]
    feeds: Sequence[Feed]
    page: Turned = field(default_factory=Turned)
    rows: Sequence[Any] = ()

    @property
    def panel_ids(self) -> list[int]:
        return [panel.id for panel in self.chosen]


def look(connection: Connection, visit: Visit, kind: ListKind, asked: Asked) -> Looked:
    known = panels.all_of(connection, visit.scope)
    some = chosen(visit, known)
    ids = [panel.id for panel in some]
    told = feeds.all_of(connection, visit.scope.narrowed(ids), visit.now, kind.kind.stream)
    if not ids or asked.errors:
        return Looked(known, some, told)
    held = sum(feed.cached for feed in told)
    filters = kind.filters(connection, visit, ids, asked.filters)
    page = list_pages.turn(connection, visit, ids, kind.listing, filters, held)
    return Looked(known, some, told, page, kind.rows(connection, visit, some, page.rows))
