"""The minimum speed of a service as a person sets it, in place of what its name says; and giving it back to the name. In the audit."""

from typing import Any

from litestar import Response, post
from litestar.params import FromPath
from litestar_htmx import HTMXRequest

from hyperpanel.db import audit, service_speeds
from hyperpanel.db.service_speeds import Speed
from hyperpanel.errors import BadInput
from hyperpanel.support import service_explaining
from hyperpanel.web.forms import fields
from hyperpanel.web.languages import N_
from hyperpanel.web.list_filters import latin
from hyperpanel.web.panel_fields import sentence
from hyperpanel.web.service_snoozes import ONE, answer, coming
from hyperpanel.web.service_tracking_detail import find
from hyperpanel.web.service_tracking_found import now

FASTEST = 1_000_000_000


@post(ONE + "/speed", opt={"permission": "speeds:set"}, status_code=200)
async def update(request: HTMXRequest, panel: FromPath[str], service_id: FromPath[str]) -> Response[str]:
    """Empty gives it back to the name; nought says that it promises none."""
    given = (await fields(request, "per_day")).get("per_day", "")
    visit = coming(request)
    held = await visit.read(lambda connection: find(connection, visit, panel, service_id))
    try:
        per_day = judged(given)
    except BadInput as problem:
        return await answer(request, panel, service_id, "", sentence(visit, problem))
    wanted = now(visit, held.found)
    found = await visit.console.database.reader.ask(service_explaining.one, wanted, held.panel.id, service_id)
    scope, by = visit.scope, visit.person.username if visit.person else ""
    before: dict[str, Any] = {"was": held.speed.per_day, "set_by": held.speed.by} if held.speed else {}
    target = f"{held.panel.name}/{service_id}"
    async with visit.write() as transaction:
        if per_day is None:
            await service_speeds.remove(transaction, scope, held.panel.id, service_id)
            told = visit.act("speed-clear", target, held.panel.id, **before)
        else:
            speed = Speed(held.panel.id, service_id, per_day or None, found.row.name, by, visit.now)
            await service_speeds.put(transaction, scope, speed)
            told = visit.act("speed-set", target, held.panel.id, per_day=per_day, **before)
        await audit.write(transaction, told, visit.now)
    return await answer(request, panel, service_id, visit.say("The speed is saved."))


def judged(text: str) -> int | None:
    """None where nothing was typed."""
    plain = "".join(sign for sign in latin(text) if sign not in " .,'\u00a0\u202f")
    if not plain:
        return None
    if not plain.isdecimal() or len(plain) > 12 or int(plain) > FASTEST:
        raise BadInput(N_("Write how many it delivers a day, such as 5000."), "per_day")
    return int(plain)
