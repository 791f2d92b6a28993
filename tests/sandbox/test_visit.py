import httpx2
import pytest

from hyperpanel.sandbox.server import create_app
from tests.sandbox.conftest import small


async def test_a_sixth_request_within_a_second_is_refused(caller):
    caller.panel.switch(rate_limit=5)
    statuses = [(await caller.get("orders", limit=1)).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    assert (await caller.http.get("/_truth/eu-1/counts")).json()["429"] == 1


async def test_both_apis_share_the_limit(caller):
    caller.panel.switch(rate_limit=1)
    await caller.get("orders", limit=1)
    assert "Too many" in (await caller.user_api("balance"))["error_message"]


async def test_the_truth_has_no_limit(caller):
    caller.panel.switch(rate_limit=1)
    assert {(await caller.http.get("/_truth/panels")).status_code for _ in range(9)} == {200}


@pytest.mark.parametrize(
    ("habit", "said"), [("absent", None), ("seconds", "1"), ("date", "Tue, 01 Sep 2026 12:00:01 GMT")]
)
async def test_retry_after_takes_the_form_of_the_panel(caller, habit, said):
    caller.panel.switch(rate_limit=1, retry_after=habit)
    await caller.get("orders", limit=1)
    refused = await caller.get("orders", limit=1)
    assert (refused.status_code, refused.headers.get("retry-after")) == (429, said)


async def test_the_date_is_the_panels_own(caller):
    assert (await caller.get("orders")).headers["date"] == "Tue, 01 Sep 2026 12:00:00 GMT"
    caller.panel.switch(clock_skew=3600)
    assert (await caller.get("orders")).headers["date"] == "Tue, 01 Sep 2026 13:00:00 GMT"
    caller.panel.switch(date_header="absent")
    assert "date" not in (await caller.get("orders")).headers


async def test_answers_are_packed_for_those_who_ask_where_the_panel_does_it(caller):
    assert "content-encoding" not in (await caller.get("orders")).headers
    caller.panel.switch(gzip=True)
    packed = await caller.get("orders")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json()["data"]["count"] == 600


async def test_the_log_tells_every_request_and_no_key(caller):
    await caller.get("orders", limit=3, key="hunter22", token="hunter22")
    await caller.user_api("services")
    log = (await caller.http.get("/_truth/eu-1/log")).json()
    assert [(seen["method"], seen["status"]) for seen in log] == [("GET", 401), ("POST", 200)]
    assert log[0]["path"] == "/adminapi/v2/orders?limit=3&token=…"
    assert log[0]["monotonic"] <= log[1]["monotonic"]
    assert "hunter22" not in str(log)


async def test_an_address_of_no_panel_names_those_there_are(caller):
    answer = await caller.http.get("/xx-9/adminapi/v2/orders")
    assert (answer.status_code, answer.json()["error"]) == (404, "no such panel; there are /eu-1")


async def test_the_limit_counts_by_the_clock_that_the_fleet_was_given():
    ticks = iter(range(0, 100, 10))
    fleet = small(rate_limit=1, tick=lambda: next(ticks) / 10)
    transport = httpx2.ASGITransport(create_app(fleet))
    async with httpx2.AsyncClient(transport=transport, base_url="http://sandbox.test") as http:
        headers = {"X-Api-Key": fleet.panels[0].admin_key}
        statuses = [(await http.get("/eu-1/adminapi/v2/orders", headers=headers)).status_code for _ in range(3)]
    assert statuses == [200, 200, 200]
