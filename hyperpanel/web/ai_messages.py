"""Translating a message, and telling what its writer wants: asked for by a press, kept with the message, and never followed.

The first of all who press asks, and the others see what comes; whatever is held already is given back. Nothing but the one message goes out.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from litestar import Response, post
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.ai import answers, intents, prompts, tongues, translating
from hyperpanel.ai.answers import Made, Wanted
from hyperpanel.ai.asks import About, Hear, Prompt
from hyperpanel.db import ai_providers, customers, messages, panels, staff, tickets
from hyperpanel.db.ai_answers import Answer
from hyperpanel.db.ai_providers import PanelUse
from hyperpanel.db.customers import Customer
from hyperpanel.db.panels import Panel
from hyperpanel.db.tickets import Ticket
from hyperpanel.errors import BadInput, Missing
from hyperpanel.web import ai_marks, thread_views, ticket_facts
from hyperpanel.web.addresses import Address
from hyperpanel.web.ai_marks import MAY, Held, language_of
from hyperpanel.web.ai_streams import TICKETLESS, streamed
from hyperpanel.web.ai_texts import text_of
from hyperpanel.web.ai_views import Mark
from hyperpanel.web.bodies import Mention
from hyperpanel.web.forms import fields
from hyperpanel.web.frame import frame
from hyperpanel.web.panel_choice import named
from hyperpanel.web.render import see_other
from hyperpanel.web.thread_views import Read
from hyperpanel.web.ticket_rows import place
from hyperpanel.web.visits import Visit, visit_of

SENT = ("panel", "ticket", "message")
PART = "parts/ai_message.html"


@dataclass(frozen=True)
class Aim:
    """The one message that is asked about. `names`: of its customer; `language`: of the reader."""

    panel: Panel
    ticket: Ticket
    customer: Customer | None
    read: Read
    text: str
    names: tuple[str, ...]
    use: PanelUse
    prompt: Prompt
    language: str

    @property
    def has_words(self) -> bool:
        return translating.has_words(self.text)


@post("/tickets/translate", opt={"permission": MAY}, status_code=200)
async def translate(request: HTMXRequest) -> Response[Any]:
    return await told(request, translating.PURPOSE)


@post("/tickets/intent", opt={"permission": MAY}, status_code=200)
async def intent(request: HTMXRequest) -> Response[Any]:
    return await told(request, intents.PURPOSE)


async def told(request: HTMXRequest, purpose: str) -> Response[Any]:
    visit = visit_of(request)
    given = await fields(request, *SENT)
    aim = await visit.read(partial(aimed, visit=visit, given=given, purpose=purpose))
    onward = place("tickets", aim.panel.name, aim.ticket.id)
    return await streamed(request, visit, partial(work, visit, aim, purpose), onward)


def aimed(connection: Connection, visit: Visit, given: Mapping[str, str], purpose: str) -> Aim:
    """Raises Missing for a panel, a ticket or a message that is not there for this person, and for what nothing is offered for."""
    panel, ticket = ticket_of(connection, visit, given)
    message = messages.one(connection, visit.scope, panel.id, ticket.id, given.get("message", ""))
    if message is None or message.is_cut or (purpose == intents.PURPOSE and message.is_staff):
        raise Missing("message")
    customer = customers.one(connection, visit.scope, panel.id, ticket.user_id, ticket.user, ticket.created_at)
    borne = customers.whose(connection, visit.scope, panel.id, ticket.user, customer)
    (read,) = thread_views.read([message])
    return Aim(
        panel=panel,
        ticket=ticket,
        customer=customer,
        read=read,
        text=text_of(read.pieces),
        names=tuple(dict.fromkeys([*(one.name for one in borne), *filter(None, [ticket.user, message.sender])])),
        use=ai_providers.panel(connection, visit.scope, panel.id),
        prompt=prompts.in_use(connection, purpose),
        language=language_of(visit),
    )


def ticket_of(connection: Connection, visit: Visit, given: Mapping[str, str]) -> tuple[Panel, Ticket]:
    if not (given.get("panel") or given.get("ticket")):
        raise BadInput(TICKETLESS, "ticket")
    panel = named(panels.all_of(connection, visit.scope), given.get("panel", ""))
    ticket = tickets.one(connection, visit.scope, panel.id, given.get("ticket", ""))
    if ticket is None or not visit.may("tickets:read"):
        raise Missing("ticket")
    return panel, ticket


async def work(visit: Visit, aim: Aim, purpose: str, hear: Hear) -> str:
    """The block of the page that shows the answer. Raises AiTrouble."""
    if not aim.has_words:
        return block(visit, purpose, nothing(aim))
    wanted = Wanted(
        purpose=purpose,
        panel_id=aim.panel.id,
        ticket_id=aim.ticket.id,
        text=aim.text,
        language=aim.language,
        prompt=aim.prompt,
        by=visit.person.username if visit.person else "",
    )
    answer = await answers.answered(visit.console.ai, wanted, making(visit, aim, purpose), hear)
    return await visit.read(partial(drawn, visit=visit, aim=aim, purpose=purpose, answer=answer))


def making(visit: Visit, aim: Aim, purpose: str) -> Callable[[Hear], Awaitable[Made]]:
    person = visit.person
    about = About(
        purpose=purpose,
        by=person.username if person else "",
        staff_id=person.id if person else None,
        panel_id=aim.panel.id,
        ticket_id=aim.ticket.id,
    )
    desk, hides = visit.console.ai, aim.use.hides_personal
    if purpose == intents.PURPOSE:
        task = intents.Task(aim.text, aim.language, aim.names, hides)
        return partial(intents.make, desk, about, aim.prompt, task)
    return partial(
        translating.make, desk, about, aim.prompt, translating.Task(aim.text, aim.language, aim.names, hides)
    )


def drawn(connection: Connection, visit: Visit, aim: Aim, purpose: str, answer: Answer) -> str:
    """As the page will show it after the next load too."""
    found, orders = {answer.digest: answer}, dict[str, Mention]()
    if purpose == intents.PURPOSE and visit.may("orders:read"):
        numbers = thread_views.numbers([aim.read], ticket_facts.MOST_NUMBERS)
        orders.update(ticket_facts.mentions(connection, visit, aim.panel, aim.ticket, aim.customer, numbers))
    known = Held(
        language=aim.language,
        can_ask=True,
        translations=found if purpose == translating.PURPOSE else {},
        intents=found if purpose == intents.PURPOSE else {},
        prompts={purpose: aim.prompt.digest},
    )
    return block(visit, purpose, ai_marks.mark(visit, aim.panel, aim.ticket.id, aim.read, aim.text, known, orders))


def nothing(aim: Aim) -> Mark:
    message = aim.read.message
    return Mark(message.id, aim.panel.name, aim.ticket.id, message.is_staff, False, False, None, None, has_nothing=True)


def block(visit: Visit, purpose: str, mark: Mark) -> str:
    template = visit.console.pages.template(visit.language, PART)
    part: Any = template.make_module({"frame": frame(visit, "tickets.show", ""), "fmt": visit.fmt})
    return str(part.translation(mark) if purpose == translating.PURPOSE else part.intent(mark))


@post("/tickets/translation-language", opt={"permission": MAY}, status_code=303)
async def choose(request: HTMXRequest) -> Response[str]:
    """Into which language this person has messages translated: what is held in it stands on the page that follows."""
    visit = visit_of(request)
    given = await fields(request, "panel", "ticket", "before", "language")
    panel, ticket = await visit.read(partial(ticket_of, visit=visit, given=given))
    if given.get("language") not in tongues.CODES:
        raise BadInput("no such language", "language")
    if visit.person:
        async with visit.write() as transaction:
            await staff.prefer(transaction, visit.person.id, {"translates_to": given["language"]})
    before = given.get("before", "")
    onward = Address(place("tickets", panel.name, ticket.id), (("before", before),) if before else ())
    return see_other(str(onward))
