"""What a list was asked for, and the orders that answer it, newest first.

A created range is two bisections; the other filters narrow what is left.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

from hyperpanel.sandbox import links
from hyperpanel.sandbox.chance import rng
from hyperpanel.sandbox.orders import Orders
from hyperpanel.sandbox.records import Records
from hyperpanel.sandbox.statuses import CODES, DELETED
from hyperpanel.sandbox.switches import Switches
from hyperpanel.sandbox.world import KINDS

ALWAYS = {"limit", "offset", "sort"}
Column = Sequence[int]
Wanted = bytes  # 1 where a code passes
DEFAULT_LIMIT, MOST = 100, 1000


class BadInput(ValueError):
    """What the panel answers with 400."""


@dataclass(frozen=True)
class Query:
    limit: int
    offset: int
    ascending: bool
    filters: Mapping[str, str]


@dataclass(frozen=True)
class Askable:
    """What a list can be asked for, and how it comes unless it is asked for an order."""

    filters: Sequence[str]
    sorts: Mapping[str, bool]  # the word, and whether the oldest come first then
    ascending: bool = False


def parse(pairs: Sequence[tuple[str, str]], askable: Askable, switches: Switches, fault: str | None = None) -> Query:
    asked = dict(pairs)
    unknown = sorted(asked.keys() - ALWAYS - set(askable.filters))
    if unknown and switches.unknown_filter == "refused":
        raise BadInput(f"Unknown parameter: {unknown[0]}")
    limit = _number(asked, "limit", DEFAULT_LIMIT)
    if not 1 <= limit <= MOST:
        raise BadInput(f"Limit must be between 1 and {MOST}.")
    ignored = askable.filters if fault == "filters_ignored" else switches.ignored_filters
    obeyed = {name: asked[name] for name in askable.filters if asked.get(name) and name not in ignored}
    for name in ("created_from", "created_to"):
        _number(obeyed, name, 0)
    sort = "" if "sort" in ignored else asked.get("sort", "")
    ascending = askable.sorts.get(sort, askable.ascending)
    limit = max(1, limit // 3) if fault == "limit_capped" else limit
    return Query(min(limit, switches.page_cap), max(0, _number(asked, "offset", 0)), ascending, obeyed)


def _number(asked: Mapping[str, str], name: str, default: int) -> int:
    try:
        return int(asked.get(name) or default)
    except ValueError:
        raise BadInput(f"{name} must be an integer.") from None


def select(records: Records, query: Query, switches: Switches) -> Sequence[int]:
    """The places of all orders that match, oldest first."""
    orders, filters = records.orders, query.filters
    low, high = 0, len(orders)
    if "created_from" in filters:
        low = bisect_left(orders.created, int(filters["created_from"]))
    if "created_to" in filters:
        high = bisect_right(orders.created, int(filters["created_to"]))
    places: Sequence[int] = range(low, high)
    if "ids" in filters:
        places = _of_ids(orders, filters["ids"], low, high, switches)
    for column, wanted in _columns(records, filters):
        places = narrow(places, column, wanted)
    if "link" in filters:
        places = [place for place in places if records[place].link == filters["link"]]
    if "user" in filters and not records.users.renames.keys().isdisjoint(records.users.whose.get(filters["user"], ())):
        places = [place for place in places if username(records, place, switches) == filters["user"]]
    return places


def username(records: Records, place: int, switches: Switches) -> str:
    """As the order shows it."""
    record = records[place]
    return record.username if switches.order_user == "kept" else records.users.names[record.who]


def _of_ids(orders: Orders, ids: str, low: int, high: int, switches: Switches) -> list[int]:
    places = {orders.place(number) for number in numbers(ids, switches)}
    return sorted(place for place in places if place is not None and low <= place < high)


def numbers(ids: str, switches: Switches) -> list[int]:
    return [int(word) for word in words(ids) if word.isdigit()][: switches.ids_cap]


def _columns(records: Records, filters: Mapping[str, str]) -> Iterator[tuple[Column, Wanted]]:
    """The filters that are a column's, each with a table of what it lets pass."""
    orders = records.orders
    if not filters.keys().isdisjoint(("user", "ip_address", "link")):
        yield orders.customer, _customers(records, filters)
    if "service_ids" in filters or "provider" in filters:
        yield orders.service, _services(records, filters)
    if "mode" in filters or "creation_type" in filters:
        yield orders.kind, _kinds(filters)
    if "order_status" in filters or orders.deleted:
        yield orders.state, _states(filters.get("order_status"))


def narrow(places: Sequence[int], column: Column, wanted: Wanted) -> list[int]:
    """In C from end to end: a filter may have a million orders to look at."""
    wanted = wanted.ljust(256, b"\0")
    if not isinstance(places, range):
        passing: Iterable[int] = map(wanted.__getitem__, map(column.__getitem__, places))
    elif isinstance(column, bytearray):
        passing = column[places.start : places.stop].translate(wanted)
    else:
        passing = map(wanted.__getitem__, column[places.start : places.stop])
    return list(compress(places, passing))


def _customers(records: Records, filters: Mapping[str, str]) -> Wanted:
    user, address, link = filters.get("user"), filters.get("ip_address"), filters.get("link")
    owners = None if link is None else {records.owners.get(word) for word in links.words(link)}
    named = None if user is None else records.users.whose.get(user, ())
    return bytes(
        (named is None or place in named)
        and (address is None or one.ip_address == address)
        and (owners is None or place in owners)
        for place, one in enumerate(records.customers)
    )


def _kinds(filters: Mapping[str, str]) -> Wanted:
    return bytes(
        filters.get("mode", mode) == mode and filters.get("creation_type", source) == source for mode, source in KINDS
    )


def _services(records: Records, filters: Mapping[str, str]) -> Wanted:
    numbers, provider = set(words(filters.get("service_ids", ""))), filters.get("provider")
    return bytes(
        (not numbers or str(one.id) in numbers) and (provider is None or one.provider == provider)
        for one in records.services
    )


def _states(asked: str | None) -> Wanted:
    wanted = set(CODES.values()) if asked is None else {CODES[word] for word in words(asked) if word in CODES}
    return bytes(code in wanted for code in range(DELETED + 1))


def words(comma: str) -> list[str]:
    return [word.strip() for word in comma.split(",") if word.strip()]


def page(key: Column, places: Sequence[int], query: Query, shuffle: int | None) -> Sequence[int]:
    """The rows of one page in their order; with `shuffle`, rows of one second (by `key`) come in any order."""
    start, stop = query.offset, query.offset + query.limit
    if shuffle is not None:
        return _loose(key, places, query, shuffle)
    if query.ascending:
        return places[start:stop]
    size = len(places)
    return places[max(0, size - stop) : max(0, size - start)][::-1]


def _loose(key: Column, places: Sequence[int], query: Query, shuffle: int) -> Sequence[int]:
    """Only the seconds that the page touches are shuffled; they may reach over both its ends."""
    random, sign = rng("ties", shuffle), 1 if query.ascending else -1
    ordered = places if query.ascending else places[::-1]
    first, last = query.offset, min(query.offset + query.limit, len(ordered))
    while 0 < first < len(ordered) and key[ordered[first - 1]] == key[ordered[first]]:
        first -= 1
    while 0 < last < len(ordered) and key[ordered[last]] == key[ordered[last - 1]]:
        last += 1
    loose = sorted(ordered[first:last], key=lambda place: (sign * key[place], random.random()))
    return loose[query.offset - first : query.offset - first + query.limit]
