"""What a person does with flags on replies: disputes one, with a reason, and decides on what somebody else disputed. Each is in the audit."""

from collections.abc import Mapping
from functools import partial

from litestar import Response, post
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import disputes, panels
from hyperpanel.db.disputes import FIRST, Dispute, Flag, Reply
from hyperpanel.errors import BadInput, Conflict, Missing
from hyperpanel.support import disputing
from hyperpanel.support.disputing import NOT_FLAGGED, STRANGE
from hyperpanel.web.addresses import Address, address, local
from hyperpanel.web.forms import fields
from hyperpanel.web.panel_choice import named
from hyperpanel.web.render import see_other
from hyperpanel.web.ticket_tracking_rows import REPLIES
from hyperpanel.web.visits import Visit, visit_of

NAMING = ("panel", "ticket", "message", "flag")


@post(f"{REPLIES}/dispute", opt={"permission": "tracking:read"}, status_code=303)
async def dispute(request: HTMXRequest) -> Response[str]:
    """By whoever wrote the reply, or may dispute for others; of a reply that this person does not see nothing is told."""
    visit = visit_of(request)
    given = await fields(request, *NAMING, "why", "back")
    flag, reply = await visit.read(partial(aimed, visit=visit, given=given))
    if visit.person is None or not disputing.may_see(visit.person, reply.sender):
        raise Missing("reply")
    scope, settings = visit.scope.narrowed([flag.panel_id]), visit.console.settings.reports
    found = await visit.console.database.reader.ask(disputing.flagged, scope, settings, [reply])
    if not disputing.carries(found, flag):
        raise BadInput(NOT_FLAGGED, "flag")
    why = given.get("why", "")
    async with visit.write() as transaction:
        await disputing.dispute(transaction, visit.person, flag, reply.sender, why, visit.act, visit.now)
    return see_other(str(back(given)))


@post(f"{REPLIES}/decide", opt={"permission": "disputes:decide"}, status_code=303)
async def decide(request: HTMXRequest) -> Response[str]:
    """Once: whoever comes second is told that somebody was first."""
    visit = visit_of(request)
    given = await fields(request, *NAMING, "why", "back", "decision")
    found = await visit.read(partial(disputed, visit=visit, given=given))
    decision, why = given.get("decision", ""), given.get("why", "")
    if visit.person is None:
        raise Missing("dispute")
    async with visit.write() as transaction:
        await disputing.decide(transaction, visit.person, found, decision, why, visit.act, visit.now)
    return see_other(str(back(given)))


def pointed(connection: Connection, visit: Visit, given: Mapping[str, str]) -> Flag:
    """The flag that the form names. Raises Missing and BadInput."""
    if not all(given.get(name) for name in NAMING):
        raise BadInput(STRANGE, "flag")
    panel = named(panels.all_of(connection, visit.scope), given.get("panel", ""))
    return disputing.flag_of(panel.id, given.get("ticket", ""), given.get("message", ""), given.get("flag", ""))


def aimed(connection: Connection, visit: Visit, given: Mapping[str, str]) -> tuple[Flag, Reply]:
    flag = pointed(connection, visit, given)
    reply = disputes.reply(connection, visit.scope, flag)
    if reply is None:
        raise Missing("reply")
    return flag, reply


def disputed(connection: Connection, visit: Visit, given: Mapping[str, str]) -> Dispute:
    """What is decided may be about a reply that is gone by now."""
    found = disputes.one(connection, visit.scope, pointed(connection, visit, given))
    if found is None:
        raise Conflict(FIRST)
    return found


def back(given: Mapping[str, str]) -> Address:
    wanted = address(local(given.get("back", "")))
    return wanted if wanted.path == REPLIES else Address(REPLIES)
