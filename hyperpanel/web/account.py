"""Settings → My account: who one is here, the password, where one is signed in, and how the console should look and speak.

Everybody has it, and it is about nobody else. The choices are those of /preferences, which saves them; what is done here is in account_acts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from litestar import Response, get
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import panels, sessions, staff_names
from hyperpanel.db.sessions import Seat, Session
from hyperpanel.errors import Missing
from hyperpanel.support import passwords
from hyperpanel.web import time_zones
from hyperpanel.web.devices import device
from hyperpanel.web.frame import frame
from hyperpanel.web.languages import N_
from hyperpanel.web.preferences import Form, there
from hyperpanel.web.render import render
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit, visit_of

HERE = "/settings/account"
DONE = {
    "saved": N_("Saved."),
    "password": N_("Your password is changed. You are signed out everywhere else."),
    "ended": N_("That session is ended."),
    "others": N_("You are signed out everywhere else."),
}


@dataclass(frozen=True)
class SeatRow:
    """A session; `is_this`: the one that asks."""

    id: str
    device: str
    raw_device: str
    address: str
    created_at: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True)
class Faults:
    """What is wrong with a new password, each beside its field. `new` may be several."""

    old: str = ""
    new: Sequence[str] = ()
    again: str = ""


@dataclass(frozen=True)
class Known:
    """`panels` is None for whoever sees all of them; `names`: what one is called at which panel, where that is not the username."""

    panels: Sequence[str] | None
    names: Sequence[tuple[str, str]]
    seats: Sequence[Seat]


@dataclass(frozen=True)
class Index:
    panels: Sequence[str] | None
    names: Sequence[tuple[str, str]]
    seats: Sequence[SeatRow]
    faults: Faults
    shortest: int
    done: str
    form: Form
    zones: Sequence[str]
    there: str
    else_zone: str


@get(HERE, name="account.index", opt={"permission": "self"})
async def index(request: HTMXRequest) -> Response[str]:
    return await standing(request, Faults())


async def standing(request: HTMXRequest, faults: Faults, status: int = 200) -> Response[str]:
    visit = visit_of(request)
    session = signed_in(visit)
    known = await visit.read(lambda connection: look(connection, visit, session))
    form = Form({"time_zone": session.person.time_zone or ""})
    view = Index(
        panels=known.panels,
        names=known.names,
        seats=[seat_row(visit, seat, session) for seat in known.seats],
        faults=faults,
        shortest=passwords.SHORTEST,
        done=done(visit),
        form=form,
        zones=time_zones.offered(),
        there=there(visit, form.typed["time_zone"]),
        else_zone=visit.console.settings.web.time_zone,
    )
    around = frame(visit, "account.index", visit.say("My account"))
    return render(request, around, "account/index.html", view, (), status)


def signed_in(visit: Visit) -> Session:
    """The guard lets nobody else in."""
    if visit.session is None:
        raise Missing("session")
    return visit.session


def look(connection: Connection, visit: Visit, session: Session) -> Known:
    person = session.person
    names = {panel.id: panel.name for panel in panels.all_of(connection, visit.scope)}
    given = staff_names.given(connection, visit.scope)
    mine = [(names[panel_id], name) for (panel_id, staff_id), name in given.items() if staff_id == person.id]
    return Known(
        panels=None if person.panel_ids is None else sorted(names.values()),
        names=sorted((panel, shown(name) or "") for panel, name in mine),
        seats=sessions.seats(connection, person.id, visit.console.idle, visit.now),
    )


def seat_row(visit: Visit, seat: Seat, session: Session) -> SeatRow:
    return SeatRow(
        id=seat.id,
        device=device(visit, seat.device),
        raw_device=shown(seat.device) or "",
        address=shown(seat.address) or "",
        created_at=seat.created_at,
        seen_at=seat.seen_at,
        is_this=seat.token_hash == session.token_hash,
    )


def done(visit: Visit) -> str:
    asked = next((value for name, value in visit.url.pairs if name == "done"), "")
    return visit.say(DONE[asked]) if asked in DONE else ""
