"""The Admin API v2 of a panel, as far as it is simulated: reading, and two writes where a switch has them. Others say that they are not."""

from collections.abc import Callable
from urllib.parse import urlencode

from hyperpanel.sandbox import effects, query, spoils
from hyperpanel.sandbox.exchange import Answer, Request
from hyperpanel.sandbox.faults import Fault
from hyperpanel.sandbox.happenings import after_a_page, before_a_page
from hyperpanel.sandbox.lists import LISTS
from hyperpanel.sandbox.panel import Panel
from hyperpanel.sandbox.protocol import refusal, success
from hyperpanel.sandbox.statuses import PENDING

NOT_FOUND = Answer(200, refusal(100, "Page not found."))
UNSIMULATED = Answer(200, refusal(501, "The sandbox does not simulate writes yet: nothing was changed."))
WRITES = frozenset(
    (
        "orders/update", "orders/resend", "orders/change-status", "orders/request-cancel", "orders/cancel",
        "orders/{}/edit-link", "orders/{}/set-partial", "cancel/reject", "refill/change-status",
        "payments/add", "users/add", "tickets/add", "tickets/{}/reply",
    )
)  # fmt: skip
PULLS = frozenset(("orders/pull", "cancel/pull", "refill/pull"))


def answer(panel: Panel, request: Request, path: str, fault: Fault | None) -> Answer:
    """`path` is what stands after /adminapi/v2/."""
    if not panel.admits(request.headers.get("x-api-key", "")):
        return Answer(401, refusal(401, "Unauthorized: the API key is not valid."))
    panel.settle()
    if request.method == "GET" and path in LISTS:
        return _list(panel, request, path, fault)
    head, _, number = path.partition("/")
    if request.method == "GET" and head in DETAILS and number.isdigit():
        return DETAILS[head](panel, int(number))
    if request.method == "POST" and path in PULLS:
        return _pull(panel, request, path)
    return _write(panel, request, path) if request.method == "POST" else NOT_FOUND


def _write(panel: Panel, request: Request, path: str) -> Answer:
    shape = "/".join("{}" if word.isdigit() else word for word in path.split("/"))
    if shape not in WRITES:
        return NOT_FOUND
    taken = shape in effects.TAKEN and panel.switches.writes == "taken"
    return effects.answer(panel, request, path) if taken else UNSIMULATED


def _list(panel: Panel, request: Request, stream: str, fault: Fault | None) -> Answer:
    listing, switches, kind = LISTS[stream], panel.switches, fault.kind if fault else None
    try:
        asked = query.parse(request.pairs, listing.askable(switches), switches, kind)
    except query.BadInput as error:
        return Answer(400, refusal(400, str(error)))
    if fault is not None:
        before_a_page(panel, stream, fault.kind)
    if stream == "users":
        panel.reckon()
    places = listing.select(panel, asked)
    shuffle = panel.counts["requests"] if switches.ties == "unstable" or kind == "ties_unstable" else None
    rows = list(map(listing.row(panel), query.page(listing.key(panel), places, asked, shuffle)))
    count = len(places) if switches.count == "total" else len(rows)
    more = asked.offset + len(rows) < len(places)
    if fault is not None and fault.place == "rows":
        rows, count = spoils.rows(fault.kind, stream, rows, count, panel.last_page.get(stream, []))
    panel.last_page[stream] = rows
    body = success(_listed(rows, count), switches, _pagination(panel, request, stream, asked, more))
    after_a_page(panel, stream, kind, asked.limit)
    return Answer(200, body)


def _listed(rows: list[bytes], count: int) -> bytes:
    return b'{"count":%d,"list":[' % count + b",".join(rows) + b"]}"


def _pagination(panel: Panel, request: Request, stream: str, asked: query.Query, more: bool) -> dict[str, object]:
    def href(offset: int) -> str:
        pairs = {**dict(request.pairs), "limit": asked.limit, "offset": offset}
        return f"{request.base}/adminapi/v2/{stream}?{urlencode(pairs)}"

    told = panel.switches.pagination == "full"
    return {
        "prev_page_href": href(max(0, asked.offset - asked.limit)) if told and asked.offset else "",
        "next_page_href": href(asked.offset + asked.limit) if told and more else "",
        "offset": asked.offset,
        "limit": asked.limit,
    }


def _order(panel: Panel, number: int) -> Answer:
    place = panel.orders.place(number)
    if place is None:
        return _gone(panel, "Order not found.")
    return Answer(200, success(panel.rows.detail(place), panel.switches))


def _ticket(panel: Panel, number: int) -> Answer:
    place = panel.tickets.place(number)
    if place is None:
        return _gone(panel, "Ticket not found.")
    return Answer(200, success(panel.ticket_rows.detail(place), panel.switches))


def _gone(panel: Panel, words: str) -> Answer:
    return Answer(int(panel.switches.gone), refusal(404, words))


DETAILS: dict[str, Callable[[Panel, int], Answer]] = {"orders": _order, "tickets": _ticket}


def _pull(panel: Panel, request: Request, path: str) -> Answer:
    """What a fulfilment worker calls: rows are handed out once, so a console that calls it takes work from somebody."""
    if path != "orders/pull":
        return Answer(200, success(_listed([], 0), panel.switches))
    orders = panel.orders
    try:
        wanted = request.json()
        limit = int(wanted.get("limit", 100))
    except (ValueError, TypeError) as error:
        return Answer(400, refusal(400, str(error)))
    services = {word.strip() for word in str(wanted.get("service_ids", "")).split(",")}
    places = [
        place
        for place in orders.open()
        if orders.state[place] == PENDING
        and place not in orders.taken
        and str(panel.records[place].service.id) in services
    ][: max(0, limit)]
    orders.taken.update(places)
    return Answer(200, success(_listed([panel.rows.row(place) for place in places], len(places)), panel.switches))
