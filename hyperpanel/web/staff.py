"""Settings → Staff: everybody who may sign in, or was invited to. The forms and the other pages are in the modules named staff_….

Everybody is listed for whoever manages staff; what others see beyond the panels of who looks is not told.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from litestar import Response, get
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import staff
from hyperpanel.support.people_acts import MANAGE
from hyperpanel.web.frame import frame
from hyperpanel.web.render import render
from hyperpanel.web.staff_adding import New, new
from hyperpanel.web.staff_editing import Edit, edit
from hyperpanel.web.staff_roles import Roles, roles
from hyperpanel.web.staff_rows import HERE, Line, line, look
from hyperpanel.web.visits import Visit, visit_of

__all__ = ["Edit", "Index", "New", "Roles", "edit", "index", "new", "roles"]


@dataclass(frozen=True)
class Index:
    lines: Sequence[Line]


@get(HERE, name="staff.index", opt={"permission": MANAGE})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    view = Index(await visit.read(lambda connection: lines(connection, visit)))
    return render(request, frame(visit, "staff.index", visit.say("Staff")), "staff/index.html", view)


def lines(connection: Connection, visit: Visit) -> list[Line]:
    around = look(connection, visit)
    return [line(visit, person, around) for person in staff.all_of(connection)]
