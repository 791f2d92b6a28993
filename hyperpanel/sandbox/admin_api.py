"""The Admin API v2 of a panel, as far as it is simulated: reading orders. Writes say honestly that they are not."""

from urllib.parse import urlencode

from hyperpanel.sandbox import damage, query
from hyperpanel.sandbox.exchange import Answer, Request
from hyperpanel.sandbox.faults import ROWS, Fault
from hyperpanel.sandbox.moves import after_a_page
from hyperpanel.sandbox.panel import Panel
from hyperpanel.sandbox.protocol import refusal, success
from hyperpanel.sandbox.statuses import PENDING

NOT_FOUND = Answer(200, refusal(100, "Page not found."))
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
    if request.method == "GET" and path == "orders":
        return _list(panel, request, fault)
    head, _, number = path.partition("/")
    if request.method == "GET" and head == "orders" and number.isdigit():
        return _detail(panel, int(number))
    if request.method == "POST" and path in PULLS:
        return _pull(panel, request, path)
    shape = "/".join("{}" if word.isdigit() else word for word in path.split("/"))
    if request.method == "POST" and shape in WRITES:
        return Answer(200, refusal(501, "The sandbox does not simulate writes yet: nothing was changed."))
    return NOT_FOUND


def _list(panel: Panel, request: Request, fault: Fault | None) -> Answer:
    try:
        asked = query.parse(request.pairs, panel.switches)
    except query.BadInput as error:
        return Answer(400, refusal(400, str(error)))
    places = query.select(panel.records, asked, panel.switches)
    shuffle = panel.counts["requests"] if panel.switches.ties == "unstable" else None
    row = panel.rows.row
    rows = [row(place) for place in query.page(panel.orders, places, asked, shuffle)]
    count = len(places) if panel.switches.count == "total" else len(rows)
    more = asked.offset + len(rows) < len(places)
    if fault is not None and fault.kind in ROWS:
        rows, count = damage.rows(fault.kind, rows, count, panel.last_page)
    panel.last_page = rows
    body = success(_listed(rows, count), panel.switches, _pagination(panel, request, asked, more))
    after_a_page(panel)
    return Answer(200, body)


def _listed(rows: list[bytes], count: int) -> bytes:
    return b'{"count":%d,"list":[' % count + b",".join(rows) + b"]}"


def _pagination(panel: Panel, request: Request, asked: query.Query, more: bool) -> dict[str, object]:
    def href(offset: int) -> str:
        pairs = {**dict(request.pairs), "limit": asked.limit, "offset": offset}
        return f"{request.base}/adminapi/v2/orders?{urlencode(pairs)}"

    told = panel.switches.pagination == "full"
    return {
        "prev_page_href": href(max(0, asked.offset - asked.limit)) if told and asked.offset else "",
        "next_page_href": href(asked.offset + asked.limit) if told and more else "",
        "offset": asked.offset,
        "limit": asked.limit,
    }


def _detail(panel: Panel, number: int) -> Answer:
    place = panel.orders.place(number)
    if place is None:
        return Answer(404, refusal(404, "Order not found."))
    return Answer(200, success(panel.rows.detail(place), panel.switches))


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
