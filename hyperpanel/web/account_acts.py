"""What a person does with their own account: another password, and an end to sessions of theirs.

A password is changed by whoever knows the old one, and guessing that is slowed down as at the door. It ends every session, and this browser
gets a fresh one in the same transaction: a token that somebody took is worth nothing any more.
"""

from datetime import timedelta
from math import ceil

from litestar import Response, post
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import audit, sessions, sign_ins, staff
from hyperpanel.db.sessions import Seat, Session
from hyperpanel.errors import Missing
from hyperpanel.support import passwords
from hyperpanel.web import refusals
from hyperpanel.web.account import HERE, Faults, signed_in, standing
from hyperpanel.web.devices import device
from hyperpanel.web.forms import fields
from hyperpanel.web.panel_fields import sentence
from hyperpanel.web.render import see_other
from hyperpanel.web.sessions import admitted, said_to_wait, welcome
from hyperpanel.web.visits import Visit, visit_of


@post(HERE + "/password", opt={"permission": "self"}, status_code=303)
async def password(request: HTMXRequest) -> Response[str]:
    """The try is counted before the old one is looked at, as at the door."""
    visit = visit_of(request)
    session = signed_in(visit)
    given = await fields(request, "old", "new", "again")
    old, new = given.get("old", ""), given.get("new", "")
    faults = judged(visit, session.person.username, new, given.get("again", ""))
    if not old:
        faults = Faults(visit.say("Type the password that you have now."), faults.new, faults.again)
    if faults != Faults():
        return await standing(request, faults, 422)
    number = await admitted(visit, staff.folded(session.person.username))
    if isinstance(number, timedelta):
        await refusals.tell_first(visit, refusals.TOO_MANY, session.person.username)
        return await wait(request, visit, ceil(number.total_seconds()))
    verified = await proven(visit, session, old)
    if verified is None:
        async with visit.write() as transaction:
            await audit.write(transaction, visit.act("password-change failed", session.person.username), visit.now)
        return await standing(request, Faults(visit.say("This is not the password that you have now.")), 422)
    if new == old:
        async with visit.write() as transaction:
            await sign_ins.succeed(transaction, number, visit.now)
        return await standing(request, Faults(new=[visit.say("This is the password that you have now.")]), 422)
    token = await changed(visit, session, verified, await passwords.hashed_later(new), number)
    return welcome(visit, token, f"{HERE}?done=password")


def judged(visit: Visit, username: str, new: str, again: str) -> Faults:
    """Every condition that it does not meet."""
    wrong = tuple(sentence(visit, problem) for problem in passwords.faults(new, username))
    return Faults(new=wrong, again="" if new == again else visit.say("The two passwords differ."))


async def wait(request: HTMXRequest, visit: Visit, seconds: int) -> Response[str]:
    response = await standing(request, Faults(said_to_wait(visit, seconds)), 429)
    response.headers["Retry-After"] = str(seconds)
    return response


async def proven(visit: Visit, session: Session, old: str) -> str | None:
    """The hash that it has, where it is right."""
    stored = await visit.read(lambda connection: staff.password_hash(connection, session.person.username))
    return stored if await passwords.verify(stored, old[: passwords.LONGEST + 1]) else None


async def changed(visit: Visit, session: Session, verified: str, password_hash: str, number: int) -> str:
    """Raises Missing where this session ended meanwhile, or the old password did: whoever was disabled does not come back by it."""
    staff_id = session.person.id
    async with visit.write() as transaction:
        if not await staff.confirm(transaction, staff_id, verified, password_hash):
            raise Missing("password")
        ended = await sessions.end_others(transaction, staff_id, session.token_hash)
        if not await sessions.end_seat(transaction, staff_id, session.token_hash):
            raise Missing("session")
        await sign_ins.succeed(transaction, number, visit.now)
        told = visit.act("password-change", session.person.username, ended=ended)
        await audit.write(transaction, told, visit.now)
        lasts = visit.console.session_lasts
        return await sessions.begin(transaction, staff_id, lasts, visit.now, visit.address, visit.browser)


@post(HERE + "/sessions/end", opt={"permission": "self"}, status_code=303)
async def end(request: HTMXRequest) -> Response[str]:
    """One of one's own, named as the page names it; this very one is ended by signing out."""
    visit = visit_of(request)
    session, given = signed_in(visit), await fields(request, "session")
    named = given.get("session", "")
    found = await visit.read(lambda connection: seat(connection, visit, session, named))
    if found is None or found.token_hash == session.token_hash:
        return see_other(HERE)
    async with visit.write() as transaction:
        if await sessions.end_seat(transaction, session.person.id, found.token_hash):
            browser = device(visit, found.device)
            act = visit.act("session-end", session.person.username, browser=browser, address=found.address)
            await audit.write(transaction, act, visit.now)
    return see_other(f"{HERE}?done=ended")


def seat(connection: Connection, visit: Visit, session: Session, named: str) -> Seat | None:
    mine = sessions.seats(connection, session.person.id, visit.console.idle, visit.now)
    return next((one for one in mine if one.id == named), None)


@post(HERE + "/sessions/end-others", opt={"permission": "self"}, status_code=303)
async def end_others(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    session = signed_in(visit)
    await fields(request)
    async with visit.write() as transaction:
        ended = await sessions.end_others(transaction, session.person.id, session.token_hash)
        told = visit.act("sessions-end", session.person.username, ended=ended)
        await audit.write(transaction, told, visit.now)
    return see_other(f"{HERE}?done=others")
