"""What a person does with their own notes: writes, changes, deletes and brings back. The audit holds that it was done, never what a note says
nor which row it is about.

A form comes whole, with its files' encoding: letters outside of Latin would grow sixfold otherwise, and a note be refused for it. Whatever is
wrong with a note, it comes back as it was typed.
"""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from litestar import Response, post
from litestar_htmx import HTMXRequest

from hyperpanel.db import audit, notes
from hyperpanel.web.forms import fields
from hyperpanel.web.languages import N_
from hyperpanel.web.markdown_texts import LONGEST, MOST_SENT, tidy
from hyperpanel.web.numbered import moment, number, whose
from hyperpanel.web.personal import Form, beside, edit_page, editing, listing
from hyperpanel.web.personal_rows import ABOUT, HERE, Subject, reached, subject_of
from hyperpanel.web.render import see_other
from hyperpanel.web.visits import Visit, visit_of

PART = "notes"
CHANGED = N_("This note was changed elsewhere after you opened it. Saving replaces what it says there now:")
GONE = N_("This note was deleted elsewhere after you opened it. Saving brings it back. It said:")


def wrong(visit: Visit, body: str) -> str:
    if not body:
        return visit.say("Write something first.")
    if len(body) <= LONGEST:
        return ""
    most, given = visit.fmt.number(LONGEST), visit.fmt.number(len(body))
    return visit.say("At most %(most)s characters; these are %(given)s.", most=most, given=given)


def is_part(request: HTMXRequest) -> bool:
    """Whether the part beside a row is to be answered with."""
    return bool(request.htmx) and request.htmx.target == PART


@post(HERE, opt={"permission": "self"}, status_code=303, request_max_body_size=MOST_SENT)
async def create(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    given = await fields(request, "body", *ABOUT)
    typed, row = given.get("body", ""), {name: given.get(name, "") for name in ABOUT}
    is_alone = not any(row.values())
    if problem := wrong(visit, tidy(typed)):
        form = Form(typed, problem)
        return await (listing(request, form, 422) if is_alone else beside(request, row, form, {}, 422))
    about, subject = (None, None) if is_alone else await visit.read(lambda found: reached(found, visit, row))
    async with visit.write() as transaction:
        await notes.add(transaction, whose(visit), about, tidy(typed), visit.now)
        await audit.write(transaction, visit.act("note-add"), visit.now)
    return await answer(request, subject, {"done": "added"})


async def answer(request: HTMXRequest, subject: Subject | None, done: Mapping[str, str]) -> Response[str]:
    """The notes beside their row, as they are now; without htmx the page where that is told."""
    if subject is None:
        return see_other(f"{HERE}?{urlencode(done)}")
    if is_part(request):
        return await beside(request, subject.keys, Form(), done)
    return see_other(f"{subject.part_href}&{urlencode(done)}")


@post(HERE + "/edit", opt={"permission": "self"}, status_code=303, request_max_body_size=MOST_SENT)
async def update(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    given = await fields(request, "note", "seen", "body", "from")
    note_id, seen, typed = number(given.get("note")), moment(given.get("seen", "")), given.get("body", "")
    is_from_row = given.get("from") == "row"
    problem = wrong(visit, tidy(typed))
    view = await visit.read(lambda found: editing(found, visit, note_id, is_from_row, Form(typed, problem)))
    if problem:
        return edit_page(request, visit, replace(view, seen=given["seen"]), 422)
    async with visit.write() as transaction:
        is_saved = await notes.change(transaction, whose(visit), note_id, tidy(typed), seen, visit.now)
        if is_saved:
            await audit.write(transaction, visit.act("note-edit"), visit.now)
    if not is_saved:
        return await clashing(request, visit, note_id, is_from_row, typed)
    return see_other(view.back_href if view.back_href != HERE else f"{HERE}?done=saved")


async def clashing(request: HTMXRequest, visit: Visit, note_id: int, is_from_row: bool, typed: str) -> Response[str]:
    """Both texts: the one that was typed, to go on with, and the one that is there now."""
    view = await visit.read(lambda found: editing(found, visit, note_id, is_from_row, Form(typed)))
    told = GONE if view.is_deleted else CHANGED
    return edit_page(request, visit, replace(view, clash=visit.say(told)), 409)


@post(HERE + "/delete", opt={"permission": "self"}, status_code=303)
async def remove(request: HTMXRequest) -> Response[str]:
    """One that is deleted already stays so, and can be brought back all the same."""
    visit, note_id, subject = await mine(request)
    async with visit.write() as transaction:
        if await notes.remove(transaction, whose(visit), note_id, visit.now):
            await audit.write(transaction, visit.act("note-delete"), visit.now)
    return await answer(request, subject, {"deleted": str(note_id)})


@post(HERE + "/restore", opt={"permission": "self"}, status_code=303)
async def restore(request: HTMXRequest) -> Response[str]:
    visit, note_id, subject = await mine(request)
    async with visit.write() as transaction:
        if await notes.restore(transaction, whose(visit), note_id):
            await audit.write(transaction, visit.act("note-restore"), visit.now)
    return await answer(request, subject, {"done": "restored"})


async def mine(request: HTMXRequest) -> tuple[Visit, int, Subject | None]:
    """The note that the form names, and the row whose notes it was among, if it was not in the list. Raises Missing for what is not this
    person's."""
    visit = visit_of(request)
    given = await fields(request, "note", "from")
    note_id = number(given.get("note"))
    subject = await visit.read(lambda found: subject_of(found, visit, note_id))
    return visit, note_id, subject if given.get("from") == "row" else None
