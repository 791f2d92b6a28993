"""A list of the database turned page by page to its end, as somebody would who presses "Older" until there is no more."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from hyperpanel.db import list_pages
from hyperpanel.db.engine import Database
from hyperpanel.db.lists import ANY, Filters, Listing, Place
from hyperpanel.db.scope import EVERYTHING, Scope
from tests.support.staged import PANELS

ALL = list(PANELS.values())


def turned(
    database: Database,
    listing: Listing,
    filters: Filters = ANY,
    sort: str = "",
    falling: bool = True,
    limit: int = 7,
    scope: Scope = EVERYTHING,
    panels: Sequence[int] = ALL,
) -> list[Any]:
    """Every row that the pages hold, in their order."""
    found: list[Any] = []
    asked: dict[str, Any] = {
        "scope": scope,
        "panel_ids": panels,
        "listing": listing,
        "filters": filters,
        "limit": limit,
    }
    place = Place(sort or next(iter(listing.sorts)), falling)
    while True:
        page = database.read_now(partial(list_pages.page, **asked, place=place))
        found += page
        if len(page) < limit:
            return found
        place = Place(place.sort, falling, listing.key(page[-1], place.sort))
