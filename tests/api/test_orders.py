"""Orders over the API: as a panel tells them, of all panels that the key may see, by every filter, page after page."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, update

from hyperpanel.api.orders import TOO_MANY
from hyperpanel.db import list_pages
from hyperpanel.db.schema import feeds, order_flips, panels, plans
from tests.support.api_shelf import READ_AT, row, shelf_over
from tests.support.staged import NOON, PANELS

CREATED = int((NOON - timedelta(hours=1)).timestamp())
WITHOUT_PROVIDERS = ("orders:read",)


@pytest.fixture
async def shelf(database_url):
    async with shelf_over(database_url) as made:
        yield made


def order(id: str = "1000", panel: str = "eu-1", hours: int = 1, **changes: Any) -> dict[str, Any]:
    return row("orders", id, panel, **{"created_at": NOON - timedelta(hours=hours), **changes})


async def test_an_order_is_told_as_its_panel_tells_it_with_its_panel_and_age(shelf):
    await shelf.zone("eu-1", "Europe/Berlin")
    await shelf.keep("orders", order(status="in_progress", status_raw="In progress", start_count=None))
    [found] = await (await shelf.script()).listed("orders")
    assert found == {
        "id": 1000,
        "panel": "eu-1",
        "as_of": "2026-03-01T11:59:40Z",
        "external_id": "91000",
        "user": "kadir",
        "creation_type": "api",
        "charge": {"value": "0.03", "currency_code": "USD", "formatted": "$0.03"},
        "provider_charge": {"value": "0.01", "currency_code": "USD", "formatted": "$0.01"},
        "link": "https://social.example/post",
        "start_count": None,
        "quantity": 100,
        "service_id": 170,
        "service_type": "default",
        "service_name": "Followers [10K/Day]",
        "provider": "provider-a.example",
        "status": "In progress",
        "state": "in_progress",
        "remains": 100,
        "is_autocomplete": False,
        "created": "2026-03-01 12:00:00",
        "created_timestamp": CREATED,
        "last_update": None,
        "last_update_timestamp": None,
        "mode": "auto",
    }


async def test_a_list_says_how_far_back_all_its_panels_are_held(shelf):
    days = {"eu-1": 30, "us-2": 60}
    async with shelf.database.write() as connection:
        for name, count in days.items():
            reached = int((NOON - timedelta(days=count)).timestamp())
            mine = (plans.c.panel_id == PANELS[name], plans.c.stream == "orders", plans.c.plan == "backfill")
            await connection.execute(update(plans).where(*mine).values(cursor=f'{{"done":true,"reached":{reached}}}'))
    script = await shelf.script()
    told = [(await script.get("orders", **asked)).json()["reaches_back_to"]
            for asked in ({"panel": "us-2"}, {"panel": "eu-1,us-2", "ids": "7"}, {})]  # fmt: skip
    assert told == ["2025-12-31T12:00:00Z", "2026-01-30T12:00:00Z", None]


ASKED: list[tuple[dict[str, Any], list[int]]] = [
    ({"order_status": "In Progress,fail"}, [5, 2]),
    ({"order_status": "asleep"}, []),
    ({"order_status": ","}, []),
    ({"order_status": ""}, [5, 4, 3, 2, 1]),
    ({"service_ids": "7, 8"}, [4, 2]),
    ({"ids": "1,3,nonsense,93"}, [3, 1]),
    ({"user": "ayşe"}, [3]),
    ({"user": "kadir", "order_status": "fail"}, [5]),
    ({"provider": "other.example"}, [4]),
    ({"mode": "manual"}, [3]),
    ({"creation_type": "web"}, [2]),
    ({"link": "https://social.example/other"}, [1]),
    ({"created_from": CREATED - 3600, "created_to": CREATED}, [5, 4]),
    ({"sort": "date-asc"}, [1, 2, 3, 4, 5]),
    ({"sort": "date-asc", "limit": 2, "offset": 2}, [3, 4]),
    ({"offset": 9}, []),
]


async def test_a_filter_gives_all_its_rows_and_no_other(shelf):
    await shelf.keep(
        "orders",
        order("1", hours=5, link="https://social.example/other"),
        order("2", hours=4, status="in_progress", service_id="7", creation_type="web"),
        order("3", hours=3, user="ayşe", mode="manual"),
        order("4", hours=2, service_id="8", provider="other.example"),
        order("5", hours=1, status="fail"),
        order("6", hours=1, gone_at=NOON),
    )
    script = await shelf.script()
    assert [(query, await script.ids("orders", **query)) for query, _ in ASKED] == ASKED


async def test_orders_of_several_panels_stand_in_one_order(shelf):
    await shelf.keep("orders", order("1", hours=3), order("2", "us-2", hours=2), order("3", hours=1))
    script = await shelf.script()
    assert [(one["id"], one["panel"]) for one in await script.listed("orders")] == [
        (3, "eu-1"),
        (2, "us-2"),
        (1, "eu-1"),
    ]
    assert await script.ids("orders", panel="us-2") == [2]
    assert await (await shelf.script("us-2")).ids("orders") == [2]


@pytest.mark.parametrize("query", [{}, {"limit": 2}, {"sort": "date-asc", "limit": 3}], ids=str)
async def test_pages_by_their_cursors_make_up_the_whole(shelf, query):
    await shelf.keep("orders", *(order(str(n), ("eu-1", "us-2")[n % 2], hours=n // 2) for n in range(20, 31)))
    await shelf.keep("orders", order("99", created_at=None))
    script = await shelf.script()
    whole, found, path = await script.ids("orders", **{**query, "limit": 1000}), [], "/adminapi/v2/orders"
    answer = (await script.http.get(path, params=query)).json()
    while True:
        found += [one["id"] for one in answer["data"]["list"]]
        assert answer["data"]["count"] == 12
        if not answer["pagination"]["next_page_href"]:
            break
        answer = (await script.http.get(answer["pagination"]["next_page_href"])).json()
    assert found == whole
    assert len(found) == 12
    assert answer["pagination"]["next_cursor"] == ""


async def test_what_arrives_meanwhile_shifts_no_page(shelf):
    await shelf.keep("orders", *(order(str(n), hours=100 - n) for n in range(10, 20)))
    script = await shelf.script()
    first = (await script.get("orders", limit=5)).json()
    await shelf.keep("orders", order("50", hours=0), order("51", hours=0))
    assert await script.ids("orders", limit=5, cursor=first["pagination"]["next_cursor"]) == [14, 13, 12, 11, 10]


async def test_lines_hold_all_rows_and_say_that_they_are_whole(shelf):
    await shelf.keep("orders", *(order(str(n)) for n in range(1000, 1012)))
    script = await shelf.script()
    answer = await script.http.get("/adminapi/v2/orders", headers={"Accept": "application/x-ndjson"})
    *rows, end = map(json.loads, answer.text.splitlines())
    assert rows == await script.listed("orders")
    assert end["end"]["count"] == 12


async def test_providers_are_for_keys_that_may_see_them(shelf):
    await shelf.keep("orders", order())
    script = await shelf.script(scopes=WITHOUT_PROVIDERS)
    [found], one = await script.listed("orders"), await script.one("orders/1000")
    for told in (found, one):
        assert not told.keys() & {"provider", "provider_charge", "external_id"}
    assert (await script.get("orders", provider="provider-a.example")).status_code == 403


WRONG = [
    ({"ip_address": "192.0.2.1"}, "does not keep the addresses"),
    ({"colour": "red"}, "colour"),
    ({"limit": "0"}, "limit"),
    ({"limit": "1001"}, "limit"),
    ({"offset": "-1"}, "offset"),
    ({"offset": "1000001"}, "cursor"),
    ({"created_to": "yesterday"}, "created_to"),
    ({"created_from": str(10**12)}, "created_from"),
    ({"sort": "price"}, "sort"),
    ({"cursor": "ü"}, "cursor"),
    ({"cursor": "W1sidXNlciJdLDEsIjEiLDBd"}, "cursor"),
    ({"ids": ",".join(map(str, range(1001)))}, "ids"),
    ({"service_ids": ",".join(map(str, range(101)))}, "service_ids"),
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_cannot_be_asked_is_refused_by_name(shelf):
    script = await shelf.script()
    for query, named in WRONG:
        answer = await script.get("orders", **query)
        assert (answer.status_code, answer.json()["error_code"], answer.json()["data"]) == (400, 400, [])
        assert named in answer.json()["error_message"]


async def test_a_link_alone_is_not_looked_for_among_too_many(shelf):
    await shelf.keep("orders", order())
    script = await shelf.script()
    async with shelf.database.write() as connection:
        await connection.execute(update(feeds).where(feeds.c.panel_id == 1).values(cached=30_001))
    answer = await script.get("orders", link="https://social.example/post")
    assert (answer.status_code, answer.json()["error_message"]) == (400, TOO_MANY)
    assert await script.ids("orders", link="https://social.example/post", user="kadir") == [1000]


async def test_a_count_beyond_what_is_counted_says_so(shelf, monkeypatch):
    monkeypatch.setattr("hyperpanel.db.list_pages.COUNTED_TO", 3)
    await shelf.keep("orders", *(order(str(n)) for n in range(1000, 1006)))
    told = (await (await shelf.script()).get("orders", limit=2)).json()["data"]
    assert (told["count"], told["count_is_total"]) == (3, False)


async def test_a_row_is_as_old_as_its_panel_s_orders_and_a_list_as_its_oldest(shelf):
    await shelf.keep("orders", order("1"), order("2", "us-2", hours=2), order("3", "dark", hours=3))
    async with shelf.database.write() as connection:
        later = (plans.c.panel_id == 1, plans.c.plan == "refresh")
        await connection.execute(update(plans).where(*later).values(as_of=NOON - timedelta(hours=2)))
    script = await shelf.script()
    answer = (await script.get("orders")).json()
    ages = [one["as_of"] for one in answer["data"]["list"]]
    assert ages == ["2026-03-01T10:00:00Z", f"{READ_AT:%Y-%m-%dT%H:%M:%SZ}", None]
    assert answer["as_of"] is None
    assert (await script.get("orders", panel="eu-1,us-2")).json()["as_of"] == "2026-03-01T10:00:00Z"


async def test_one_order_has_its_changes_of_status(shelf):
    await shelf.keep("orders", order(status="fail"))
    flip = {"panel_id": 1, "order_id": "1000", "number": 1, "was": "pending", "now": "fail"}
    await shelf.put(order_flips, {**flip, "not_before": NOON - timedelta(minutes=2), "not_after": NOON})
    script = await shelf.script()
    found, [listed] = await script.one("orders/1000"), await script.listed("orders")
    assert {name: found[name] for name in listed} == listed | {"as_of": "2026-03-01T12:00:00Z"}
    assert found["status_changes"] == [
        {"was": "pending", "now": "fail", "not_before": "2026-03-01T11:58:00Z", "not_after": "2026-03-01T12:00:00Z"}
    ]
    assert "actions" not in found


async def test_an_id_of_several_panels_is_refused_with_their_names(shelf):
    await shelf.keep("orders", order("7"), order("7", "us-2"), order("7", "dark", gone_at=NOON))
    script = await shelf.script()
    answer = await script.get("orders/7")
    assert (answer.status_code, answer.json()["error_code"]) == (409, 409)
    assert answer.json()["panels"] == ["eu-1", "us-2"]
    assert (await script.one("orders/7", panel="us-2"))["panel"] == "us-2"
    assert (await (await shelf.script("us-2")).one("orders/7"))["panel"] == "us-2"


async def test_what_is_foreign_gone_or_never_was_is_missing_alike(shelf):
    await shelf.keep("orders", order("7", "us-2"), order("8", gone_at=NOON))
    script = await shelf.script("eu-1")
    answers = [await script.get(f"orders/{id}") for id in ("7", "8", "9", "007", "x" * 900)]
    answers += [await script.get("orders/7", panel=name) for name in ("us-2", "nowhere", "eu-1")]
    answers += [await script.get("orders", panel="us-2")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text.split("error_id")[0] for answer in answers}) == 1


async def test_an_id_is_a_number_where_it_can_be_nothing_else(shelf):
    told = {"0012": "0012", "12": 12, "0": 0, "a-1": "a-1", "9" * 19: "9" * 19}
    await shelf.keep("orders", *map(order, told))
    script = await shelf.script()
    assert {str(one): one for one in await script.ids("orders")} == told
    assert {id: (await script.one(f"orders/{id}"))["id"] for id in told} == told


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("path", ["orders?limit=1000", "orders?order_status=pending", "orders?offset=3&limit=2"])
async def test_more_rows_and_more_panels_are_no_more_statements(shelf, path):
    ran: list[str] = []
    script, narrow = await shelf.script(), await shelf.script("eu-1")
    event.listen(shelf.database.reading, "before_cursor_execute", lambda *told: ran.append(told[2]))

    async def statements(of) -> int:
        ran.clear()
        assert (await of.http.get(f"/adminapi/v2/{path}")).status_code == 200
        return len([sql for sql in ran if "orders" in sql or "feeds" in sql])

    await shelf.keep("orders", *(order(str(n)) for n in range(10)))
    few = await statements(narrow)
    await shelf.keep("orders", *(order(str(n), "us-2") for n in range(1000)))
    assert await statements(narrow) == await statements(script) == few
    more = {"kind": "perfect_panel", "url": "https://more.example", "currency": "USD", "time_zone": "UTC", "rate": 4.0}
    named = [{"name": f"more-{n}", "folded": f"more-{n}", "private": False, "created_at": NOON} for n in range(17)]
    await shelf.put(panels, *(more | one for one in named))
    twenty = await shelf.script()
    assert len((await twenty.one("key"))["panels"]) == 20
    assert await statements(twenty) == few


@pytest.mark.parametrize("sort", ["date-desc", "date-asc"])
async def test_ids_in_letters_are_told_once_however_many_statements_there_are(shelf, monkeypatch, sort):
    """PostgreSQL has them in another order than Python."""
    monkeypatch.setattr(list_pages, "ARMS", 1)
    ids = ["aB", "Ab", "a-b", "A_c", "b", "B", "_z", "Zz", "10", "9", "é", "z"]
    await shelf.keep("orders", *(order(id, panel) for id in ids for panel in ("eu-1", "us-2")))
    script, found, cursor = await shelf.script(), [], ""
    while True:
        page = (await script.get(f"orders?limit=3&sort={sort}&cursor={cursor}")).json()
        found += [(one["panel"], str(one["id"])) for one in page["data"]["list"]]
        if not (cursor := page["pagination"]["next_cursor"]):
            break
    assert sorted(found) == sorted((panel, id) for panel in ("eu-1", "us-2") for id in ids)
