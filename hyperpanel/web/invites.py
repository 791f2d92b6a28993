"""A link, as whoever got it opens it: they choose their password, and are signed in. Nobody needs an account for the page itself.

A link that was used, is too old, was replaced or was never made looks the same as any other. Opening one tells nothing, and nobody guesses
256 bits: whoever sends a password to many has to wait, and has tries of their own there, so that an old link keeps nobody from signing in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil

from litestar import Response, get, post
from litestar.params import FromPath
from litestar_htmx import HTMXRequest

from hyperpanel.db import audit, invites, sessions, sign_ins, staff
from hyperpanel.db.invites import Open
from hyperpanel.db.sign_ins import Try
from hyperpanel.support import passwords
from hyperpanel.web import refusals
from hyperpanel.web.addresses import START
from hyperpanel.web.cookies import DEVICE_LASTS
from hyperpanel.web.forms import fields
from hyperpanel.web.frame import frame
from hyperpanel.web.guards import PUBLIC
from hyperpanel.web.panel_fields import sentence
from hyperpanel.web.render import render
from hyperpanel.web.sessions import welcome
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit, visit_of

PLACE = "/invites/{token:str}"
NOBODY = " link "
"""Before the mark under which tries on a link are counted, and the network that they come from: no name and no network begins with a space."""


@dataclass(frozen=True)
class Show:
    """`username` is None for a link that cannot be taken: nothing is told of it."""

    username: str | None
    is_new: bool
    until: datetime | None
    action: str
    faults: Sequence[str]


@get(PLACE, name="invites.show", opt={"permission": PUBLIC})
async def show(request: HTMXRequest, token: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    link = await found(visit, token)
    if link is None:
        await refusals.tell_first(visit, refusals.NO_LINK)
    return page(request, visit, link)


async def found(visit: Visit, token: str) -> Open | None:
    return await visit.read(lambda connection: invites.find(connection, token, visit.now)) if token.isascii() else None


def page(
    request: HTMXRequest, visit: Visit, link: Open | None, faults: Sequence[str] = (), status: int = 200
) -> Response[str]:
    if link is None:
        view, title, status = (
            Show(None, False, None, "", faults),
            visit.say("This link cannot be used"),
            max(404, status),
        )
    else:
        is_new = link.purpose == invites.JOIN
        view = Show(shown(link.username), is_new, link.expires_at, visit.url.path, faults)
        title = visit.say("Choose your password")
    response = render(request, frame(visit, "invites.show", title), "invites/show.html", view, (), status)
    if visit.is_new_device:
        cookies = visit.console.cookies
        response.set_cookie(cookies.made(cookies.device, visit.device, DEVICE_LASTS))
    return response


@post(PLACE, opt={"permission": PUBLIC}, status_code=303)
async def take(request: HTMXRequest, token: FromPath[str]) -> Response[str]:
    """A try on a link that is none is counted; whoever has a true one is not slowed down by them."""
    visit = visit_of(request)
    given = await fields(request, "password", "again")
    link = await found(visit, token)
    if link is None:
        return await none_such(request, visit, token)
    password = given.get("password", "")
    faults = [sentence(visit, problem) for problem in passwords.faults(password, link.username)]
    if not faults and password != given.get("again", ""):
        faults = [visit.say("The two passwords differ.")]
    if faults:
        return page(request, visit, link, faults, 422)
    session = await taken(request, visit, link, await passwords.hashed_later(password))
    return await none_such(request, visit, token) if session is None else welcome(visit, session, START)


async def none_such(request: HTMXRequest, visit: Visit, token: str) -> Response[str]:
    mark = sha256(token.encode("utf-8", "replace")).hexdigest()[:16]
    near = NOBODY + sign_ins.network(visit.address)
    attempt = Try(NOBODY + mark, near, sha256(visit.device.encode()).hexdigest())
    async with visit.write() as transaction:
        number = await sign_ins.admit(transaction, attempt, visit.now)
    await refusals.tell_first(visit, refusals.TOO_MANY if isinstance(number, timedelta) else refusals.NO_LINK)
    if not isinstance(number, timedelta):
        return page(request, visit, None)
    wait = ceil(number.total_seconds())
    said = visit.say("Too many tries. Wait %(wait)s, then try again.", wait=visit.fmt.seconds(ceil(wait / 60) * 60))
    response = page(request, visit, None, [said], 429)
    response.headers["Retry-After"] = str(wait)
    return response


async def taken(request: HTMXRequest, visit: Visit, link: Open, password_hash: str) -> str | None:
    """The token of a fresh session, whatever the browser came with; None for who was a moment too late."""
    lasts = visit.console.session_lasts
    async with visit.write() as transaction:
        await staff.in_turn(transaction)
        if not await invites.claim(transaction, link.id, visit.now):
            return None
        await staff.set_password(transaction, link.staff_id, password_hash)
        if old := request.cookies.get(visit.console.cookies.session):
            await sessions.end(transaction, old)
        told = visit.act("staff-join", link.username, actor=link.username, purpose=link.purpose)
        await audit.write(transaction, told, visit.now)
        return await sessions.begin(transaction, link.staff_id, lasts, visit.now, visit.address, visit.browser)
