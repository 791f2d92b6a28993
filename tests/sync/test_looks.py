"""A look at a panel: what is wrong is named in one sentence with the next step, and nothing else is."""

import itertools
from typing import Any

import httpx2
import pytest

from hyperpanel.sandbox.faults import Fault
from hyperpanel.sandbox.server import create_app
from hyperpanel.sandbox.switches import Switches
from sync.connectors.sentences import ABOUT
from tests.support.looking import glance

FIRST_DOOR = "/adminapi/v2/orders?limit=5&sort=date-desc"
HABITS: tuple[dict[str, Any], ...] = (
    {"amounts": "number", "charge": "number"},
    {"timestamps": "missing", "created_timestamp": "missing", "payment_created_timestamp": "missing"},
    {"ids": "string", "service_ids": "string", "service_numbers": "int"},
    {"user": "object", "ticket_user": "string", "payment_user": "string"},
    {"count": "page", "pagination": "absent", "error_code": "absent", "last_update": "nowhere"},
    {"never": "negative", "no_files": "missing", "unassigned": "missing", "provider_null": "missing", "remains_null": "missing"},
    {"users_order": "oldest", "payments_order": "oldest", "tickets_order": "id", "messages_order": "newest", "unknown_filter": "refused"},
    {"date_header": "absent", "gzip": True, "unknown_statuses": True, "unanswered": "open"},
)  # fmt: skip


def plant(eu, kind, **more):
    eu.panel.faults.add(Fault(kind, **more))


async def test_a_healthy_panel_is_well_in_every_way(eu):
    found = await eu.look()
    assert {probe.level for probe in found} == {"ok"}
    assert [probe.about for probe in found] == [about for about in ABOUT if about not in ("tls", "challenge")]


@pytest.mark.parametrize("first", [False, True])
async def test_no_mix_of_habits_gives_a_false_alarm(eu, first):
    for others in itertools.product((False, True), repeat=len(HABITS) - 1):
        eu.panel.switches = Switches(rate_limit=10_000)
        chosen = [habit for habit, is_on in zip(HABITS, (first, *others), strict=True) if is_on]
        eu.panel.switch(**{name: value for habit in chosen for name, value in habit.items()})
        assert await eu.told() == [], chosen


@pytest.mark.parametrize("place", range(6))
async def test_no_kind_of_panel_gives_a_false_alarm(six, place):
    assert await glance(six, place).told() == []


async def test_an_empty_panel_gives_no_false_alarm(eu):
    eu.staff = frozenset({"ana"})
    plant(eu, "empty_page")
    assert await eu.told() == []


async def test_a_look_calls_nothing_that_takes_work_away(eu):
    await eu.look()
    assert eu.panel.counts["pulls"] == 0
    assert {seen.method for seen in eu.panel.log if "adminapi" in seen.path} == {"GET"}


async def test_leave_is_asked_before_each_call(eu):
    await eu.look()
    assert eu.calls == list(range(8))


@pytest.mark.parametrize("kind", ["401", "challenge", "redirect", "website", "500", "socpanel", "error_envelope"])
async def test_behind_a_shut_first_door_nothing_more_is_asked(eu, kind):
    plant(eu, kind)
    found = await eu.look()
    assert ([probe.level for probe in found], [seen.path for seen in eu.panel.log]) == (["wrong"], [FIRST_DOOR])


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/adminapi/v2/orders", "http://sandbox.test/eu-1"),
        ("/admin/adminapi/v2/orders", "http://sandbox.test/eu-1"),
        ("/api/v2/services", "http://sandbox.test/eu-1"),
    ],
)
async def test_a_pasted_api_path_is_named_without_a_call(eu, path, url):
    [(about, level, sentence)] = await eu.told(url=f"http://sandbox.test/eu-1{path}")
    assert (about, level, eu.calls) == ("address", "wrong", [])
    assert sentence == f"The address of eu-1 goes on with {path}, which belongs to an API. Set it to {url} instead."


async def test_a_wrong_path_is_told_from_a_bot_check(eu):
    [(about, _, sentence)] = await eu.told(url="http://sandbox.test/eu-1/shop")
    assert about == "address"
    assert "an ordinary web page instead of data (HTTP 404)" in sentence


