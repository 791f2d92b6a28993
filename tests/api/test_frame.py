"""What holds for every call, whatever it asks."""

import pytest
import structlog
from sqlalchemy.exc import OperationalError

from hyperpanel.api import frame
from hyperpanel.support.outermost import HEADERS
from tests.support import databases
from tests.support.calls import Scripts
from tests.support.staged import order, stage

REFUSED = {"data", "error_message", "error_code", "error_id"}
JSON = "application/json"


async def test_health_needs_no_key_and_tells_nothing_else(scripts):
    answer = await scripts.using(None).get("/health")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})


async def test_a_key_is_told_what_it_may(script):
    told = await script.data("/key")
    assert (told["panels"], told["every_panel"], told["per_minute"]) == (["eu-1"], False, 100_000)
    assert {"orders:read", "sync:control"} <= set(told["scopes"])


async def test_a_path_that_there_is_not_is_said_as_a_panel_says_it(scripts, script):
    for path in ("/nowhere", "/orders/1/2/3", "//orders", "/..;/orders", "/adminapi/v1/orders", "/adminapi", "/ORDERS"):
        answer = await script.get(path)
        told = {"data": [], "error_message": "Page not found.", "error_code": 100}
        assert (answer.status_code, answer.json()) == (200, told), path
    assert (await scripts.using(None).get("/nowhere")).status_code == 401


@pytest.mark.parametrize(
    "base", ["/adminapi/v2", "/admin/adminapi/v2", "/p/eu-1/adminapi/v2", "/p/eu-1/admin/adminapi/v2"]
)
async def test_each_way_that_people_write_the_address_leads_here(scripts, base):
    script = await scripts.script(panels=None, base=base)
    is_one = base.startswith("/p/")
    assert (await script.data("/key"))["panels"] == (["eu-1"] if is_one else ["dark", "eu-1", "us-2"])
    assert (await script.get("/key/")).json()["error_code"] == 0


async def test_a_panel_in_the_address_that_is_foreign_or_missing_is_not_there(scripts):
    answers = [await (await scripts.script(base=f"/p/{name}/adminapi/v2")).get("/key") for name in ("us-2", "zz-9")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text.replace(answer.json()["error_id"], "") for answer in answers}) == 1
    assert (await scripts.using(None, "/p/us-2/adminapi/v2").get("/health")).status_code == 401


async def test_every_answer_has_the_security_headers_and_is_kept_nowhere(scripts, script):
    for answer in (await script.get("/key"), await scripts.using(None).get("/key"), await script.get("/nowhere")):
        assert all(answer.headers[name] == value for name, value in HEADERS.items())
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-type"] == JSON
        assert not any(name.startswith("access-control") for name in answer.headers)


async def test_a_session_is_no_key_and_a_key_opens_no_page(staged, scripts, script):
    ana = await staged.signed_in("ana")
    assert (await ana.get("/adminapi/v2/key")).status_code == 401
    answer = await script.client.get("/orders")
    assert (answer.status_code, answer.headers["location"][:8]) == (303, "/sign-in")


async def test_a_key_without_the_scope_is_told_which_one(scripts):
    answer = await (await scripts.script("users:read")).get("/orders")
    assert (answer.status_code, answer.json()["error_code"]) == (403, 403)
    assert "orders:read" in answer.json()["error_message"]


@pytest.mark.parametrize("path", ["/key", "/orders", "/orders/1", "/health"])
async def test_a_parameter_that_is_not_known_is_refused_by_name(script, path):
    answer = await script.get(path, colour="red")
    assert (answer.status_code, answer.json()["fields"]) == (400, ["colour"])
    assert set(answer.json()) == REFUSED | {"fields"}


WRONG = [
    ("limit", "0", "limit: 0 is not allowed. Give a whole number from 1 to 1000."),
    ("limit", "ten", 'limit: "ten" is not allowed. Give a whole number from 1 to 1000.'),
    ("limit", "", 'limit: "" is not allowed. Give a whole number from 1 to 1000.'),
    ("offset", "-1", "offset: -1 is not allowed. Give a whole number from 0 on."),
    ("sort", "id", 'sort: "id" is not allowed. Give one of date-desc, date-asc.'),
    ("created_from", "1.5", "created_from: 1.5 is not allowed. Give a whole number from 0 to 253402214400."),
]


