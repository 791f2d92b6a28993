"""Payments over the API: as a panel tells them, and whose they are by name or address."""

from datetime import timedelta
from typing import Any

import pytest

from hyperpanel.api import payments as module
from tests.support.api_shelf import row, shelf_over
from tests.support.staged import NOON

SECOND = int((NOON - timedelta(hours=2)).timestamp())


@pytest.fixture
async def shelf(database_url):
    async with shelf_over(database_url) as made:
        yield made


def payment(id: str, panel: str = "eu-1", hours: int = 1, **changes: Any) -> dict[str, Any]:
    return row("payments", id, panel, **{"created_at": NOON - timedelta(hours=hours), **changes})


async def test_a_payment_is_told_as_its_panel_tells_it(shelf):
    told: dict[str, Any] = {"status": "hold", "status_raw": "Hold", "balance": -250_000_000, "balance_currency": "USD"}
    await shelf.keep("payments", payment("181680", user_id="7", updated_at=NOON, **told))
    script = await shelf.script()
    [found] = await script.listed("payments")
    assert found == {
        "payment_id": 181680,
        "id": 181680,
        "panel": "eu-1",
        "as_of": "2026-03-01T11:59:40Z",
        "user": {"username": "kadir", "id": 7},
        "amount": {"value": "10.00", "currency_code": "USD", "formatted": "$10.00"},
        "balance": {"value": "-2.50", "currency_code": "USD", "formatted": "-$2.50"},
        "method": "PayPal",
        "status": "Hold",
        "state": "hold",
        "memo": "",
        "fraud_risk": None,
        "mode": "auto",
        "created": "2026-03-01 11:00:00",
        "created_timestamp": SECOND + 3600,
        "updated": "2026-03-01 12:00:00",
        "updated_timestamp": SECOND + 7200,
    }
    assert await script.one("payments/181680") == found | {"as_of": "2026-03-01T12:00:00Z"}
    assert (await script.get("payments/5")).status_code == 404


ASKED: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [4, 3, 2, 1]),
    ({"sort": "created-at-asc"}, [1, 2, 3, 4]),
    ({"username": "kadir"}, [4, 2, 1]),
    ({"payment_status": "completed,Underpaid"}, [3, 2]),
    ({"user_email": "KADIR@mail.example"}, [2, 1]),
    ({"user_email": "kadir@mail.example", "username": "ayşe"}, []),
    ({"user_email": "kadir@mail.example", "payment_status": "completed"}, [2]),
    ({"user_email": "nobody@mail.example"}, []),
    ({"created_from": SECOND, "created_to": SECOND}, [3]),
    ({"ids": "4,1"}, [4, 1]),
]


async def test_a_filter_gives_all_its_rows_and_no_other(shelf):
    """On us-2 somebody else is kadir."""
    await shelf.keep("users", row("users", "7", username="kadir", email="Kadir@Mail.example"))
    await shelf.keep("users", row("users", "9", "us-2", username="kadir", email="another@mail.example"))
    await shelf.keep(
        "payments",
        payment("1", hours=4, status="pending"),
        payment("2", hours=3),
        payment("3", hours=2, user="ayşe", status="underpaid"),
        payment("4", "us-2", hours=1, status="fail"),
    )
    script = await shelf.script()
    assert [(query, await script.ids("payments", **query)) for query, _ in ASKED] == ASKED


async def test_who_may_not_read_users_finds_nobody_by_their_address(scripts):
    script = await scripts.script("payments:read")
    answer = await script.get("/payments", user_email="kadir@mail.example")
    assert (answer.status_code, "users:read" in answer.json()["error_message"]) == (403, True)
    assert (await script.get("/payments", username="kadir")).status_code == 200


async def test_an_address_that_many_names_have_gives_the_payments_of_all(shelf):
    numbers = range(1, 31)
    await shelf.keep("users", *(row("users", str(n), username=f"u{n}", email="a@b.example") for n in numbers))
    await shelf.keep("payments", *(payment(str(n), user=f"u{n}", hours=n) for n in numbers))
    script = await shelf.script()
    assert [one["id"] for one in await script.listed("payments", user_email="A@b.example")] == [*numbers]
    assert [one["id"] for one in await script.listed("payments", user_email="a@b.example", username="u27")] == [27]


async def test_more_names_than_are_looked_for_are_refused(shelf, monkeypatch):
    monkeypatch.setattr(module, "MOST_NAMES", 2)
    await shelf.keep("users", *(row("users", str(n), username=f"u{n}", email="a@b.example") for n in range(3)))
    answer = await (await shelf.script()).get("payments?user_email=a@b.example")
    assert (answer.status_code, answer.json()["fields"]) == (400, ["user_email"])
