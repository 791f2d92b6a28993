"""A press on Analyze: what is held is shown, or else a model is asked, once for all who want the same.

Nothing is sent to a customer, and no order is touched; what comes is kept with the ticket (hyperpanel.web.ai_analysis_views).
"""

from functools import partial
from typing import Any

from litestar import Response, post
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.ai import analyses
from hyperpanel.ai.analyses import Wish
from hyperpanel.ai.asks import Hear
from hyperpanel.db import customers, panels, tickets
from hyperpanel.db.ai_answers import Answer
from hyperpanel.db.panels import Panel
from hyperpanel.errors import BadInput, Missing
from hyperpanel.web.ai_analysis_views import MAY, Analysis, put
from hyperpanel.web.ai_marks import language_of
from hyperpanel.web.ai_streams import TICKETLESS, streamed
from hyperpanel.web.forms import fields
from hyperpanel.web.frame import frame
from hyperpanel.web.panel_choice import named
from hyperpanel.web.ticket_rows import place
from hyperpanel.web.visits import Visit, visit_of

SENT = ("panel", "ticket", "again")
LONGEST_KEY = 128


@post("/tickets/analyze", opt={"permission": MAY}, status_code=200)
async def create(request: HTMXRequest) -> Response[str]:
    """A panel or ticket that is foreign is as one that is not there, for every form alike."""
    visit, given = visit_of(request), await fields(request, *SENT)
    asked = (given.get("panel", ""), given.get("ticket", ""))
    panel, ticket_id = await visit.read(partial(aimed, visit=visit, asked=asked))
    person = visit.person
    wish = Wish(
        scope=visit.scope,
        panel=panel,
        ticket_id=ticket_id,
        language=language_of(visit),
        by=person.username if person else "",
        staff_id=person.id if person else None,
        again=given.get("again", "")[:LONGEST_KEY],
    )

    async def work(hear: Hear) -> str:
        made = await analyses.analyzed(visit.console.ai, wish, hear)
        return await visit.read(lambda connection: drawn(connection, visit, panel, ticket_id, made))

    return await streamed(request, visit, work, place("tickets", panel.name, ticket_id))


def aimed(connection: Connection, visit: Visit, asked: tuple[str, str]) -> tuple[Panel, str]:
    if not any(asked):
        raise BadInput(TICKETLESS, "ticket")
    panel = named(panels.all_of(connection, visit.scope), asked[0])
    ticket = tickets.one(connection, visit.scope, panel.id, asked[1])
    if ticket is None or not visit.may("tickets:read") or not visit.may("orders:read"):
        raise Missing("ticket")
    return panel, ticket.id


def drawn(connection: Connection, visit: Visit, panel: Panel, ticket_id: str, made: Answer) -> str:
    """The part of the page that shows it, as it will be after the next load too."""
    ticket = tickets.one(connection, visit.scope, panel.id, ticket_id)
    if ticket is None:
        raise Missing("ticket")
    customer = customers.one(connection, visit.scope, panel.id, ticket.user_id, ticket.user, ticket.created_at)
    shown = put(connection, visit, panel, ticket, customer, [made])
    return fragment(visit, shown)


def fragment(visit: Visit, analysis: Analysis) -> str:
    """The block alone, which takes the place of the one that it grew in."""
    template = visit.console.pages.template(visit.language, "parts/ai_analysis.html")
    around = frame(visit, "tickets.show", "", (), (), None)
    part: Any = template.make_module({"frame": around, "fmt": visit.fmt})
    return str(part.analysis_block(analysis, analysis.result))
