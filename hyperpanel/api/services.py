"""The panels' catalogues: services with their rates, and the speed that each promises."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Any, Literal

from litestar import get
from litestar.params import FromPath, QueryParameter
from sqlalchemy import Connection

from hyperpanel.api.callers import Caller, Calling
from hyperpanel.api.listing import Asked, Asking, Page, reply
from hyperpanel.api.mirrored import MOST_IDS, Kind, Question, View, detailed, given, page, view, words
from hyperpanel.api.parameters import Ids, OnePanel
from hyperpanel.api.wording import money, number
from hyperpanel.client.console import Service, ServiceChange, ServiceDetail
from hyperpanel.client.envelopes import Detail, Listed
from hyperpanel.db import descriptions, service_speeds, services
from hyperpanel.db.service_speeds import Speed
from hyperpanel.db.services import Change, Line
from reports import speeds

SORTS = {"id": ("id", False), "name": ("name", False), "rate": ("rate", False), "rate-desc": ("rate", True)}
Part = Annotated[str | None, QueryParameter(max_length=500, description="Contained in it; letters in any case.")]
Types = Annotated[
    str | None, QueryParameter(max_length=1000, description="Types with commas between, as rows have them.")
]
Answer = Annotated[
    Literal["yes", "no"] | None, QueryParameter(description="yes or no; what a panel does not tell is neither.")
]
Sort = Annotated[Literal["id", "name", "rate", "rate-desc"], QueryParameter(description="The order of the rows.")]


def same(_: View, line: Line) -> Line:
    """What else is told of them is looked up for a page at once."""
    return line


KIND: Kind[Line] = Kind("services", services.LISTING, SORTS, same)


@get("/services", name="services.index", opt={"scope": "services:read"})
async def index(
    caller: Calling,
    asked: Asking,
    sort: Sort = "id",
    ids: Ids = None,
    name: Part = None,
    category: Part = None,
    type: Types = None,
    refill: Answer = None,
    cancel: Answer = None,
    described: Answer = None,
) -> Listed[Service]:
    """Services of the catalogues as they were last read."""
    filters = given(
        number=words(ids, "ids", MOST_IDS),
        name=name,
        category=category,
        type=words(type, "type"),
        refill=flag(refill),
        cancel=flag(cancel),
        described=flag(described),
    )
    question = Question(KIND, filters, sort)

    async def fetch(part: Asked) -> Page[Service]:
        return await caller.read(lambda connection: listed(connection, caller, part, question))

    return await reply(asked, fetch)


@get("/services/{service_id:str}", name="services.show", opt={"scope": "services:read"})
async def show(caller: Calling, service_id: FromPath[str], panel: OnePanel = "") -> Detail[ServiceDetail]:
    """One service, with how its name and rate changed, and all of its description."""

    def read(connection: Connection, view: View, panel_id: int) -> ServiceDetail | None:
        return one(connection, caller, view, panel_id, service_id)

    return await detailed(caller, panel, KIND, service_id, read)


def flag(answer: str | None) -> tuple[bool, ...]:
    return () if answer is None else (answer == "yes",)


def listed(connection: Connection, caller: Caller, asked: Asked, question: Question) -> Page[Service]:
    found: Page[Line] = page(connection, caller, asked, question, None)
    seen = view(connection, caller, asked.panel_ids, KIND.stream)
    rows = written(connection, caller, seen, found.rows)
    return Page(rows, found.next_cursor, found.count, found.is_total, found.as_of)


def written(connection: Connection, caller: Caller, seen: View, lines: Sequence[Line]) -> list[Service]:
    speeds_set = service_speeds.some(connection, caller.scope, [(line.panel_id, line.id) for line in lines])
    currencies = {line.id: line.currency for line in caller.panels.values()}
    return [
        Service(**told(line, seen, currencies[line.panel_id], speeds_set.get((line.panel_id, line.id))))
        for line in lines
    ]


def told(line: Line, seen: View, currency: str, speed: Speed | None) -> dict[str, Any]:
    """What a person set goes before what its name says."""
    said = promised(line.name)
    per_day, origin = (speed.per_day, "set") if speed else (said, "none" if said is None else "name")
    return {
        "id": number(line.id),
        "panel": seen.names[line.panel_id],
        "name": line.name,
        "type": line.type,
        "category": line.category,
        "rate": money(line.rate, currency),
        "min": line.min,
        "max": line.max,
        "refill": line.refill,
        "cancel": line.cancel,
        "speed_per_day": per_day,
        "speed_from": origin,
        "description": line.description,
        "as_of": seen.as_of(line.panel_id),
    }


@lru_cache(maxsize=20_000)
def promised(name: str) -> int | None:
    return speeds.promise(name).per_day


def one(connection: Connection, caller: Caller, seen: View, panel_id: int, service_id: str) -> ServiceDetail | None:
    scope = caller.scope
    found = services.one(connection, scope, panel_id, service_id)
    if found is None:
        return None
    currency = next(line.currency for line in caller.panels.values() if line.id == panel_id)
    speed = service_speeds.one(connection, scope, panel_id, service_id)
    written = descriptions.one(connection, scope, panel_id, service_id)
    changed = services.changes(connection, scope, panel_id, service_id)
    values = told(found, seen, currency, speed) | {
        "description": written.body if written else None,
        "as_of": services.as_of(connection, scope, found),
    }
    return ServiceDetail(
        **values,
        changes=[change_of(change, currency) for change in changed],
        first_seen_at=found.first_seen_at,
        gone_at=found.gone_at,
    )


def change_of(change: Change, currency: str) -> ServiceChange:
    return ServiceChange(
        name_was=change.name_was,
        name_now=change.name_now,
        rate_was=money(change.rate_was, currency),
        rate_now=money(change.rate_now, currency),
        not_before=change.not_before,
        not_after=change.not_after,
    )