@pytest.mark.parametrize(
    ("kind", "software"),
    [("admin_v1", "Admin API v1"), ("rental_panel", "Rental Panel"), ("socpanel", "SocPanel")],
)
async def test_another_kind_of_panel_is_named(eu, kind, software):
    plant(eu, kind)
    [(about, _, sentence)] = await eu.told()
    assert (about, f"eu-1 answers like {software}, another kind of panel" in sentence) == ("address", True)


@pytest.mark.parametrize("kind", ["401", "401_in_200"])
async def test_a_refused_key_is_named_whatever_the_status(eu, kind):
    plant(eu, kind)
    assert await eu.told() == [("key", "wrong", "eu-1 refuses the key. Enter its current key, then resume.")]


@pytest.mark.parametrize("kind", ["403", "403_in_200", "401", "error_envelope"])
@pytest.mark.parametrize("stream", ["users", "payments", "tickets"])
async def test_a_missing_right_is_named_with_its_stream(eu, stream, kind):
    plant(eu, kind, path=stream)
    [(about, level, sentence)] = await eu.told()
    assert (about, level) == ("rights", "wrong")
    assert sentence.startswith(f"The key of eu-1 may not read {stream} (")


async def test_several_missing_rights_are_one_sentence(eu):
    plant(eu, "403", path="users")
    plant(eu, "403", path="payments")
    [(_, _, sentence)] = await eu.told()
    assert "may not read users, payments (HTTP 403). Give it that right there" in sentence


async def test_a_right_that_is_missing_for_orders_alone_is_named(eu):
    plant(eu, "403", path="orders")
    [(_, _, sentence)] = await eu.told()
    assert "may not read orders (HTTP 403)" in sentence


async def test_where_everything_is_forbidden_this_machine_may_be_meant(eu):
    plant(eu, "403", path="adminapi")
    [(about, _, sentence)] = await eu.told()
    assert about == "rights"
    assert "Give the key its rights or let this machine's address in" in sentence


async def test_a_list_that_is_not_there_is_named(eu):
    transport = answering(lambda request: b'{"data":[],"error_message":"Page not found.","error_code":100}')
    eu.transport = mixed(eu, "payments", transport)
    [(about, _, sentence)] = await eu.told()
    assert (about, "eu-1 knows no page for payments" in sentence) == ("rights", True)


@pytest.mark.parametrize("kind", ["challenge", "challenge_403"])
async def test_a_bot_check_is_named_whatever_the_status(eu, kind):
    plant(eu, kind)
    [(about, _, sentence)] = await eu.told()
    assert (about, "Ask its host to let this machine's address through" in sentence) == ("challenge", True)


async def test_another_currency_is_named_with_its_streams(eu):
    eu.panel.switch(currency="TRY")
    assert await eu.told() == [
        (
            "currency",
            "wrong",
            "eu-1 names amounts of orders, users, payments in TRY, but its currency is set to EUR. Set it to TRY.",
        )
    ]


async def test_amounts_that_name_no_currency_prove_nothing(eu):
    eu.panel.switch(amounts="number")
    found = await eu.look(currency="USD")
    [currency] = [probe for probe in found if probe.about == "currency"]
    assert currency.details["streams"] == ("orders",)


async def test_strange_staff_names_are_noted_with_the_usernames_that_do_not_occur(eu):
    eu.staff = frozenset({"ana", "ben"})
    found = await eu.told()
    assert [(about, level) for about, level, _ in found] == [("staff", "note"), ("staff", "note")]
    assert "and nobody here is called so" in found[0][2]
    assert found[1][2].startswith("In the tickets of eu-1 that were looked at, no staff write as ana, ben.")


async def test_who_does_not_occur_is_no_news_where_all_staff_are_known(eu):
    eu.staff |= {"ana"}
    assert await eu.told() == []


async def test_without_people_here_nothing_is_said_of_staff(eu):
    eu.staff = frozenset()
    assert "staff" not in {probe.about for probe in await eu.look()}


async def test_a_missing_services_key_is_noted(eu):
    [(about, level, sentence)] = await eu.told(services_key=None)
    assert (about, level) == ("second_key", "note")
    assert "Add the key of an ordinary account there" in sentence


