"""Settings → Staff, one person: their role and panels, their link, whether they may sign in, and their name in each panel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from litestar import Response, get
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import staff
from hyperpanel.db.staff import Person
from hyperpanel.errors import BadInput, Missing
from hyperpanel.support.people import reaches
from hyperpanel.support.people_acts import MANAGE
from hyperpanel.web.frame import ROLE_NAMES, frame
from hyperpanel.web.languages import N_
from hyperpanel.web.own_addresses import base
from hyperpanel.web.panel_fields import sentence
from hyperpanel.web.render import render
from hyperpanel.web.staff_fields import Form, Sent, as_it_is, form
from hyperpanel.web.staff_rows import (
    ACTIVE,
    DISABLED,
    HERE,
    STATES,
    Around,
    Called,
    called,
    href_of,
    look,
    state_of,
    until,
)
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit, visit_of

DONE = {
    "changed": N_("Saved. Whoever has other rights signs in again."),
    "disabled": N_("They are disabled, and signed out everywhere."),
    "enabled": N_("They may sign in again."),
    "named": N_("The name was saved."),
}


@dataclass(frozen=True)
class Edit:
    """`form` is None for oneself. `link` is the address of a link that was made just now, and `until` how long the open one can be taken."""

    username: str
    role: str
    href: str
    back_href: str
    is_self: bool
    form: Form | None
    tone: str
    state: str
    is_disabled: bool
    is_active: bool
    seen_at: datetime | None
    since: datetime
    link: str | None
    until: datetime | None
    called: Sequence[Called]
    done: str
    problem: str


@dataclass(frozen=True)
class Found:
    person: Person
    around: Around


@get(HERE + "/{staff_id:int}", name="staff.edit", opt={"permission": MANAGE})
async def edit(request: HTMXRequest, staff_id: FromPath[int]) -> Response[str]:
    visit = visit_of(request)
    done = DONE.get(request.query_params.get("done", ""), "")
    return page(request, visit, await found(visit, staff_id), done=done)


async def found(visit: Visit, staff_id: int) -> Found:
    """Raises Missing for nobody, and for who sees panels that this person does not."""

    def search(connection: Connection) -> Found:
        person = staff.by_id(connection, staff_id)
        if person is None or not reaches(visit.scope.panel_ids, person.panel_ids):
            raise Missing("person")
        return Found(person, look(connection, visit))

    return await visit.read(search)


async def linked(request: HTMXRequest, visit: Visit, staff_id: int, token: str) -> Response[str]:
    """The page of somebody whose link was made just now: it is on this one answer."""
    return page(request, visit, await found(visit, staff_id), link=f"{base(request, visit)}/invites/{token}")


def page(
    request: HTMXRequest,
    visit: Visit,
    found: Found,
    *,
    given: Sent | None = None,
    errors: Mapping[str, BadInput] | None = None,
    link: str | None = None,
    done: str = "",
    problem: BadInput | None = None,
) -> Response[str]:
    person, around = found.person, found.around
    state = state_of(person, around, visit.now)
    is_self = visit.person is not None and visit.person.id == person.id
    typed = given or as_it_is(person, around.panels)
    view = Edit(
        username=shown(person.username) or "",
        role=visit.say(ROLE_NAMES.get(person.role, person.role)),
        href=href_of(person.id),
        back_href=HERE,
        is_self=is_self,
        form=None if is_self else form(visit, typed, around.panels, errors or {}),
        tone=STATES[state][0],
        state=visit.say(STATES[state][1]),
        is_disabled=state == DISABLED,
        is_active=state == ACTIVE,
        seen_at=around.last.get(person.id),
        since=person.created_at,
        link=link,
        until=until(person, around, visit.now),
        called=called(person, around),
        done=visit.say(done) if done else "",
        problem=sentence(visit, problem) if problem else "",
    )
    status = problem.status if problem else 422 if errors else 200
    return render(request, frame(visit, "staff.edit", view.username), "staff/edit.html", view, (), status)
