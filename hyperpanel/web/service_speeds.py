"""The minimum speed of a service as a person sets it, in place of what its name says; and giving it back to the name. In the audit."""

import re
from typing import Any

from litestar import Response, post
from litestar.params import FromPath
from litestar_htmx import HTMXRequest

from hyperpanel.db import audit, changes, service_speeds
from hyperpanel.db.service_speeds import Speed
from hyperpanel.errors import BadInput
from hyperpanel.support import service_explaining
from hyperpanel.web.forms import fields
from hyperpanel.web.languages import N_
from hyperpanel.web.list_filters import latin
from hyperpanel.web.panel_fields import sentence
from hyperpanel.web.service_snoozes import ONE, answer, coming
from hyperpanel.web.service_tracking_detail import find
from hyperpanel.web.service_tracking_rows import id_of

FASTEST = 1_000_000_000
EXAMPLE = N_("Write how many it delivers a day, such as 5000.")
WHOLE = re.compile(r"\d{1,12}|[1-9]\d{0,2}(?:([\s.,'’٬])\d{3})(?:\1\d{3}){0,3}")
"""A sign between digits parts thousands where exactly three follow each."""

BROKEN = re.compile(r"\d+(?:[\s.,'’٬٫]\d+)+")
NO_DIGIT = re.compile(r"\D")


@post(ONE + "/speed", opt={"permission": "speeds:set"}, status_code=200)
async def update(request: HTMXRequest, panel: FromPath[str], service_id: FromPath[str]) -> Response[str]:
    """Empty gives it back to the name; nought says that it promises none."""
    given = (await fields(request, "per_day")).get("per_day", "")
    visit, service_id = coming(request), id_of(service_id)
    held = await visit.read(lambda connection: find(connection, visit, panel, service_id))
    try:
        per_day = judged(given)
    except BadInput as problem:
        return await answer(request, panel, service_id, "", sentence(visit, problem))
    service = (held.panel.id, service_id)
    called = await visit.console.database.reader.ask(service_explaining.name, visit.scope, service)
    scope, by = visit.scope, visit.person.username if visit.person else ""
    before: dict[str, Any] = {"was": held.speed.per_day, "set_by": held.speed.by} if held.speed else {}
    target = f"{held.panel.name}/{service_id}"
    async with visit.write() as transaction:
        if per_day is None:
            await service_speeds.remove(transaction, scope, held.panel.id, service_id)
            told = visit.act("speed-clear", target, held.panel.id, **before)
        else:
            speed = Speed(held.panel.id, service_id, per_day or None, called, by, visit.now)
            await service_speeds.put(transaction, scope, speed)
            told = visit.act("speed-set", target, held.panel.id, per_day=per_day, **before)
        await changes.tell(transaction, "services", [service], visit.now)
        await audit.write(transaction, told, visit.now)
    return await answer(request, panel, service_id, visit.say("The speed is saved."))


def judged(text: str) -> int | None:
    """None where nothing was typed. "5.000" is five thousand, and "0.5" or "2,50" nothing that can be kept."""
    plain = latin(text).strip()
    if not plain:
        return None
    if not WHOLE.fullmatch(plain):
        said = N_("Write a whole number, such as 5000 or 5,000.") if BROKEN.fullmatch(plain) else EXAMPLE
        raise BadInput(said, "per_day")
    found = int(NO_DIGIT.sub("", plain))
    if found > FASTEST:
        raise BadInput(EXAMPLE, "per_day")
    return found