@pytest.mark.parametrize("errors", ["200", "4xx"])
async def test_a_refused_services_key_is_named_as_the_second_one(eu, errors):
    eu.panel.switch(service_errors=errors)
    [(about, level, sentence)] = await eu.told(services_key="wrong")
    assert (about, level) == ("second_key", "wrong")
    assert sentence.startswith("eu-1 refuses the second key, the one for services. Sign in there as a customer")


async def test_a_bot_check_at_the_second_door_is_about_that_door(eu):
    plant(eu, "challenge", path="/api/v2")
    [(about, _, sentence)] = await eu.told()
    assert (about, "bot check" in sentence) == ("second_key", True)


async def test_a_slow_panel_is_noted_with_its_time(eu):
    eu.seconds = lambda request: 3.2
    assert await eu.told() == [
        (
            "speed",
            "note",
            "eu-1 usually takes 3.2 s or more to answer. Lower the records per fetch, and tell its owner.",
        )
    ]


async def test_one_slow_answer_is_no_slow_panel(eu):
    eu.seconds = lambda request: 5.0 if "users" in request.url.path else 0.1
    assert await eu.told() == []


async def test_a_large_page_that_takes_long_is_noted(eu):
    eu.seconds = lambda request: 14.0 if "limit=50" in str(request.url) else 0.1
    assert await eu.told() == [("speed", "note", "eu-1 takes 14 s for 50 orders at once. Lower the records per fetch.")]


async def test_a_large_page_that_never_comes_is_wrong(eu):
    eu.transport = mixed(eu, "limit=50", failing(httpx2.ReadTimeout("too late")))
    assert await eu.told() == [
        (
            "speed",
            "wrong",
            "eu-1 gave no answer within 60 s to a request for 50 orders at once. Lower the records per fetch.",
        )
    ]


@pytest.mark.parametrize(
    ("kind", "next_step"),
    [
        ("500", "Test again later, and tell its owner where that goes on."),
        ("429", "Lower its calls a second, or find out who else calls it with this key."),
        ("error_envelope", "Ask its owner what the key is for, then test again."),
    ],
)
async def test_a_look_promises_no_second_try(eu, kind, next_step):
    plant(eu, kind)
    [(_, level, sentence)] = await eu.told()
    assert (level, sentence.endswith(next_step)) == ("wrong", True)


async def test_what_ends_a_look_is_told_after_what_was_found_before(eu):
    eu.panel.switch(currency="GBP")
    plant(eu, "500", path="payments")
    assert [(about, level) for about, level, _ in await eu.told()] == [("currency", "wrong"), ("address", "wrong")]


async def test_one_unreadable_record_is_noted_and_a_whole_stream_of_them_is_wrong(eu):
    plant(eu, "bad_money", path="orders", times=1)
    assert [(about, level) for about, level, _ in await eu.told()] == [("address", "note")]
    plant(eu, "wrong_type", path="payments", times=1)
    [(about, level, sentence)] = await eu.told()
    assert (about, level, "in an unknown form: payments" in sentence) == ("address", "wrong", True)


async def test_a_key_that_the_panel_repeats_is_not_told(eu):
    secret = eu.panel.admin_key
    eu.transport = answering(
        lambda request: b'{"data":[],"error_message":"%s is blocked","error_code":9}' % secret.encode()
    )
    [(_, _, sentence)] = await eu.told()
    assert ("… is blocked" in sentence, secret in sentence) == (True, False)


def answering(body):
    def handle(request):
        stream = httpx2.ByteStream(body(request))
        return httpx2.Response(200, stream=stream, headers={"content-type": "application/json"})

    return httpx2.MockTransport(handle)


def failing(problem):
    def handle(request):
        raise problem

    return httpx2.MockTransport(handle)


def mixed(eu, part, other):
    """`other` answers where the address holds `part`."""
    fair = httpx2.ASGITransport(create_app(eu.fleet))

    class Mixed(httpx2.AsyncBaseTransport):
        async def handle_async_request(self, request):
            chosen = other if part in str(request.url) else fair
            return await chosen.handle_async_request(request)

    return Mixed()
