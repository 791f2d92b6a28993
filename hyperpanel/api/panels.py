"""The panels that a key may see: how each stands and, where it is not read, why."""

from collections.abc import Sequence

from litestar import get
from litestar.params import FromPath
from sqlalchemy import Connection

from hyperpanel.api import whole_lists
from hyperpanel.api.callers import Caller, Calling
from hyperpanel.api.listing import Asked, Asking, Page, reply
from hyperpanel.api.standings import panel_of
from hyperpanel.client.console import Panel
from hyperpanel.client.envelopes import Detail, Listed
from hyperpanel.errors import Missing
from hyperpanel.support import feed_figures


@get("/panels", name="panels.index", opt={"scope": "panels:read"})
async def index(caller: Calling, asked: Asking) -> Listed[Panel]:
    """Panels by name, each with its streams. Keys and addresses are in no answer."""

    async def fetch(part: Asked) -> Page[Panel]:
        rows = await caller.read(lambda connection: standing(connection, caller, part.panel_ids))
        return whole_lists.page(part, rows, key, as_of=caller.now)

    return await reply(asked, fetch)


@get("/panels/{panel:str}", name="panels.show", opt={"scope": "panels:read"})
async def show(caller: Calling, panel: FromPath[str]) -> Detail[Panel]:
    """One panel with its streams."""
    line = caller.panel(panel)
    return Detail(await caller.read(lambda connection: one(connection, caller, line.id)))


def standing(connection: Connection, caller: Caller, panel_ids: Sequence[int]) -> list[Panel]:
    scope = caller.scope.narrowed(panel_ids)
    found = feed_figures.of_panels(connection, scope, caller.api.settings.sync, caller.now)
    return [panel_of(one) for one in found]


def one(connection: Connection, caller: Caller, panel_id: int) -> Panel:
    """Raises Missing for one that went meanwhile."""
    for found in standing(connection, caller, [panel_id]):
        return found
    raise Missing("panel")


def key(panel: Panel) -> tuple[str, ...]:
    return (panel.name,)
