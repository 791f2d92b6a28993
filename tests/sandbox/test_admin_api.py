import pytest

from tests.sandbox.conftest import both


@both
async def test_an_unknown_order_is_404(caller):
    answer = await caller.get("orders/1")
    assert (answer.status_code, answer.json()["data"]) == (404, [])


@both
async def test_a_bad_path_is_200_with_an_error_code(caller):
    answer = await caller.get("nowhere")
    assert answer.status_code == 200
    assert answer.json() == {"data": [], "error_message": "Page not found.", "error_code": 100}


@both
async def test_a_bad_key_is_401(caller):
    answer = await caller.get("orders", key="wrong")
    assert (answer.status_code, answer.json()["data"]) == (401, [])


async def test_a_rotated_key_is_refused_and_the_new_one_taken(caller):
    old = caller.panel.admin_key
    await caller.lever("eu-1/key", admin_key="sandbox-new")
    assert (await caller.get("orders", key=old)).status_code == 401
    assert (await caller.get("orders", key="sandbox-new")).status_code == 200


@both
async def test_the_longer_address_that_owners_paste_answers_too(caller):
    headers = {"X-Api-Key": caller.key}
    answer = await caller.http.get("/eu-1/admin/adminapi/v2/orders/", headers=headers)
    assert answer.json()["data"]["count"] == 600


async def test_any_other_page_of_a_panel_is_html(caller):
    answer = await caller.http.get("/eu-1/")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=UTF-8")


@both
@pytest.mark.parametrize(
    "path",
    ["orders/update", "orders/cancel", "orders/5/edit-link", "orders/5/set-partial", "payments/add", "tickets/3/reply"],
)
async def test_writes_say_that_they_are_not_simulated(caller, path):
    before = await caller.truth()
    answer = (await caller.post(path, ids="1,2")).json()
    assert (answer["data"], answer["error_code"]) == ([], 501)
    assert await caller.truth() == before


async def test_a_pull_is_counted_and_takes_work_away(caller):
    await caller.lever("eu-1/orders/new", count=30)
    services = ",".join(str(service.id) for service in caller.panel.records.services)
    first = (await caller.post("orders/pull", service_ids=services, limit=5)).json()["data"]["list"]
    second = (await caller.post("orders/pull", service_ids=services, limit=5)).json()["data"]["list"]
    assert len(first) == 5
    assert not {row["id"] for row in first} & {row["id"] for row in second}
    counts = (await caller.http.get("/_truth/eu-1/counts")).json()
    assert (counts["pulls"], counts["taken"]) == (2, 10)


@both
async def test_reading_takes_nothing_away(caller):
    await caller.orders(limit=1000)
    counts = (await caller.http.get("/_truth/eu-1/counts")).json()
    assert (counts["pulls"], counts["taken"]) == (0, 0)
