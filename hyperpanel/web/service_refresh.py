"""Reading catalogues again at once: those of the chosen panels that have the key and are not paused, and what becomes of the others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from litestar import Response, post
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import audit, feeds, panels, services
from hyperpanel.db.panels import Panel
from hyperpanel.web.addresses import address, came_from
from hyperpanel.web.panel_choice import CHOICE, chosen
from hyperpanel.web.render import see_other
from hyperpanel.web.service_keys import together
from hyperpanel.web.services import HERE, standing
from hyperpanel.web.visits import Visit, visit_of


@dataclass(frozen=True)
class Aimed:
    """`paused`: those that have the key and are not read. `works`: whether anything is running that reads."""

    panels: Sequence[Panel]
    paused: Sequence[Panel]
    works: bool


@post(HERE + "/refresh", opt={"permission": "sync:control"}, status_code=200)
async def refresh(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    aimed = await visit.read(lambda connection: aim(connection, visit))
    async with visit.write() as transaction:
        for panel in aimed.panels:
            await panels.run_now(transaction, panel.id, "services", visit.now)
            await audit.write(transaction, visit.act("feed-run", f"{panel.name}/services", panel.id), visit.now)
    return await answer(request, said(visit, aimed))


def aim(connection: Connection, visit: Visit) -> Aimed:
    some = chosen(visit, panels.all_of(connection, visit.scope))
    scope = visit.scope.narrowed(panel.id for panel in some)
    keyed = services.keyed(connection, scope)
    told = feeds.all_of(connection, scope, visit.now, "services")
    stopped = {feed.panel_id: feed.pause is not None for feed in told if feed.panel_id in keyed}
    alive = any(worker.expires_at > visit.now for worker in feeds.workers(connection))
    return Aimed(
        panels=[panel for panel in some if stopped.get(panel.id) is False],
        paused=[panel for panel in some if stopped.get(panel.id)],
        works=alive,
    )


def said(visit: Visit, aimed: Aimed) -> str:
    found = []
    if aimed.panels:
        found.append(
            visit.count(
                "The catalogue of %(panels)s is read now; what changed appears here by itself.",
                "The catalogues of %(panels)s are read now; what changed appears here by itself.",
                len(aimed.panels),
                panels=together(visit, aimed.panels),
            )
            if aimed.works
            else visit.say("It is read as soon as a worker runs: none does now.")
        )
    if aimed.paused:
        found.append(visit.say("Paused, so not read: %(panels)s.", panels=together(visit, aimed.paused)))
    return " ".join(found) or visit.say("No chosen panel has a services key.")


async def answer(request: HTMXRequest, told: str) -> Response[str]:
    """The rows as they are now, on the page where the button was pressed; without htmx, that page."""
    visit, page = visit_of(request), address(came_from(request) or HERE)
    if not request.htmx or page.path != HERE:
        return see_other(str(visit.url.only(CHOICE, HERE)))
    request.scope["state"]["visit"] = replace(visit, url=page)
    return await standing(request, told)
