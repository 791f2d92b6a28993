"""What a person does with profiles: adds, changes and deletes them. Each is in the audit."""

from collections.abc import Mapping, Sequence

from litestar import Response, post
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import audit, panels
from hyperpanel.db import profiles as kept
from hyperpanel.db.profiles import Kept, NameTaken
from hyperpanel.errors import BadInput, Missing
from hyperpanel.support import profile_forms, profiles
from hyperpanel.support.profiles import Pick, Profile
from hyperpanel.web import profile_fields
from hyperpanel.web.languages import N_
from hyperpanel.web.profile_fields import Sent, picker
from hyperpanel.web.profiles import HERE, New, edit_page, editing, list_href, new_page, one
from hyperpanel.web.render import see_other
from hyperpanel.web.visits import Visit, visit_of

TAKEN = N_("A profile of this name is there already. Choose another name.")
Errors = Mapping[str, BadInput]


@post(HERE + "/new", opt={"permission": "profiles:edit"}, status_code=303)
async def create(request: HTMXRequest) -> Response[str]:
    visit, given = visit_of(request), await profile_fields.sent(request)
    picked = await visit.read(lambda connection: picks(connection, visit, given))
    judged = profile_forms.judge(given.kind, given.typed, picked)
    if judged.settings is None:
        return await again(request, visit, given, picked, judged.errors)
    by = visit.person.username if visit.person else ""
    try:
        async with visit.write() as transaction:
            settings = profiles.written(judged.settings)
            await kept.add(transaction, given.kind, judged.name, settings, by, visit.now)
            await audit.write(transaction, visit.act("profile-add", judged.name, kind=given.kind), visit.now)
    except NameTaken:
        return await again(request, visit, given, picked, {"name": BadInput(TAKEN, "name")})
    return back(given.kind, "added")


def picks(connection: Connection, visit: Visit, given: Sent) -> list[Pick]:
    return profile_fields.picks_of(given.picked, panels.all_of(connection, visit.scope))


def back(kind: str, done: str) -> Response[str]:
    return see_other(f"{list_href(kind)}&done={done}")


async def again(
    request: HTMXRequest, visit: Visit, given: Sent, picked: Sequence[Pick], errors: Errors
) -> Response[str]:
    """The form as it was typed, with what is wrong beside each field."""
    form = profile_fields.form(visit, given.kind, given.typed, errors)
    wrong = form.errors.get("picked", "")
    chooser = await visit.read(lambda found: picker(found, visit, given.kind, picked, given.q, wrong))
    return new_page(request, visit, New(form, chooser, list_href(given.kind)), 422)


@post(HERE + "/{profile:str}", opt={"permission": "profiles:edit"}, status_code=303)
async def update(request: HTMXRequest, profile: FromPath[str]) -> Response[str]:
    """What is picked on panels that this person does not see is read again within the transaction, and stays."""
    visit, given = visit_of(request), await profile_fields.sent(request)
    found, picked = await visit.read(
        lambda connection: (one(connection, visit.scope, profile), picks(connection, visit, given))
    )
    judged = profile_forms.judge(found.kind, given.typed, picked)
    if judged.settings is None:
        return await edited_again(request, visit, found, given, picked, judged.errors)
    try:
        async with visit.write() as transaction:
            before = await reached(transaction, visit, profile)
            whole = profiles.profile(before).settings.repicked(visit.scope, judged.settings.picked)
            settings = profiles.written(profile_forms.picking(judged.settings, whole))
            await kept.change(transaction, profile, judged.name, settings)
            told = visit.act("profile-edit", judged.name, kind=found.kind, was=before.name)
            await audit.write(transaction, told, visit.now)
    except NameTaken:
        taken = {"name": BadInput(TAKEN, "name")}
        return await edited_again(request, visit, found, given, picked, taken)
    return back(found.kind, "saved")


async def reached(transaction: AsyncConnection, visit: Visit, profile_id: str) -> Kept:
    """Raises Missing for one that is gone, or by now about panels alone that this person does not see."""
    found = await kept.held(transaction, profile_id)
    if found is None or profiles.profile(found).settings.is_hidden(visit.scope):
        raise Missing("profile")
    return found


async def edited_again(
    request: HTMXRequest, visit: Visit, found: Profile, given: Sent, picked: Sequence[Pick], errors: Errors
) -> Response[str]:
    form = profile_fields.form(visit, found.kind, given.typed, errors)
    wrong = form.errors.get("picked", "")
    chooser = await visit.read(lambda reading: picker(reading, visit, found.kind, picked, given.q, wrong))
    return edit_page(request, visit, editing(visit, found, form, chooser), 422)


@post(HERE + "/{profile:str}/remove", opt={"permission": "profiles:edit"}, status_code=303)
async def remove(request: HTMXRequest, profile: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    async with visit.write() as transaction:
        found = await reached(transaction, visit, profile)
        await kept.remove(transaction, profile)
        told = visit.act("profile-remove", found.name, kind=found.kind, settings=found.settings)
        await audit.write(transaction, told, visit.now)
    return back(found.kind, "deleted")
