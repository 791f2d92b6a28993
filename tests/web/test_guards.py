"""That what changes something was meant, and that rights are looked at anew with each request; who gets what is in test_matrix."""

import pytest
from litestar import Litestar, get
from sqlalchemy import select

from hyperpanel.app import create_app
from hyperpanel.config import Settings, Web
from hyperpanel.db.engine import Database, address
from hyperpanel.db.schema import audit, pauses, staff, staff_panels
from hyperpanel.errors import BadSettings
from hyperpanel.web.guards import permitted, require_permissions
from tests.support.staged import order


@pytest.mark.parametrize("query", ["panel=us-2", "panel=eu-1&panel=us-2", "panel=eu-1&number=2000&panel=us-2"])
async def test_naming_a_foreign_panel_never_widens(staged, ben, query):
    await staged.keep(order("2000", "us-2"))
    assert "2000</a>" not in (await ben.get(f"/orders?{query}")).text


async def test_rights_that_are_taken_away_are_gone_with_the_next_request(staged, ben):
    assert (await ben.get("/orders?panel=eu-1")).status_code == 200
    async with staged.database.write() as connection:
        await connection.execute(staff_panels.delete())
    assert (await ben.get("/orders?panel=eu-1")).status_code == 404


async def test_a_refusal_is_in_the_audit(staged, ben):
    assert (await ben.post("/settings/sync/eu-1/orders/run")).status_code == 403
    [row] = await staged.rows(select(audit).where(audit.c.action == "refused"))
    assert (row.actor, row.target) == ("ben", "/settings/sync/eu-1/orders/run")


async def refused(staged) -> list[tuple[str, str, str]]:
    asked = select(audit.c.actor, audit.c.target, audit.c.details).where(audit.c.action == "refused")
    return [tuple(row) for row in await staged.rows(asked.order_by(audit.c.id))]


async def test_a_wrong_token_is_in_the_audit(staged, ben):
    await ben.post("/preferences", headers={"x-csrf": "wrong"})
    assert await refused(staged) == [("ben", "/preferences", '{"why":"a form that is not of this session"}')]


async def test_a_wrong_token_of_nobody_is_there_once(staged):
    for _ in range(3):
        await staged.browser().post("/sign-in", data={"username": "ben"})
    assert [row[:2] for row in await refused(staged)] == [("", "/sign-in")]


async def test_what_another_site_sent_is_in_the_audit_of_whoever_is_signed_in_and_never_with_a_link(staged, ben):
    for browser in (ben, staged.browser()):
        for path in ("/preferences", "/invites/canary"):
            await browser.post(path, headers={"sec-fetch-site": "cross-site"})
    why = '{"why":"sent by another site"}'
    assert await refused(staged) == [("ben", "/preferences", why), ("ben", "/invites/…", why)]


@pytest.mark.parametrize(
    ("path", "data", "told"),
    [
        ("1/disable", {}, '{"why":"not within the rules for staff"}'),
        ("1/name", {"panel": "eu-1", "name": "a"}, None),
        ("99/link", {}, '{"why":"not within the rules for staff"}'),
    ],
)
async def test_what_the_rules_for_staff_refuse_is_in_the_audit(staged, ana, path, data, told):
    await ana.post(f"/settings/staff/{path}", data=data)
    assert await refused(staged) == ([("ana", f"/settings/staff/{path}", told)] if told else [])


async def test_a_route_without_a_permission_keeps_the_app_from_starting():
    @get("/open", sync_to_thread=False)
    def forgotten() -> str:
        return "open"

    with pytest.raises(LookupError, match="/open"):
        require_permissions(Litestar([forgotten], guards=[permitted], openapi_config=None, logging_config=None))


STRANGERS = {
    "another site": {"sec-fetch-site": "cross-site"},
    "a sibling": {"sec-fetch-site": "same-site"},
    "another origin": {"sec-fetch-site": None, "origin": "https://evil.example"},
    "a null origin": {"sec-fetch-site": None, "origin": "null"},
    "no word of where": {"sec-fetch-site": None},
    "text": {"sec-fetch-site": "cross-site", "content-type": "text/plain"},
}


@pytest.mark.parametrize("headers", STRANGERS.values(), ids=STRANGERS)
@pytest.mark.parametrize("path", ["/preferences", "/sign-out", "/sign-in"])
async def test_what_another_site_sent_is_refused(staged, headers, path):
    ana = await staged.signed_in("ana")
    ana.headers.pop("sec-fetch-site")
    answer = await ana.post(
        path, data={"theme": "dark"}, headers={name: value for name, value in headers.items() if value is not None}
    )
    assert answer.status_code == 403
    assert await staged.rows(select(staff.c.theme).where(staff.c.theme == "dark")) == []


async def test_a_matching_origin_will_do_for_older_browsers(staged, ana):
    ana.headers.pop("sec-fetch-site")
    answer = await ana.post("/preferences", data={"theme": "dark"}, headers={"origin": staged.address})
    assert answer.status_code == 303


@pytest.mark.parametrize("token", ["", "wrong"])
async def test_the_sessions_own_token_is_needed_too(staged, ana, token):
    ana.headers.pop("x-csrf")
    assert (await ana.post("/preferences", data={"theme": "dark", "csrf": token})).status_code == 403
    assert (await ana.put("/settings/sync/eu-1/orders/pause", headers={"x-csrf": token})).status_code == 403
    assert await staged.rows(select(staff.c.theme).where(staff.c.theme == "dark")) == []


async def test_another_persons_token_does_not_serve(staged, ana, ben):
    assert (await ana.post("/preferences", headers={"x-csrf": ben.headers["x-csrf"]})).status_code == 403


async def test_a_method_is_not_overridden_by_a_header(staged, ana):
    await ana.get("/settings/sync/eu-1/orders/pause", headers={"x-http-method-override": "PUT"})
    assert await staged.rows(select(pauses.c.id).execution_options(scoped=True)) == []
    assert (await ana.put("/settings/sync/eu-1/orders/pause")).status_code == 303
    for method in (ana.get, ana.post):
        await method("/settings/sync/eu-1/orders/pause?_method=DELETE", headers={"x-http-method-override": "DELETE"})
    [row] = await staged.rows(select(pauses.c.ended_at).execution_options(scoped=True))
    assert row.ended_at is None


async def test_an_application_whose_settings_would_send_passwords_in_the_clear_does_not_start(tmp_path):
    database = Database(address("sqlite:///x.db", tmp_path))
    with pytest.raises(BadSettings, match="plain_http"):
        create_app(Settings(web=Web(plain_http=True, host="0.0.0.0")), database)
    await database.close()
