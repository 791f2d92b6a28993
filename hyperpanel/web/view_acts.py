"""What a person does with saved views: saves, changes, renames, shares and deletes their own. Each is in the audit."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from litestar import Response, post
from litestar_htmx import HTMXRequest
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import audit, views
from hyperpanel.db.staff import Person
from hyperpanel.db.views import LONGEST_NAME, MOST, NameTaken, TooMany, View
from hyperpanel.errors import BadInput, Missing
from hyperpanel.web.addresses import Address, address
from hyperpanel.web.errors import SignInFirst
from hyperpanel.web.every_list import LISTS
from hyperpanel.web.forms import fields
from hyperpanel.web.guards import demand
from hyperpanel.web.languages import N_
from hyperpanel.web.list_kinds import ListKind
from hyperpanel.web.render import see_other
from hyperpanel.web.saved import PARAMETER
from hyperpanel.web.view_addresses import Kept, keep
from hyperpanel.web.views import DELETED, FULL_AGAIN, HERE, Draft, page
from hyperpanel.web.visits import Visit, visit_of

SHARE = "views:share"
GONE = N_("This view is no longer there.")
LISTLESS = N_("Save a view from the list that it is of.")
NAMELESS = N_("Give the view a name.")
TOO_LONG = N_("A name has at most {most} characters.")
TAKEN = N_("You have a view of this name on this list already. Choose another name.")
FULL = N_("You have {most} saved views. Delete one before you save another.")


@post(HERE + "/save", opt={"permission": "self"}, status_code=303)
async def create(request: HTMXRequest) -> Response[str]:
    visit, given = visit_of(request), await fields(request, "list", "query", "name", "shared")
    if "list" not in given:
        raise BadInput(LISTLESS, "list")
    noun, shared, query = given.get("list", ""), given.get("shared") == "1", given.get("query", "")
    kind, person = await listed(visit, noun, query), who(visit)
    if shared:
        await demand(visit, SHARE)
    try:
        name = named(given.get("name", ""))
        kept = await visit.read(lambda connection: keep(connection, visit, kind, query))
        async with visit.write() as transaction:
            made = await views.add(transaction, person.id, noun, name, kept.query, shared, visit.now)
            after = {"query": kept.query, "shared": shared}
            await audit.write(transaction, visit.act("view-save", name, list=noun, after=after), visit.now)
    except (BadInput, NameTaken, TooMany) as problem:
        draft = Draft(given.get("name", "")[:LONGEST_NAME], said(problem), noun, query, shared)
        return page(request, visit, draft=draft)
    return to(kind, kept, made)


async def listed(visit: Visit, noun: str, query: str) -> ListKind:
    """The list, for who may read it so."""
    kind = LISTS.get(noun)
    if kind is None:
        raise Missing("list")
    await demand(visit, kind.permission)
    for name, permission in kind.guarded.items():
        if any(pair[0] == name for pair in asked(kind, query).pairs):
            await demand(visit, permission)
    return kind


def asked(kind: ListKind, query: str) -> Address:
    return address(f"{kind.path}?{query}")


def who(visit: Visit) -> Person:
    if visit.person is None:
        raise SignInFirst
    return visit.person


def named(text: str) -> str:
    """Raises BadInput."""
    name = " ".join(text.split())
    if not name:
        raise BadInput(NAMELESS, "name")
    if len(name) > LONGEST_NAME:
        raise BadInput(TOO_LONG, "name", most=LONGEST_NAME)
    return name


def said(problem: Exception) -> BadInput:
    if isinstance(problem, BadInput):
        return problem
    return BadInput(FULL, "name", most=MOST) if isinstance(problem, TooMany) else BadInput(TAKEN, "name")


def to(kind: ListKind, kept: Kept, view_id: int) -> Response[str]:
    return see_other(str(Address(kind.path, (*kept.pairs, (PARAMETER, str(view_id))))))


@post(HERE + "/update", opt={"permission": "self"}, status_code=303)
async def update(request: HTMXRequest) -> Response[str]:
    """What the address of its list says now takes the place of what it said."""
    visit, given = visit_of(request), await fields(request, "view", "query")
    query, wanted = given.get("query", ""), number(given)
    noun = (await rewritten(visit, wanted)).noun
    kind = await listed(visit, noun, query)
    kept = await visit.read(lambda connection: keep(connection, visit, kind, query))
    await change(visit, wanted, "view-update", query=kept.query)
    return to(kind, kept, wanted)


def number(given: Mapping[str, str]) -> int:
    """Raises BadInput, and Missing for what is none of ours."""
    text = given.get("view", "")
    if not text:
        raise BadInput(GONE, "view")
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise Missing("view")
    return int(text)


async def rewritten(visit: Visit, wanted: int) -> View:
    """One of this person's own; what all staff have is only for those who may share."""
    async with visit.write() as transaction:
        found = await views.held(transaction, who(visit).id, wanted)
    if found.shared:
        await demand(visit, SHARE)
    return found


