"""Settings → Panels → Add a panel: what can be wrong is said beside its field, and what is right is read at once."""

import json

import pytest
from sqlalchemy import select

from hyperpanel.db import panels as stored
from hyperpanel.db.schema import audit, feeds, panel_secrets, panels, plans, staff
from hyperpanel.db.scope import EVERYTHING
from sync.pacing import FIRST_SWEEP
from tests.support.staged import NOON, VAULT

NEW = "/settings/panels/new"
KEY = "planted-key-4711"
GOOD = {
    "name": "de-9",
    "url": "https://de-9.example/",
    "admin_key": KEY,
    "currency": "EUR",
    "time_zone": "Europe/Berlin",
}


def field_error(page: str, name: str) -> str:
    found = page.split(f'id="e-{name}">')
    return found[1].split("</p>")[0] if len(found) > 1 else ""


async def one(staged, name: str) -> stored.Panel:
    found: list[stored.Panel]
    found = await staged.database.read(lambda connection: stored.named(connection, EVERYTHING, [name]))
    return found[0]


async def test_a_panel_is_stored_and_due_at_once(staged, ana):
    answer = await ana.post(NEW, data=GOOD | {"rate": "2,5", "group": "Europe"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings/panels?done=added&of=de-9")
    panel = await one(staged, "de-9")
    assert (panel.url, panel.currency, panel.time_zone) == ("https://de-9.example", "EUR", "Europe/Berlin")
    assert (panel.rate, panel.group_name, panel.private) == (2.5, "Europe", False)
    due = await staged.rows(select(plans).where(plans.c.panel_id == panel.id).execution_options(scoped=True))
    assert {row.due_at for row in due if row.plan != "sweep"} == {NOON}
    assert {row.due_at for row in due if row.plan == "sweep"} == {NOON + FIRST_SWEEP}


@pytest.mark.parametrize(("keys", "reads"), [({}, False), ({"services_key": "second"}, True)])
async def test_the_catalogue_is_read_where_there_is_a_key_for_it(staged, ana, keys, reads):
    await ana.post(NEW, data=GOOD | keys)
    panel = await one(staged, "de-9")
    found = await staged.rows(select(feeds.c.stream).where(feeds.c.panel_id == panel.id).execution_options(scoped=True))
    assert ("services" in {row.stream for row in found}) is reads


async def test_keys_are_sealed_and_in_no_page_and_no_audit(staged, ana):
    await ana.post(NEW, data=GOOD)
    panel = await one(staged, "de-9")
    access = staged.database.read_now(lambda connection: stored.access(connection, VAULT, panel.id))
    sealed = await staged.rows(select(panel_secrets.c.sealed).execution_options(scoped=True))
    [told] = await staged.rows(select(audit))
    assert access.admin_key == KEY
    assert KEY.encode() not in sealed[0].sealed
    assert KEY not in told.details
    assert KEY not in (await ana.get("/settings/panels/de-9")).text


async def test_the_audit_says_what_was_added_and_which_keys(staged, ana):
    await ana.post(NEW, data=GOOD)
    [told] = await staged.rows(select(audit))
    details = json.loads(told.details)
    assert (told.actor, told.action, told.target) == ("ana", "panel-add", "de-9")
    assert (details["url"], details["keys"]) == ("https://de-9.example", ["admin_key"])


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "A panel&#39;s name has 1 to 40 letters"),
        ("name", "NEW", "word of the console"),
        ("name", "EU-1", "A panel of this name is there already."),
        ("url", "de-9.example", "The address has no scheme. Write it as https://de-9.example."),
        ("url", "http://10.0.0.1", "would send the key in the open"),
        ("url", "https://me:secret@de-9.example", "user name or password"),
        ("currency", "euro<b>", "&#39;euro&lt;b&gt;&#39; is no currency"),
        ("time_zone", "../etc/passwd", "is no time zone"),
        ("rate", "99", "between 0.1 and 50"),
        ("rate", "x", "between 0.1 and 50"),
        ("group", "a,b", "A group&#39;s name has"),
        ("kind", "other", "is no kind of panel"),
        ("admin_key", "", "A key is needed here."),
        ("admin_key", "two words", "holds a space"),
        ("services_key", "zwei Wörter", "holds a space"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(staged, ana, field, value, said):
    answer = await ana.post(NEW, data=GOOD | {field: value})
    assert answer.status_code == 422
    assert said in (field_error(answer.text, field) or answer.text)
    assert len(await staged.rows(select(panels.c.id).execution_options(scoped=True))) == 3


async def test_everything_typed_stays_but_the_keys(ana):
    page = (await ana.post(NEW, data=GOOD | {"rate": "99", "private": "yes", "services_key": "second-4711"})).text
    assert 'value="https://de-9.example/"' in page
    assert "checked" in page.split('id="f-private"')[1].split(">")[0]
    assert page.count("Enter it again: a key is never sent back to the page.") == 2
    assert "4711" not in page


async def test_all_that_is_wrong_is_said_at_once_and_the_first_has_the_focus(ana):
    page = (await ana.post(NEW, data={"name": "a,b", "url": "x", "rate": "99"})).text
    assert all(field_error(page, name) for name in ("name", "url", "rate", "admin_key"))
    assert page.count("autofocus") == 1
    assert "autofocus" in page.split('id="f-name"')[1].split(">")[0]


async def test_it_is_said_in_the_persons_language(ana):
    await ana.post("/preferences", data={"language": "tr"})
    page = (await ana.post(NEW, data=GOOD | {"url": "de-9.example", "currency": "euro"})).text
    assert "The address" not in page
    assert "is no currency" not in page
    assert "https://de-9.example" in field_error(page, "url")


async def test_a_private_address_needs_the_mark(staged, ana):
    await ana.post(NEW, data=GOOD | {"url": "http://127.0.0.1:9000/x", "private": "yes"})
    assert (await one(staged, "de-9")).url == "http://127.0.0.1:9000/x"


async def test_a_group_is_spelled_as_it_is_already(staged, ana):
    await staged.change(panels, {"group_name": "Europe"}, id=1)
    await ana.post(NEW, data=GOOD | {"group": "EUROPE"})
    assert (await one(staged, "de-9")).group_name == "Europe"


async def test_whoever_does_not_see_every_panel_sees_the_one_they_added(staged):
    await staged.change(staff, {"role": "admin"}, username="ben")
    ben = await staged.signed_in("ben")
    assert (await ben.post(NEW, data=GOOD)).status_code == 303
    page = (await ben.get("/settings/panels")).text
    assert "de-9" in page
    assert "us-2" not in page


@pytest.mark.parametrize("field", ["colour", "id", "panel_id"])
async def test_a_field_that_no_page_sends_is_refused(ana, field):
    assert (await ana.post(NEW, data=GOOD | {field: "1"})).status_code == 400


@pytest.mark.parametrize("name", ["max", "ben", "vic"])
async def test_only_an_administrator_adds_panels(staged, name):
    person = await staged.signed_in(name)
    assert (await person.post(NEW, data=GOOD)).status_code == 403
    assert (await person.get(NEW)).status_code == 403
