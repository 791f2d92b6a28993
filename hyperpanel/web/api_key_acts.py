"""What is done with keys in Settings → API keys. The rules are in hyperpanel/support/api_keys.py, which commands keep as well."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Response, post
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.errors import BadInput, Missing, Refused
from hyperpanel.support import api_keys as rules
from hyperpanel.support.api_keys import MANAGE, Hand
from hyperpanel.web import refusals
from hyperpanel.web.api_key_fields import changes, judged, sent
from hyperpanel.web.api_key_rows import HERE, href_of
from hyperpanel.web.api_keys import found, new_page, page, panels_of, with_secret
from hyperpanel.web.forms import fields
from hyperpanel.web.render import see_other
from hyperpanel.web.visits import Visit, visit_of

PLACE = HERE + "/{key_id:str}"
RULES = "not within the rules for keys"


@asynccontextmanager
async def acting(visit: Visit) -> AsyncIterator[AsyncConnection]:
    """A transaction in which the rules for keys are asked: what they refuse is told once it is undone."""
    try:
        async with visit.write() as transaction:
            yield transaction
    except Refused:
        await refusals.tell(visit, permission=MANAGE)
        raise
    except (BadInput, Missing):
        await refusals.tell(visit, why=RULES)
        raise


def hand(visit: Visit) -> Hand:
    return Hand(visit.act, visit.person)


@post(HERE + "/new", opt={"permission": MANAGE}, status_code=303)
async def create(request: HTMXRequest) -> Response[str]:
    """The key is in this answer and nowhere else."""
    visit, given = visit_of(request), await sent(request)
    known = await panels_of(visit)
    wanted, errors = judged(visit, given, known)
    if errors:
        return new_page(request, visit, given, known, errors)
    try:
        async with acting(visit) as transaction:
            secret = await rules.make(transaction, hand(visit), wanted, visit.now)
    except BadInput as problem:
        return new_page(request, visit, given, known, {problem.field: problem})
    return await with_secret(request, visit, secret.id, secret.text)


@post(PLACE, opt={"permission": MANAGE}, status_code=303)
async def update(request: HTMXRequest, key_id: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    given, values, errors = await changes(request)
    there = await found(visit, key_id)
    if errors:
        return page(request, visit, there, given=given, errors=errors)
    try:
        async with acting(visit) as transaction:
            await rules.change(transaction, hand(visit), key_id, values, visit.now)
    except BadInput as problem:
        return page(request, visit, there, given=given, errors={problem.field: problem})
    return see_other(f"{href_of(key_id)}?done=changed")


@post(PLACE + "/rotate", opt={"permission": MANAGE}, status_code=303)
async def rotate(request: HTMXRequest, key_id: FromPath[str]) -> Response[str]:
    """A second key; it is in this answer and nowhere else."""
    visit = visit_of(request)
    await fields(request)
    try:
        async with acting(visit) as transaction:
            secret = await rules.rotate(transaction, hand(visit), key_id, visit.now)
    except BadInput as problem:
        return page(request, visit, await found(visit, key_id), problem=problem)
    return await with_secret(request, visit, secret.id, secret.text)


@post(PLACE + "/revoke", opt={"permission": MANAGE}, status_code=303)
async def revoke(request: HTMXRequest, key_id: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    await fields(request)
    async with acting(visit) as transaction:
        await rules.revoke(transaction, hand(visit), key_id, visit.now)
    return see_other(f"{href_of(key_id)}?done=revoked")
