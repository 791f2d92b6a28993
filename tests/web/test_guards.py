"""Who may do what, for every route there is; and that what changes something was meant."""

import itertools

import pytest
from litestar import Litestar, get
from litestar.routes import HTTPRoute
from sqlalchemy import select

from hyperpanel.app import create_app
from hyperpanel.config import Settings, Web
from hyperpanel.db.engine import Database, address
from hyperpanel.db.schema import audit, panels, pauses, staff, staff_panels
from hyperpanel.errors import BadSettings
from hyperpanel.support.roles import ROLES
from hyperpanel.web.guards import PUBLIC, permitted, require_permissions
from tests.support.staged import PEOPLE, order

ALL_OF = ["anon", "ana", "max", "ben", "vic", "nia", "cy"]
VALUES = {
    "panel": ["eu-1", "us-2", "no-such"],
    "stream": ["orders"],
    "order_id": ["1000", "404"],
    "path": ["app.css"],
    "hold": ["404"],
    "decision": ["accept"],
}
NAMED_BY_ITS_QUERY = "/settings/set-aside/record"


def routes(app: Litestar) -> list[tuple[str, str, str]]:
    """Method, path and permission of every route."""
    found: list[tuple[str, str, str]] = []
    for route in app.routes:
        assert isinstance(route, HTTPRoute)
        for handler in route.route_handlers:
            found += [
                (method, route.path_format, handler.opt["permission"])
                for method in sorted(handler.http_methods - {"OPTIONS"})
            ]
    return found


def addresses(path: str) -> list[str]:
    """With every value that its parameters are tried with."""
    names = [name for name in VALUES if "{" + name in path]
    return [
        path.replace("{path}", "app.css").format(**dict(zip(names, values, strict=True)))
        for values in itertools.product(*(VALUES[name] for name in names))
    ]


def allowed(name: str, permission: str, path: str) -> bool:
    if permission == PUBLIC:
        return True
    role, panels = PEOPLE[name] if name in PEOPLE and name != "cy" else ("", [])
    sees = panels is None or ("us-2" not in path and (1 in panels or "eu-1" not in path))
    missing = "no-such" in path or "404" in path or path == NAMED_BY_ITS_QUERY
    return permission in ROLES.get(role, ()) and sees and not missing


@pytest.mark.parametrize("name", ALL_OF)
async def test_nobody_gets_anything_that_is_not_theirs(staged, name):
    """Generated from the routes: one that is added is tried too. The panels stand where nobody may be called."""
    await staged.keep(order("1000", "eu-1"), order("1000", "us-2"))
    await staged.change(panels, {"url": "https://10.0.0.1"})
    person = staged.browser() if name in ("anon", "cy") else await staged.signed_in(name)
    wrong = []
    for method, path, permission in routes(staged.app):
        for place in addresses(path) if path != "/sign-out" else []:
            answer = await person.request(method, place, headers={"HX-Request": "true"})
            went = answer.status_code == 303 and permission != PUBLIC
            got = answer.is_success or answer.status_code in (409, 422) or went
            if got and not allowed(name, permission, place):
                wrong.append((method, place, answer.status_code))
            if not got and allowed(name, permission, place) and permission != PUBLIC:
                wrong.append((method, place, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("path", ["/orders/{}/1000", "/orders?panel={}", "/settings/sync?panel={}"])
async def test_a_foreign_panel_and_a_missing_one_are_the_same_bytes(staged, ben, path):
    await staged.keep(order("1000", "us-2"))
    foreign, missing = await ben.get(path.format("us-2")), await ben.get(path.format("zz-9"))
    assert foreign.status_code == missing.status_code == 404
    assert without_number(foreign).replace("us-2", "zz-9") == without_number(missing)
    assert foreign.headers["content-length"] == missing.headers["content-length"]


async def test_a_foreign_order_and_a_missing_one_are_the_same_bytes(staged, ben):
    await staged.keep(order("1000", "us-2"))
    foreign, missing = await ben.get("/orders/us-2/1000"), await ben.get("/orders/eu-1/1000")
    assert without_number(foreign).replace("us-2", "eu-1") == without_number(missing)


def without_number(answer):
    number = answer.text.split('mono">')[1].split("<")[0]
    assert len(number) == 9
    return answer.text.replace(number, "…")


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
    await ana.post("/settings/sync/eu-1/orders/pause?_method=PUT", headers={"x-http-method-override": "PUT"})
    assert await staged.rows(select(pauses.c.id).execution_options(scoped=True)) == []


async def test_reading_changes_nothing(staged, ana):
    """Every page there is, as somebody who may do everything."""
    await staged.keep(order("1000"))
    tables = [table for table in audit.metadata.sorted_tables if table.name != "sessions"]
    before = [await staged.rows(select(table).execution_options(scoped=True)) for table in tables]
    for method, path, _ in routes(staged.app):
        for place in addresses(path) if method == "GET" else []:
            await ana.get(place)
    assert [await staged.rows(select(table).execution_options(scoped=True)) for table in tables] == before


async def test_an_application_whose_settings_would_send_passwords_in_the_clear_does_not_start(tmp_path):
    database = Database(address("sqlite:///x.db", tmp_path))
    with pytest.raises(BadSettings, match="plain_http"):
        create_app(Settings(web=Web(plain_http=True, host="0.0.0.0")), database)
    await database.close()
