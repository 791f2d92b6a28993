"""Calls as the document tells them: what is asked, what is answered, and the line of an example."""

from typing import Any

from hyperpanel.web import api_document
from tests.support.api_documents import DOCUMENT, operation

KNOWN = api_document.read(DOCUMENT)


def alone(path: str, **told: Any) -> api_document.Call:
    made = api_document.read({**DOCUMENT, "paths": {path: {"get": operation(**told)}}})
    return made.resources["orders"].calls[0]


def test_calls_are_put_together_by_the_first_word_of_their_path():
    assert {name: [call.path for call in one.calls] for name, one in KNOWN.resources.items()} == {
        "orders": ["/orders", "/orders/resend", "/orders/{order_id}"],
        "health": ["/health"],
    }


def test_a_call_that_never_succeeds_is_one_that_is_refused():
    assert [call.path for call in KNOWN.resources["orders"].calls if call.refused] == ["/orders/resend"]


def test_a_parameter_tells_its_limits_and_what_it_is_when_not_given():
    limit = next(one for one in KNOWN.resources["orders"].calls[0].parameters if one.name == "limit")
    assert (limit.kind, limit.fewest, limit.most, limit.default) == ("integer", "1", "1000", "100")


def test_an_example_is_asked_with_the_examples_of_its_parameters():
    listing, _, detail = KNOWN.resources["orders"].calls
    assert (listing.asks, detail.asks) == ("/orders?order_status=fail&limit=10", "/orders/906386")


def test_a_value_in_an_example_cannot_end_its_address():
    assert alone("/orders", parameters=[{"name": "user", "in": "query", "example": "a&b='c"}]).asks.endswith(
        "?user=a%26b%3D%27c"
    )


def test_a_body_tells_its_fields_and_an_example():
    body = {
        "content": {"application/json": {"schema": {"properties": {"why": {"type": "string", "examples": ["Rest"]}}}}}
    }
    call = alone("/orders", requestBody=body)
    assert ([field.name for field in call.body], call.sends) == (["why"], '{"why": "Rest"}')


def test_a_call_is_found_by_what_stands_in_its_records():
    assert {"limit", "provider"} <= set(KNOWN.resources["orders"].calls[0].words.split())


def test_refusals_are_told_once_by_their_status():
    assert [(one.status, one.told) for one in KNOWN.refusals] == [("401", "No good key."), ("501", "Not yet.")]


def test_paths_are_told_without_the_root_of_the_api():
    assert alone("/adminapi/v2/orders").path == "/orders"
