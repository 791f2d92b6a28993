"""Customers over the API: as a panel tells them, found by name, address or number."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.api_shelf import row, shelf_over
from tests.support.staged import NOON

RATES = '[{"service_id":"12","service_name":"Likes","rate":"0.5","percent":true}]'


@pytest.fixture
async def shelf(database_url):
    async with shelf_over(database_url) as made:
        yield made


def user(id: str, panel: str = "eu-1", hours: int = 1, **changes: Any) -> dict[str, Any]:
    return row("users", id, panel, **{"created_at": NOON - timedelta(hours=hours), **changes})


async def test_a_customer_is_told_as_their_panel_tells_them(shelf):
    await shelf.keep("users", user("7", custom_rates=RATES, last_auth_at=None))
    [found] = await (await shelf.script()).listed("users")
    assert found == {
        "id": 7,
        "panel": "eu-1",
        "as_of": "2026-03-01T11:59:40Z",
        "username": "user-7",
        "email": "user-7@mail.example",
        "balance": {"value": "1.00", "currency_code": "USD", "formatted": "$1.00"},
        "spent": {"value": "9.00", "currency_code": "USD", "formatted": "$9.00"},
        "status": "active",
        "state": "active",
        "created": "2026-03-01 11:00:00",
        "created_timestamp": int(NOON.timestamp()) - 3600,
        "last_auth": None,
        "last_auth_timestamp": None,
        "discount": {"formatted": "5%"},
        "custom_rates": [{"service_id": 12, "service_name": "Likes", "custom_rate": "0.5", "percent": 1}],
    }


ASKED: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [3, 2, 1]),
    ({"sort": "created-at-asc"}, [1, 2, 3]),
    ({"username": "user-2"}, [2]),
    ({"username": "User-2"}, []),
    ({"email": "USER-3@mail.example"}, [3]),
    ({"email": "user-3@mail.example", "username": "user-2"}, []),
    ({"ids": "1,3"}, [3, 1]),
    ({"limit": 1, "offset": 1}, [2]),
]


async def test_a_filter_gives_all_its_rows_and_no_other(shelf):
    await shelf.keep("users", user("1", hours=3, discount=None), user("2", "us-2", hours=2), user("3"))
    script = await shelf.script()
    assert [(query, await script.ids("users", **query)) for query, _ in ASKED] == ASKED


async def test_a_panel_tells_no_single_customer_and_so_do_we(shelf):
    await shelf.keep("users", user("7"))
    answer = await (await shelf.script()).get("users/7")
    assert (answer.status_code, answer.json()["error_code"]) == (200, 100)


@pytest.mark.parametrize("asked", ["Ünal@example.com", "ünal@example.com", "ÜNAL@EXAMPLE.COM"])
async def test_an_address_is_found_in_any_letters(shelf, asked):
    """SQLite's small letters are those of ASCII alone."""
    await shelf.keep("users", row("users", "7", username="unal", email="Ünal@example.com"))
    await shelf.keep("users", row("users", "8", username="other", email="unal@example.com"))
    assert [found["id"] for found in await (await shelf.script()).listed("users", email=asked)] == [7]