@pytest.mark.parametrize(("name", "value", "told"), WRONG)
async def test_a_wrong_value_is_told_with_what_came_and_what_is_allowed(script, name, value, told):
    answer = await script.get("/orders", **{name: value})
    assert (answer.status_code, answer.json()["error_message"], answer.json()["fields"]) == (400, told, [name])


async def test_a_parameter_given_twice_is_refused(script):
    answer = await script.call("GET", "/orders?limit=1&limit=2")
    assert (answer.status_code, answer.json()["fields"]) == (400, ["limit"])


@pytest.mark.parametrize("asked", ["panel=,", "panel=%20,", "pannel="])
async def test_what_names_no_panel_is_refused_since_all_would_come(script, asked):
    answer = await script.call("GET", f"/orders?{asked}")
    assert (answer.status_code, answer.json()["fields"]) == (400, [asked.partition("=")[0]])


async def test_an_offset_that_is_too_far_says_what_to_do_instead(script):
    answer = await script.get("/orders", offset=1_000_001)
    assert answer.status_code == 400
    assert "cursor" in answer.json()["error_message"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "POST"])
async def test_a_method_that_a_path_does_not_take_is_refused(script, method):
    answer = await script.call(method, "/orders")
    assert (answer.status_code, answer.json()["error_code"]) == (405, 405)


async def test_head_is_get_without_its_body(script):
    got, asked = await script.get("/key"), await script.call("HEAD", "/key")
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["content-length"] == got.headers["content-length"]


async def test_a_damaged_address_is_refused(script):
    for path in ("/orders?user=%00", "/orders?user=" + "a" * 17_000, "/" + "a" * 3000, "/orders/%00"):
        assert (await script.call("GET", path)).status_code == 400, path


async def test_an_encoded_slash_leads_nowhere(script):
    assert (await script.call("GET", "/orders%2F1")).json()["error_code"] in (100, 404)


async def test_a_long_answer_is_sent_smaller_to_who_takes_it(staged, script):
    await staged.keep(*(order(str(1000 + number)) for number in range(100)))
    answer = await script.get("/orders", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) * 5 < len(answer.content)


async def test_a_busy_database_is_told_with_when_to_try_again(staged, script, monkeypatch):
    def locked(*_, **__):
        raise OperationalError("SELECT", {}, Exception("database is locked"))

    monkeypatch.setattr("hyperpanel.db.stream_ages.held", locked)
    answer = await script.get("/orders")
    assert (answer.status_code, answer.headers["retry-after"], answer.json()["error_code"]) == (503, "5", 503)


async def test_a_bug_is_told_by_its_number_alone(staged, script, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("hunter2")

    monkeypatch.setattr("hyperpanel.db.stream_ages.held", broken)
    with structlog.testing.capture_logs() as told:
        answer = await script.get("/orders")
    number = answer.json()["error_id"]
    assert (answer.status_code, "hunter2" in answer.text) == (500, False)
    assert [line["event"] for line in told if line.get("error") == number] == ["bug", "call"]


async def test_the_log_has_a_line_for_each_call_and_no_key_in_it(scripts):
    key = await scripts.key()
    with structlog.testing.capture_logs() as told:
        await scripts.using(key).get("/orders", user="hunter2")
        await scripts.using(key).get(f"/orders/{key}")
    assert [(line["event"], line["status"]) for line in told] == [("call", 200), ("call", 404)]
    assert [line["path"] for line in told] == ["/adminapi/v2/orders", "/adminapi/v2/orders/hp_\\u2026"]
    assert "hunter2" not in str(told)
    assert key not in str(told)


@pytest.mark.parametrize(("proxies", "status"), [((), 401), (("192.0.2.1",), 200)])
async def test_our_proxies_alone_are_believed(cast_file, tmp_path, proxies, status):
    async with stage(databases.copy_of(cast_file, tmp_path), is_cast=True, web={"proxies": proxies}) as staged:
        script = await Scripts(staged).script(addresses=("203.0.113.9",))
        answer = await script.get("/key", headers={"x-forwarded-for": "203.0.113.9"})
    assert answer.status_code == status


async def test_a_database_that_fails_at_the_door_is_told_too(script, monkeypatch):
    def locked(*_, **__):
        raise OperationalError("SELECT", {}, Exception("database is locked"))

    monkeypatch.setattr("hyperpanel.db.api_keys.held", locked)
    answer = await script.get("/key")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_the_application_is_put_together_once():
    assert frame.application() is frame.application()