async def change(visit: Visit, wanted: int, action: str, **values: Any) -> View:
    """One of this person's own."""
    person = who(visit)
    async with visit.write() as transaction:
        found = await views.held(transaction, person.id, wanted)
        if "name" in values:
            await views.forget(transaction, person.id, found.noun, values["name"], visit.now)
        await views.change(transaction, wanted, visit.now, **values)
        before = {name: value for name, value in asdict(found).items() if name in values}
        await tell(transaction, visit, action, found, before=before, after=values)
    return found


async def tell(transaction: AsyncConnection, visit: Visit, action: str, view: View, **details: Any) -> None:
    await audit.write(transaction, visit.act(action, view.name, list=view.noun, **details), visit.now)


@post(HERE + "/rename", opt={"permission": "self"}, status_code=303)
async def rename(request: HTMXRequest) -> Response[str]:
    visit, given = visit_of(request), await fields(request, "view", "name")
    wanted, typed = number(given), given.get("name", "")
    await rewritten(visit, wanted)
    try:
        await change(visit, wanted, "view-rename", name=named(typed))
    except (BadInput, NameTaken) as problem:
        return page(request, visit, draft=Draft(typed[:LONGEST_NAME], said(problem), view_id=wanted))
    return see_other(f"{HERE}?done=renamed")


@post(HERE + "/share", opt={"permission": SHARE}, status_code=303)
async def share(request: HTMXRequest) -> Response[str]:
    visit, given = visit_of(request), await fields(request, "view")
    await change(visit, number(given), "view-share", shared=True)
    return see_other(f"{HERE}?done=shared")


@post(HERE + "/unshare", opt={"permission": "self"}, status_code=303)
async def unshare(request: HTMXRequest) -> Response[str]:
    visit, given = visit_of(request), await fields(request, "view")
    await change(visit, number(given), "view-unshare", shared=False)
    return see_other(f"{HERE}?done=private")


@post(HERE + "/delete", opt={"permission": "self"}, status_code=303)
async def remove(request: HTMXRequest) -> Response[str]:
    visit, given = visit_of(request), await fields(request, "view")
    wanted = number(given)
    async with visit.write() as transaction:
        found = await views.held(transaction, who(visit).id, wanted)
        await views.remove(transaction, wanted, visit.now)
        before = {"query": found.query, "shared": found.shared}
        await tell(transaction, visit, "view-delete", found, before=before)
    return see_other(f"{HERE}?done={DELETED}&was={wanted}")


@post(HERE + "/restore", opt={"permission": "self"}, status_code=303)
async def restore(request: HTMXRequest) -> Response[str]:
    visit, given = visit_of(request), await fields(request, "view")
    wanted, person = number(given), who(visit)
    gone = await visit.read(lambda connection: views.deleted(connection, person.id, wanted))
    if gone and gone.shared:
        await demand(visit, SHARE)
    try:
        async with visit.write() as transaction:
            await views.restore(transaction, person.id, wanted)
            await tell(transaction, visit, "view-restore", await views.held(transaction, person.id, wanted))
    except TooMany:
        return see_other(f"{HERE}?done={FULL_AGAIN}&was={wanted}")
    return see_other(f"{HERE}?done=restored")
