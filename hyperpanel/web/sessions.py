"""Signing in and out. An unknown name, a wrong password and a disabled person look the same and take as long."""

from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from math import ceil

from litestar import Response, get, post
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import audit, sessions, sign_ins, staff
from hyperpanel.db.audit import Act
from hyperpanel.db.sign_ins import Try
from hyperpanel.db.staff import Person
from hyperpanel.support import passwords
from hyperpanel.web import refusals
from hyperpanel.web.addresses import local
from hyperpanel.web.cookies import DEVICE_LASTS
from hyperpanel.web.forms import fields
from hyperpanel.web.frame import frame
from hyperpanel.web.guards import PUBLIC
from hyperpanel.web.render import render, see_other
from hyperpanel.web.visits import Visit, visit_of

LONGEST_NAME = 128


@dataclass(frozen=True)
class New:
    """`first_run`: nobody can sign in yet."""

    username: str
    next: str
    error: str | None
    first_run: bool


@dataclass(frozen=True)
class Proven:
    """Whose password was typed, by which hash that was seen, and the hash to keep from here on."""

    person: Person
    verified: str
    anew: str


@get("/sign-in", name="sessions.new", opt={"permission": PUBLIC})
async def new(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    onward = local(request.query_params.get("next", ""))
    if visit.session:
        return see_other(onward)
    empty = not await visit.read(staff.anyone)
    return form(request, visit, New("", onward, None, empty))


def form(request: HTMXRequest, visit: Visit, view: New, status: int = 200) -> Response[str]:
    response = render(
        request, frame(visit, "sessions.new", visit.say("Sign in")), "sessions/new.html", view, (), status
    )
    if visit.is_new_device:
        cookies = visit.console.cookies
        response.set_cookie(cookies.made(cookies.device, visit.device, DEVICE_LASTS))
    return response


@post("/sign-in", name="sessions.create", opt={"permission": PUBLIC}, status_code=303)
async def create(request: HTMXRequest) -> Response[str]:
    """The try is counted first, then the password looked at outside of any transaction, then all that follows is
    one."""
    visit = visit_of(request)
    given = await fields(request, "username", "password", "next")
    username, onward = given.get("username", "")[:LONGEST_NAME], local(given.get("next", ""))
    known = await visit.read(lambda connection: staff.named(connection, username))
    number = await admitted(visit, staff.folded(known.username) if known else unknown(visit, username))
    if isinstance(number, timedelta):
        await tell_full(visit, known, username)
        return too_many(request, visit, New(username, onward, None, False), ceil(number.total_seconds()))
    proven = await recognised(visit, username, given.get("password", ""))
    token = await begin(request, visit, proven, number) if proven else None
    if token is None:
        async with visit.write() as transaction:
            await audit.write(transaction, failed(visit, known, username), visit.now)
        said = visit.say("The username or the password is wrong.")
        return form(request, visit, New(username, onward, said, False), 422)
    return welcome(visit, token, onward)


async def admitted(visit: Visit, name: str) -> int | timedelta:
    attempt = Try(name, sign_ins.network(visit.address), sha256(visit.device.encode()).hexdigest())
    async with visit.write() as transaction:
        return await sign_ins.admit(transaction, attempt, visit.now)


def unknown(visit: Visit, typed: str) -> str:
    """What is kept of a name that is nobody's. Passwords are typed there too, so it is a mark that tells the same from another and that
    nobody can read without the master key."""
    return f"?{visit.console.vault.mark(staff.folded(typed))}"


def failed(visit: Visit, known: Person | None, typed: str) -> Act:
    if known:
        return visit.act("sign-in failed", known.username, actor=known.username)
    return visit.act("sign-in failed", mark=unknown(visit, typed)[1:9])


async def tell_full(visit: Visit, known: Person | None, typed: str) -> None:
    """Under the name that is somebody's; of the names that are nobody's, any number may be tried, and they count as one."""
    mark = {} if known else {"mark": unknown(visit, typed)[1:9]}
    await refusals.tell_first(visit, refusals.TOO_MANY, known.username if known else "", **mark)


def too_many(request: HTMXRequest, visit: Visit, view: New, wait: int) -> Response[str]:
    response = form(request, visit, replace(view, error=said_to_wait(visit, wait)), 429)
    response.headers["Retry-After"] = str(wait)
    return response


def said_to_wait(visit: Visit, wait: int) -> str:
    """Minutes are rounded up: whoever waits as long as was said gets in."""
    whole = ceil(wait / 60) * 60 if wait > 60 else wait
    return visit.say("Too many tries. Wait %(wait)s, then try again.", wait=visit.fmt.seconds(whole))


async def recognised(visit: Visit, username: str, password: str) -> Proven | None:
    def look(connection: Connection) -> tuple[Person | None, str | None]:
        return staff.named(connection, username), staff.password_hash(connection, username)

    person, stored = await visit.read(look)
    matches = await passwords.verify(stored, password[: passwords.LONGEST + 1])
    if not matches or person is None or stored is None or person.disabled_at:
        return None
    anew = await passwords.hashed_later(password) if passwords.is_outdated(stored) else stored
    return Proven(person, stored, anew)


async def begin(request: HTMXRequest, visit: Visit, proven: Proven, number: int) -> str | None:
    """A fresh token, whatever the browser came with; a session that it had ends. None where the password is not theirs any more, or they may
    not sign in."""
    lasts, person = visit.console.session_lasts, proven.person
    async with visit.write() as transaction:
        if not await staff.confirm(transaction, person.id, proven.verified, proven.anew):
            return None
        if old := request.cookies.get(visit.console.cookies.session):
            await sessions.end(transaction, old)
        await sign_ins.succeed(transaction, number, visit.now)
        await audit.write(transaction, visit.act("sign-in", person.username, actor=person.username), visit.now)
        return await sessions.begin(transaction, person.id, lasts, visit.now, visit.address, visit.browser)


def welcome(visit: Visit, token: str, onward: str) -> Response[str]:
    cookies = visit.console.cookies
    response = see_other(onward)
    response.set_cookie(cookies.made(cookies.session, token, visit.console.session_lasts))
    response.set_cookie(cookies.made(cookies.device, visit.device, DEVICE_LASTS))
    return response


@post("/sign-out", name="sessions.delete", opt={"permission": "self"}, status_code=303)
async def delete(request: HTMXRequest) -> Response[str]:
    """The browser forgets what it kept, but for the cookie by which it is known again."""
    visit = visit_of(request)
    await fields(request)
    async with visit.write() as transaction:
        await sessions.end(transaction, request.cookies.get(visit.console.cookies.session, ""))
        await audit.write(transaction, visit.act("sign-out"), visit.now)
    response = see_other("/sign-in", **{"Clear-Site-Data": '"cache", "storage"'})
    response.set_cookie(visit.console.cookies.gone(visit.console.cookies.session))
    return response
