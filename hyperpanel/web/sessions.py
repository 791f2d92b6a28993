"""Signing in and out. An unknown name, a wrong password and a disabled person look the same and take as long."""

from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from math import ceil

from litestar import Response, get, post
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import audit, sessions, sign_ins, staff
from hyperpanel.db.sign_ins import Try
from hyperpanel.db.staff import Person
from hyperpanel.support import passwords
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
    attempt = Try(staff.folded(username), sign_ins.network(visit.address), sha256(visit.device.encode()).hexdigest())
    async with visit.write() as transaction:
        number = await sign_ins.admit(transaction, attempt, visit.now)
    if isinstance(number, timedelta):
        return too_many(request, visit, New(username, onward, None, False), ceil(number.total_seconds()))
    person = await recognised(visit, username, given.get("password", ""))
    if person is None:
        async with visit.write() as transaction:
            await audit.write(transaction, visit.act("sign-in failed", username, actor=username), visit.now)
        said = visit.say("The username or the password is wrong.")
        return form(request, visit, New(username, onward, said, False), 422)
    return welcome(visit, await begin(request, visit, person, number), onward)


def too_many(request: HTMXRequest, visit: Visit, view: New, wait: int) -> Response[str]:
    """Minutes are rounded up: whoever waits as long as was said gets in."""
    whole = ceil(wait / 60) * 60 if wait > 60 else wait
    said = visit.say("Too many tries. Wait %(wait)s, then try again.", wait=visit.fmt.seconds(whole))
    response = form(request, visit, replace(view, error=said), 429)
    response.headers["Retry-After"] = str(wait)
    return response


async def recognised(visit: Visit, username: str, password: str) -> Person | None:
    def look(connection: Connection) -> tuple[Person | None, str | None]:
        return staff.named(connection, username), staff.password_hash(connection, username)

    person, stored = await visit.read(look)
    matches = await passwords.verify(stored, password[: passwords.LONGEST + 1])
    if not matches or person is None or stored is None or person.disabled_at:
        return None
    if passwords.is_outdated(stored):
        anew = await passwords.hashed_later(password)
        async with visit.write() as transaction:
            await staff.rehash(transaction, person.id, anew)
    return person


async def begin(request: HTMXRequest, visit: Visit, person: Person, number: int) -> str:
    """A fresh token, whatever the browser came with; a session that it had ends."""
    lasts = visit.console.session_lasts
    async with visit.write() as transaction:
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
