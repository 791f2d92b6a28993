"""`/_truth`: the truth to read, and the levers of the world. It asks for no key: it is a test's, never a panel's."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from hyperpanel.sandbox import moves, payment_moves, service_moves, ticket_moves, truth, user_moves
from hyperpanel.sandbox.between import Between, Many
from hyperpanel.sandbox.exchange import Answer, Request, json_answer
from hyperpanel.sandbox.faults import Fault
from hyperpanel.sandbox.fleet import Fleet
from hyperpanel.sandbox.panel import Panel
from hyperpanel.sandbox.picks import New, Which

Row = dict[str, Any]
Asked = TypeVar("Asked")


class NoSuchTruth(Exception):
    pass


class ClockChange(msgspec.Struct, forbid_unknown_fields=True):
    stopped: bool | None = None
    speed: Annotated[float, Meta(gt=0)] | None = None
    now: datetime | None = None  # forward to this moment
    step: Annotated[float, Meta(ge=0)] | None = None  # forward by so many seconds


class Create(msgspec.Struct, forbid_unknown_fields=True):
    count: Many
    seconds: Many = 120  # how far back they are spread; 0 puts all of them into one second


class Move(msgspec.Struct, forbid_unknown_fields=True):
    count: Many
    reopen: bool = False


class Delete(msgspec.Struct, forbid_unknown_fields=True):
    count: Many


class Keys(msgspec.Struct, forbid_unknown_fields=True):
    admin_key: str | None = None
    services_key: str | None = None


def answer(fleet: Fleet, request: Request) -> Answer:
    """All of `/_truth` but the streams of rows; `request.path` is what stands after it."""
    try:
        return json_answer(_answer(fleet, request))
    except NoSuchTruth:
        return json_answer({"error": f"no such truth: {request.method} /_truth{request.path}"}, 404)
    except ValueError as error:
        return json_answer({"error": str(error)}, 400)


def _answer(fleet: Fleet, request: Request) -> object:
    given = request.json() if request.method == "POST" else None
    name, _, what = request.path.strip("/").partition("/")
    if not name:
        return {"fleet": ["panels", "clock"], "panel": {"GET": [*truth.STREAMS, *READS], "POST": list(WRITES)}}
    if (name, what) == ("panels", ""):
        return [panel_row(panel) for panel in fleet]
    if (name, what) == ("clock", ""):
        return _clock(fleet, given)
    panel = fleet.by_name.get(name)
    if panel is not None and given is None and what in READS:
        return READS[what](panel)
    if panel is not None and given is not None and what in WRITES:
        return WRITES[what](panel, given)
    raise NoSuchTruth


def panel_row(panel: Panel) -> Row:
    return {
        "name": panel.name, "path": f"/{panel.name}", "admin_key": panel.admin_key, "services_key": panel.services_key,
        "currency": panel.currency, "time_zone": panel.time_zone, "orders": len(panel.orders) - panel.orders.deleted,
        "users": len(panel.users) - len(panel.users.gone), "payments": len(panel.payments) - panel.payments.deleted,
        "tickets": len(panel.tickets) - panel.tickets.deleted,
    }  # fmt: skip


def _clock(fleet: Fleet, given: Row | None) -> Row:
    clock, asked = fleet.clock, msgspec.convert(given or {}, ClockChange)
    if asked.stopped:
        clock.stop()
    if asked.speed is not None:
        clock.run(asked.speed)
    if asked.now is not None:
        clock.step(asked.now.timestamp() - clock.seconds())
    if asked.step is not None:
        clock.step(asked.step)
    if asked.stopped is False:
        clock.start()
    return {"now": clock.now(), "speed": clock.speed, "stopped": clock.stopped}


def _create(panel: Panel, given: Row) -> Row:
    asked = msgspec.convert(given, Create)
    return _ids(panel, moves.create(panel, asked.count, asked.seconds))


def _move(panel: Panel, given: Row) -> Row:
    asked = msgspec.convert(given, Move)
    return _ids(panel, moves.move(panel, asked.count, asked.reopen))


def _delete(panel: Panel, given: Row) -> Row:
    return _ids(panel, moves.delete(panel, msgspec.convert(given, Delete).count))


def _ids(panel: Panel, places: list[int]) -> Row:
    return {"count": len(places), "ids": [str(panel.orders.ids[place]) for place in places]}


def _pull(kind: type[Asked], change: Callable[[Panel, Asked], list[str]]) -> Callable[[Panel, Row], Row]:
    """A lever of the newer kind: it is asked in its own words and tells whom it moved."""

    def pulled(panel: Panel, given: Row) -> Row:
        ids = change(panel, msgspec.convert(given, kind))
        return {"count": len(ids), "ids": ids}

    return pulled


def _between(panel: Panel, given: Row) -> Row:
    panel.between = msgspec.convert(given, Between)
    return _row(panel.between)


def _switches(panel: Panel, given: Row) -> Row:
    panel.switch(**given)
    return _row(panel.switches)


def _faults(panel: Panel, given: Row) -> Row:
    if given == {"clear": True}:
        panel.faults.clear()
    else:
        panel.faults.add(msgspec.convert(given, Fault))
    return _set_faults(panel)


def _set_faults(panel: Panel) -> Row:
    return {"set": [_row(fault) for fault in panel.faults.set], "struck": dict(panel.faults.struck)}


def _key(panel: Panel, given: Row) -> Row:
    asked = msgspec.convert(given, Keys)
    panel.admin_key = asked.admin_key or panel.admin_key
    panel.services_key = asked.services_key or panel.services_key
    return panel_row(panel)


def _log(panel: Panel) -> list[Row]:
    return [asdict(seen) for seen in panel.log]


def _counts(panel: Panel) -> Row:
    counts = panel.counts
    return {
        "requests": counts["requests"],
        "429": counts["429"],
        "pulls": counts["pulls"],
        "taken": len(panel.orders.taken),
        "faults": dict(panel.faults.struck),
    }


def _row(value: object) -> Row:
    return dict(msgspec.to_builtins(value))


READS: dict[str, Callable[[Panel], object]] = {
    "services": truth.services,
    "switches": lambda panel: _row(panel.switches),
    "faults": _set_faults,
    "between-pages": lambda panel: _row(panel.between),
    "log": _log,
    "counts": _counts,
}
WRITES: dict[str, Callable[[Panel, Row], object]] = {
    "orders/new": _create,
    "orders/move": _move,
    "orders/delete": _delete,
    "users/new": _pull(New, user_moves.create),
    "users/move": _pull(Which, user_moves.move),
    "users/rename": _pull(user_moves.Rename, user_moves.rename),
    "users/delete": _pull(Which, user_moves.delete),
    "payments/new": _pull(New, payment_moves.create),
    "payments/move": _pull(payment_moves.Move, payment_moves.move),
    "payments/delete": _pull(Which, payment_moves.delete),
    "tickets/new": _pull(New, ticket_moves.create),
    "tickets/reply": _pull(ticket_moves.Reply, ticket_moves.reply),
    "tickets/edit-message": _pull(ticket_moves.Edit, ticket_moves.edit),
    "tickets/delete-message": _pull(ticket_moves.Edit, ticket_moves.delete_message),
    "tickets/move": _pull(Which, ticket_moves.move),
    "tickets/delete": _pull(Which, ticket_moves.delete),
    "services/change": _pull(Which, service_moves.change),
    "services/add": _pull(New, service_moves.add),
    "services/remove": _pull(Which, service_moves.remove),
    "between-pages": _between,
    "switches": _switches,
    "faults": _faults,
    "key": _key,
}
