"""A service's description: changed by hand, beside what the service is.

Two people may have the same text open. Whoever saves second is shown both, and nothing is lost: `seen` stands for the text that the form began
with.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from litestar import Response, get, post
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import audit, changes, descriptions, panels, services
from hyperpanel.db.descriptions import Description
from hyperpanel.db.panels import Panel
from hyperpanel.db.services import Service
from hyperpanel.errors import BadInput, Missing
from hyperpanel.support.description_texts import LONGEST, judged, shortened
from hyperpanel.web import service_facts
from hyperpanel.web.description_words import lines
from hyperpanel.web.facts import Fact
from hyperpanel.web.forms import fields
from hyperpanel.web.frame import frame
from hyperpanel.web.panel_choice import named
from hyperpanel.web.panel_fields import sentence
from hyperpanel.web.render import render, see_other
from hyperpanel.web.service_rows import row
from hyperpanel.web.visits import Visit, visit_of

ONE = "/services/{panel:str}/{service_id:str}/description"
LARGEST_BODY = 16 * LONGEST
"""A sign takes up to four bytes, and a form writes each of them as three letters."""


@dataclass(frozen=True)
class Theirs:
    """What somebody else saved while this was typed."""

    body: str
    by: str
    at: datetime | None


@dataclass(frozen=True)
class Edit:
    id: str
    panel: str
    facts: Sequence[Fact]
    body: str
    seen: str
    error: str | None
    theirs: Theirs | None
    href: str
    back_href: str
    longest: int = LONGEST


@dataclass(frozen=True)
class Found:
    panel: Panel
    service: Service
    description: Description | None

    @property
    def body(self) -> str:
        return self.description.body if self.description else ""


@get(ONE, name="descriptions.edit", opt={"permission": "descriptions:edit"})
async def edit(request: HTMXRequest, panel: FromPath[str], service_id: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    found = await visit.read(lambda connection: find(connection, visit, panel, service_id))
    return page(request, visit, view(visit, found, found.body))


def find(connection: Connection, visit: Visit, panel_name: str, service_id: str) -> Found:
    panel = named(panels.all_of(connection, visit.scope), panel_name)
    service = services.one(connection, visit.scope, panel.id, service_id)
    if service is None:
        raise Missing("service")
    return Found(panel, service, descriptions.one(connection, visit.scope, panel.id, service_id))


def view(visit: Visit, found: Found, body: str, error: str | None = None, theirs: Theirs | None = None) -> Edit:
    shown = row(found.service, found.panel.name, found.panel.currency, visit.language)
    return Edit(
        id=shown.id,
        panel=shown.panel,
        facts=service_facts.facts(visit, found.service, shown),
        body=body,
        seen=seen(found.body),
        error=error,
        theirs=theirs,
        href=f"{shown.href}/description",
        back_href=shown.href,
    )


def seen(body: str) -> str:
    return sha256(body.encode()).hexdigest()[:32]


def page(request: HTMXRequest, visit: Visit, view: Edit, status: int = 200) -> Response[str]:
    return render(
        request,
        frame(visit, "descriptions.edit", visit.say("Edit description")),
        "descriptions/edit.html",
        view,
        (),
        status,
    )


@post(ONE, opt={"permission": "descriptions:edit"}, status_code=200, request_max_body_size=LARGEST_BODY)
async def update(request: HTMXRequest, panel: FromPath[str], service_id: FromPath[str]) -> Response[str]:
    """An empty text takes the description away."""
    visit, given = visit_of(request), await fields(request, "body", "seen")
    found = await visit.read(lambda connection: find(connection, visit, panel, service_id))
    typed = given.get("body", "")
    try:
        body = judged(typed)
    except BadInput as problem:
        wrong = view(visit, found, typed, sentence(visit, problem))
        return page(request, visit, replace(wrong, seen=given.get("seen", "")), 422)
    theirs = await save(visit, found, body, given.get("seen", ""))
    if theirs is None:
        return see_other(view(visit, found, body).back_href)
    error = visit.say(
        "Somebody else changed it while you typed. Their text is below; saving again puts yours in its place."
    )
    told = Theirs(lines(theirs.body), theirs.updated_by, theirs.updated_at if theirs.body else None)
    now = replace(found, description=theirs)
    return page(request, visit, view(visit, now, body, error, told), 409)


async def save(visit: Visit, found: Found, body: str, begun: str) -> Description | None:
    """What somebody else saved meanwhile, if that is another text than the one begun with and the one to be saved."""
    async with visit.write() as transaction:
        await descriptions.only_me(transaction)
        held = await current(transaction, visit, found)
        if held.body == body:
            return None
        if seen(held.body) != begun:
            return held
        new = Description(*held.key, body, visit.now, visit.person.username if visit.person else "")
        if body:
            await descriptions.put(transaction, [new])
        else:
            await descriptions.remove(transaction, visit.scope, [new.key])
        await changes.tell(transaction, "services", [new.key], visit.now)
        told = {"before": shortened(held.body), "after": shortened(body)}
        act = "description-change" if body else "description-removal"
        target = f"{found.panel.name}/{found.service.id}"
        await audit.write(transaction, visit.act(act, target, found.panel.id, **told), visit.now)
    return None


async def current(transaction: AsyncConnection, visit: Visit, found: Found) -> Description:
    """One with an empty text where there is none."""
    key = found.panel.id, found.service.id
    held = await transaction.run_sync(lambda connection: descriptions.one(connection, visit.scope, *key))
    return held or Description(*key, "", visit.now, "")
