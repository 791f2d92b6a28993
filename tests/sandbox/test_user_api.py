from decimal import Decimal

import pytest


async def test_services_agree_with_the_truth(caller):
    told = await caller.user_api("services")
    truth = (await caller.http.get("/_truth/eu-1/services")).json()
    assert [
        (str(s["service"]), s["name"], s["category"], Decimal(s["rate"]), int(s["min"]), int(s["max"])) for s in told
    ] == [(s["id"], s["name"], s["category"], Decimal(s["rate"]), s["min"], s["max"]) for s in truth]


async def test_numbers_are_strings_in_the_reference_form(caller):
    one = (await caller.user_api("services"))[0]
    assert [type(one[name]) for name in ("service", "rate", "min", "max", "refill")] == [int, str, str, str, bool]


async def test_numbers_may_be_numbers(caller):
    caller.panel.switch(service_numbers="int", service_ids="string")
    one = (await caller.user_api("services"))[0]
    assert [isinstance(one[name], str) for name in ("service", "rate", "min", "max")] == [True, False, False, False]


async def test_types_are_in_title_case(caller):
    assert {s["type"] for s in await caller.user_api("services")} >= {"Default", "Custom Comments"}


@pytest.mark.parametrize(("habit", "status"), [("200", 200), ("4xx", 401)])
async def test_a_bad_key_is_an_error_with_200_or_4xx(caller, habit, status):
    caller.panel.switch(service_errors=habit)
    answer = await caller.http.post("/eu-1/api/v2", data={"key": "wrong", "action": "services"})
    assert (answer.status_code, answer.json()) == (status, {"error": "Invalid API key"})


async def test_an_account_sees_the_state_of_its_own_orders_only(caller):
    orders, customers = caller.panel.orders, caller.panel.records.customers
    account = max(range(len(customers)), key=lambda place: customers[place].weight)
    own = next(str(orders.ids[place]) for place, customer in enumerate(orders.customer) if customer == account)
    foreign = next(str(orders.ids[place]) for place, customer in enumerate(orders.customer) if customer != account)
    told = await caller.user_api("status", orders=f"{own},{foreign}")
    assert told[own].keys() == {"charge", "start_count", "status", "remains", "currency"}
    assert told[foreign] == {"error": "Incorrect order ID"}


async def test_a_balance_has_a_currency(caller):
    assert (await caller.user_api("balance"))["currency"] == "EUR"


async def test_ordering_says_that_it_is_not_simulated(caller):
    assert "not simulate" in (await caller.user_api("add", service=1, quantity=5))["error"]
