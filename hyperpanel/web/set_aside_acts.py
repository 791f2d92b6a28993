"""What a person does about records set aside (retry, dismiss, restore) and about what the engine holds for a decision.

One record, or all that a list holds: the address names them as the list's does. Each act is in the audit, and is undone where it can be.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from litestar import Response, post
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import audit, feeds, holds, panels, set_aside
from hyperpanel.db.holds import ACCEPT, REFUSE, Hold
from hyperpanel.db.panels import Panel
from hyperpanel.db.scope import Scope
from hyperpanel.db.set_aside import Filters
from hyperpanel.db.types import micros
from hyperpanel.errors import Missing
from hyperpanel.web import set_aside_pages
from hyperpanel.web.addresses import Address, address, came_from
from hyperpanel.web.hold_cards import follows
from hyperpanel.web.panel_choice import CHOICE, chosen, named
from hyperpanel.web.render import see_other
from hyperpanel.web.set_aside import Notice, showing, standing
from hyperpanel.web.set_aside_pages import HERE, LIST
from hyperpanel.web.visits import Visit, visit_of

CHANGED = "set-aside"
"""The event by which a drawer has the list beside it read again."""

Counts = dict[tuple[int, str], int]
Change = Callable[[AsyncConnection], Awaitable[int]]


@post(HERE + "/retry", opt={"permission": "set_aside:decide"}, status_code=200)
async def retry(request: HTMXRequest) -> Response[str]:
    """Their feeds ask for them at once; what can be read by now leaves the list."""
    visit = visit_of(request)
    scope, every, paused = await visit.read(lambda connection: aimed(connection, visit, dismissed=False))
    counts = await visit.read(lambda connection: set_aside.askable(connection, scope, wanted(visit, dismissed=False)))
    number = sum(counts.values())
    if number:
        async with visit.write() as transaction:
            await set_aside.retry(transaction, list(counts), visit.now)
            act = visit.act("set-aside-retry", target(visit), only(scope), records=number)
            await audit.write(transaction, act, visit.now)
    return await answer(request, Notice(retried(visit, number, sum(every.values()) - number, paused)))


def retried(visit: Visit, number: int, nameless: int, paused: bool) -> str:
    say, written = visit.say, visit.fmt.number
    told = [
        visit.count(
            "%(number)s record is asked for again.",
            "%(number)s records are asked for again.",
            number,
            number=written(number),
        )
    ]
    if nameless:
        told.append(say("%(number)s came without an id and cannot be asked for.", number=written(nameless)))
    if paused:
        told.append(say("Where a feed is paused, that waits until it is resumed."))
    return " ".join(told)


@post(HERE + "/dismiss", opt={"permission": "set_aside:decide"}, status_code=200)
async def dismiss(request: HTMXRequest) -> Response[str]:
    """They leave the list until another reason stands against them."""
    visit = visit_of(request)
    scope, counts, _ = await visit.read(lambda connection: aimed(connection, visit, dismissed=False))
    filters, by = wanted(visit, dismissed=False), visit.person.username if visit.person else ""

    async def change(transaction: AsyncConnection) -> int:
        return await set_aside.dismiss(transaction, scope, filters, by, visit.now)

    number = await in_parts(visit, "set-aside-dismiss", scope, sum(counts.values()), change)
    told = visit.count(
        "%(number)s record dismissed.", "%(number)s records dismissed.", number, number=visit.fmt.number(number)
    )
    return await answer(request, Notice(told, undo(visit) if number else None))


@post(HERE + "/restore", opt={"permission": "set_aside:decide"}, status_code=200)
async def restore(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    scope, counts, _ = await visit.read(lambda connection: aimed(connection, visit, dismissed=True))
    filters = wanted(visit, dismissed=True)

    async def change(transaction: AsyncConnection) -> int:
        return await set_aside.restore(transaction, scope, filters)

    number = await in_parts(visit, "set-aside-restore", scope, sum(counts.values()), change)
    told = visit.count(
        "%(number)s record is back.", "%(number)s records are back.", number, number=visit.fmt.number(number)
    )
    return await answer(request, Notice(told))


def wanted(visit: Visit, dismissed: bool) -> Filters:
    return replace(set_aside_pages.asked(visit.url).filters, dismissed=dismissed)


def aimed(connection: Connection, visit: Visit, dismissed: bool) -> tuple[Scope, Counts, bool]:
    """The panels that the address is about, how many records of each feed match, and whether any of these feeds is paused."""
    some = chosen(visit, panels.all_of(connection, visit.scope))
    scope = visit.scope.narrowed(panel.id for panel in some)
    counts = set_aside.counts(connection, scope, wanted(visit, dismissed))
    stopped = {(feed.panel_id, feed.stream) for feed in feeds.all_of(connection, scope, visit.now) if feed.pause}
    return scope, counts, bool(stopped & counts.keys())


async def in_parts(visit: Visit, action: str, scope: Scope, number: int, change: Change) -> int:
    """A transaction for some at a time; the first is the one that tells the audit of all."""
    done = 0
    while number:
        async with visit.write() as transaction:
            some = await change(transaction)
            if some and not done:
                await audit.write(transaction, visit.act(action, target(visit), only(scope), records=number), visit.now)
        done += some
        if some < set_aside.AT_ONCE:
            break
    return done


def target(visit: Visit) -> str:
    """As the address says it: `panel=eu-1&stream=orders&record=906386`."""
    return str(visit.url.only((*LIST, "record"))).partition("?")[2]


def only(scope: Scope) -> int | None:
    """The panel, where the act is about one alone."""
    return next(iter(scope.panel_ids)) if scope.panel_ids is not None and len(scope.panel_ids) == 1 else None


def undo(visit: Visit) -> str:
    return str(visit.url.only((*LIST, "record"), f"{HERE}/restore").having(of=str(micros(visit.now))))


@post(HERE + "/holds/{panel:str}/{hold:str}/{decision:str}", opt={"permission": "set_aside:decide"}, status_code=200)
async def decide(
    request: HTMXRequest, panel: FromPath[str], hold: FromPath[str], decision: FromPath[str]
) -> Response[str]:
    """Once: whoever comes second is told who was first."""
    visit = visit_of(request)
    where, found = await visit.read(lambda connection: find(connection, visit, panel, hold))
    if decision not in (ACCEPT, REFUSE):
        raise Missing("decision")
    by = visit.person.username if visit.person else ""
    async with visit.write() as transaction:
        is_first = await holds.decide(transaction, found, decision, by, visit.now)
        if is_first:
            told = f"{where.name}/{found.stream}/{found.what}".rstrip("/")
            act = visit.act(f"hold-{decision}", told, where.id, kind=found.kind, rows=found.rows, of=found.of_rows)
            await audit.write(transaction, act, visit.now)
    if is_first:
        return await answer(request, Notice(follows(visit, where.name, found, decision)))
    _, decided = await visit.read(lambda connection: find(connection, visit, panel, hold))
    return await answer(request, Notice(visit.say("%(who)s has decided this already.", who=decided.decided_by or "")))


def find(connection: Connection, visit: Visit, panel: str, hold_id: str) -> tuple[Panel, Hold]:
    where = named(panels.all_of(connection, visit.scope), panel)
    found = holds.one(connection, visit.scope, where.id, hold_id)
    if found is None:
        raise Missing("hold")
    return where, found


async def answer(request: HTMXRequest, notice: Notice) -> Response[str]:
    """The list or the drawer as it is now, wherever the button was; without htmx, the list."""
    page, visit = address(came_from(request) or HERE), visit_of(request)
    if not request.htmx or page.path not in (HERE, f"{HERE}/record"):
        return see_other(str(visit.url.only(CHOICE, HERE)))
    if request.htmx.target == "drawer":
        at(request, visit.url.only((*CHOICE, "stream", "record"), f"{HERE}/record"))
        response = await showing(request, notice.sentence)
        response.headers["HX-Trigger"] = CHANGED
        return response
    at(request, page)
    return await standing(request, notice)


def at(request: HTMXRequest, page: Address) -> None:
    request.scope["state"]["visit"] = replace(visit_of(request), url=page)
