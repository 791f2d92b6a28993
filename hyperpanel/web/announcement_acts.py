"""What is done with announcements: written, changed, ended, taken up again, and read. Each is in the audit.

Two who edit the same one: the second is told, with both texts, as with notes (personal_acts.py).
"""

from dataclasses import asdict
from datetime import datetime

from litestar import Response, post
from litestar_htmx import HTMXRequest

from hyperpanel.db import announcements, audit
from hyperpanel.db.announcements import Announcement, Text
from hyperpanel.web.addresses import local
from hyperpanel.web.announcement_forms import FIELDS, Form, Typed, form, judged
from hyperpanel.web.announcement_lines import HERE
from hyperpanel.web.announcements import edit_page, editing, new_page, one
from hyperpanel.web.forms import fields
from hyperpanel.web.languages import N_
from hyperpanel.web.markdown_texts import MOST_SENT
from hyperpanel.web.numbered import moment, number, whose
from hyperpanel.web.render import see_other
from hyperpanel.web.visits import Visit, visit_of

NOTED = 500
CHANGED = N_("This announcement was changed or ended after you opened it. Saving replaces what it says now:")


def by(visit: Visit) -> str:
    return visit.person.username if visit.person else ""


@post(HERE + "/new", opt={"permission": "announcements:edit"}, status_code=303, request_max_body_size=MOST_SENT)
async def create(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    given = Typed(**{**asdict(Typed()), **await fields(request, *FIELDS)})
    text, wrong = judged(visit, given)
    if wrong:
        return new_page(request, visit, form(visit, given, wrong), 422)
    async with visit.write() as transaction:
        await announcements.add(transaction, text, by(visit), visit.now)
        await audit.write(transaction, visit.act("announcement-add", text.title, tone=text.tone), visit.now)
    return see_other(f"{HERE}?done=added")


@post(HERE + "/edit", opt={"permission": "announcements:edit"}, status_code=303, request_max_body_size=MOST_SENT)
async def update(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    sent = dict(await fields(request, "announcement", "seen", *FIELDS))
    wanted, seen = number(sent.pop("announcement", "")), moment(sent.pop("seen", ""))
    given = Typed(**{**asdict(Typed()), **sent})
    text, wrong = judged(visit, given)
    found = await visit.read(lambda connection: one(connection, wanted))
    typed = form(visit, given, wrong)
    if wrong:
        return edit_page(request, visit, editing(found, typed, seen=seen), 422)
    if not await changed(visit, found, text, given, seen):
        return await clashing(request, visit, wanted, typed)
    return see_other(f"{HERE}?done=saved")


async def changed(visit: Visit, found: Announcement, text: Text, given: Typed, seen: datetime) -> bool:
    before, after = (Text(found.title, found.body, found.tone, found.until), text)
    async with visit.write() as transaction:
        if not await announcements.change(transaction, found.id, text, seen, by(visit), visit.now):
            return False
        if given.again:
            await announcements.tell_again(transaction, found.id)
        told = visit.act("announcement-edit", text.title, before=worded(before), after=worded(after))
        await audit.write(transaction, told, visit.now)
    return True


def worded(text: Text) -> dict[str, str]:
    """A long text by its beginning."""
    until = text.until.isoformat() if text.until else ""
    return {"title": text.title, "body": text.body[:NOTED], "tone": text.tone, "until": until}


async def clashing(request: HTMXRequest, visit: Visit, announcement_id: int, typed: Form) -> Response[str]:
    found = await visit.read(lambda connection: one(connection, announcement_id))
    return edit_page(request, visit, editing(found, typed, visit.say(CHANGED)), 409)


@post(HERE + "/end", opt={"permission": "announcements:edit"}, status_code=303)
async def end(request: HTMXRequest) -> Response[str]:
    visit, found = await named(request)
    async with visit.write() as transaction:
        if await announcements.end(transaction, found.id, by(visit), visit.now):
            await audit.write(transaction, visit.act("announcement-end", found.title), visit.now)
    return see_other(f"{HERE}?ended={found.id}")


@post(HERE + "/resume", opt={"permission": "announcements:edit"}, status_code=303)
async def resume(request: HTMXRequest) -> Response[str]:
    visit, found = await named(request)
    async with visit.write() as transaction:
        if await announcements.resume(transaction, found.id):
            await audit.write(transaction, visit.act("announcement-resume", found.title), visit.now)
    is_over = found.until is not None and found.until <= visit.now
    return see_other(f"{HERE}?done={'over' if is_over else 'resumed'}")


@post(HERE + "/read", opt={"permission": "self"}, status_code=303)
async def read(request: HTMXRequest) -> Response[str]:
    """Back to where the button was."""
    visit, found = await named(request)
    async with visit.write() as transaction:
        if await announcements.read(transaction, found.id, whose(visit), visit.now):
            await audit.write(transaction, visit.act("announcement-read", found.title), visit.now)
    sent = await fields(request, "announcement", "next")
    return see_other(local(sent.get("next", "")))


async def named(request: HTMXRequest) -> tuple[Visit, Announcement]:
    """The one that the form names. Raises Missing."""
    visit = visit_of(request)
    wanted = number((await fields(request, "announcement", "next")).get("announcement"))
    return visit, await visit.read(lambda connection: one(connection, wanted))
