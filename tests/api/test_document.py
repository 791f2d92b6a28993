"""The document tells of every route, all that it takes and gives; one that is not told of fails here."""

import json
import re

import pytest

from hyperpanel.api import frame
from hyperpanel.api.asking import ANY, PUBLIC
from hyperpanel.api.errors import SENTENCES
from hyperpanel.support.api_keys import SCOPES
from tests.support.api_routes import routes

DOCUMENT = frame.document()
PATHS = DOCUMENT["paths"]
ROUTES = [pytest.param(route, id=str(route)) for route in routes()]
OURS = re.compile(r"hyperpanel\.\w+|Traceback|site-packages|object at 0x")


def told(route):
    return PATHS[route.path][route.method.lower()]


def test_it_tells_of_all_routes_and_of_no_other():
    assert {(method.upper(), path) for path, item in PATHS.items() for method in item} == {
        (route.method, route.path) for route in routes()
    }


def test_it_is_made_once_and_says_where_it_stands():
    assert frame.document() is DOCUMENT
    assert (DOCUMENT["openapi"][:3], DOCUMENT["servers"]) == ("3.1", [{"url": "/adminapi/v2"}])
    assert DOCUMENT["info"]["title"]
    key = DOCUMENT["components"]["securitySchemes"]["key"]
    assert key == {"type": "apiKey", "in": "header", "name": "X-Api-Key"}


def test_every_answer_by_reference_is_there():
    text = json.dumps(DOCUMENT)
    names = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert names <= set(DOCUMENT["components"]["schemas"])
    assert OURS.search(text) is None


@pytest.mark.parametrize("route", ROUTES)
def test_a_route_says_which_scope_it_needs(route):
    assert route.scope in {PUBLIC, ANY, *SCOPES}
    assert told(route)["security"] == ([] if route.scope == PUBLIC else [{"key": []}])
    if route.scope not in (PUBLIC, ANY):
        assert f"`{route.scope}`" in told(route)["description"]


@pytest.mark.parametrize("route", ROUTES)
def test_a_route_says_in_words_what_it_does(route):
    assert told(route)["summary"]
    assert told(route)["description"].strip().endswith((".", "`."))


@pytest.mark.parametrize("route", ROUTES)
def test_each_parameter_is_told_with_words_and_bounds(route):
    parameters = told(route).get("parameters", [])
    assert {one["name"] for one in parameters if one["in"] == "query"} == route.query
    for one in parameters:
        assert one.get("description") or one["in"] == "path", one["name"]
        schema = one["schema"]
        if schema.get("type") == "integer":
            assert "minimum" in schema, one["name"]


@pytest.mark.parametrize("route", ROUTES)
def test_each_answer_has_a_schema_and_an_example(route):
    answers = told(route)["responses"]
    assert {int(status) for status in answers} <= {200, 201, 202, *SENTENCES}
    assert any(status.startswith("2") for status in answers) or "501" in answers
    for status, answer in answers.items():
        assert answer["description"]
        for kind, content in answer["content"].items():
            assert content["schema"], (status, kind)
        if "application/json" in answer["content"]:
            assert "example" in answer["content"]["application/json"], status


REFUSALS = {PUBLIC: {"400", "405", "500"}, ANY: {"400", "401", "405", "429", "500", "503"}}


@pytest.mark.parametrize("route", ROUTES)
def test_each_refusal_that_it_can_meet_is_told(route):
    statuses = set(told(route)["responses"])
    assert REFUSALS.get(route.scope, REFUSALS[ANY] | {"403"}) <= statuses
    assert "404" in statuses or not ("panel" in route.query or "{panel}" in route.path)
    assert "501" in statuses or not route.is_unbuilt
    assert "413" in statuses or "requestBody" not in told(route)


def test_an_example_of_a_refusal_is_one():
    for item in PATHS.values():
        for operation in item.values():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    example = answer["content"]["application/json"]["example"]
                    assert (example["data"], example["error_code"]) == ([], int(status))


async def test_any_good_key_reads_it(scripts):
    answer = await (await scripts.script("orders:read")).get("/openapi.json")
    assert (answer.status_code, answer.json()) == (200, json.loads(json.dumps(DOCUMENT)))
