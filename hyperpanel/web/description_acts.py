"""All services with their descriptions, as a file that the import reads back.

It is read a thousand at a time and written into a file without a name, so that no reader of the database is held and nothing is whole in memory.
"""

import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial

from litestar import post
from litestar.response import Stream
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import audit, descriptions, panels
from hyperpanel.db.descriptions import Described
from hyperpanel.db.panels import Panel
from hyperpanel.errors import BadInput
from hyperpanel.support.description_exports import FORMATS, NAME, book, rows
from hyperpanel.support.export_files import in_thread
from hyperpanel.web import export_plans, export_steps
from hyperpanel.web.forms import fields
from hyperpanel.web.guards import demand
from hyperpanel.web.languages import N_
from hyperpanel.web.panel_choice import chosen
from hyperpanel.web.visits import Visit, visit_of

AT_ONCE = 1000
PERMISSIONS = ("exports:make", "services:read")


@post("/descriptions/file", opt={"permission": PERMISSIONS[0]})
async def export(request: HTMXRequest) -> Stream:
    """Of the chosen panels."""
    visit = visit_of(request)
    format = (await fields(request, "format")).get("format", "")
    for permission in PERMISSIONS:
        await demand(visit, permission)
    if format not in FORMATS:
        raise BadInput(N_("Choose CSV or XLSX."), "format")
    some = await visit.read(lambda connection: chosen(visit, panels.all_of(connection, visit.scope)))
    told = visit.act("description-export", NAME, format=format, panels=[panel.name for panel in some])
    async with visit.write() as transaction:
        await audit.write(transaction, told, visit.now)
    content = written(visit, {panel.id: panel for panel in some}, format)
    return export_steps.download(visit, content, NAME, visit.say("Descriptions"), format, visit.now)


async def written(visit: Visit, some: Mapping[int, Panel], format: str) -> AsyncIterator[bytes]:
    with tempfile.TemporaryFile() as file:
        made = book(file, format)
        await in_thread(made.begin)
        last = None
        while found := await step(visit, some, last):
            await in_thread(partial(made.write, rows(found, some, format)))
            last = found[-1]
        await in_thread(made.finish)
        file.seek(0)
        async for block in export_steps.blocks(file):
            yield block


async def step(visit: Visit, some: Mapping[int, Panel], last: Described | None) -> Sequence[Described]:
    def read(connection: Connection) -> Sequence[Described]:
        person = export_plans.refuse_lost(connection, visit, frozenset(PERMISSIONS), some.keys())
        return descriptions.catalogue(connection, person.scope.narrowed(some), last, AT_ONCE)

    async with visit.console.exports.steps:
        return await visit.console.database.read(read)
