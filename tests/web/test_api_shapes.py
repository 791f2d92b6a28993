"""Records read from schemas: what a field may be, in words, and where it leads."""

from typing import Any

import pytest

from hyperpanel.web import api_shapes

MONEY = {"title": "Money", "properties": {"value": {"type": "string", "examples": ["0.03"]}}, "required": ["value"]}
ORDER: dict[str, Any] = {
    "title": "Order",
    "description": "An order.",
    "properties": {
        "id": {"oneOf": [{"type": "integer"}, {"type": "string"}], "description": "Its number.", "examples": [906386]},
        "charge": {"$ref": "#/components/schemas/Money"},
        "state": {"enum": ["done", "open"]},
        "user": {"type": ["string", "null"]},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["id"],
}
ROWS = {
    "properties": {
        "count": {"type": "integer"},
        "list": {"type": "array", "items": {"$ref": "#/components/schemas/Order"}},
    }
}
LISTED = {
    "properties": {"data": {"$ref": "#/components/schemas/Rows"}, "error_code": {"type": "integer", "default": 0}}
}
SCHEMAS: dict[str, Any] = {"Money": MONEY, "Order": ORDER, "Rows": ROWS, "Listed": LISTED}
REF: dict[str, Any] = {"$ref": "#/components/schemas/Listed"}


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ({"type": "integer"}, "integer"),
        ({"type": ["string", "null"]}, "string or null"),
        ({"oneOf": [{"type": "string"}, {"type": "null"}]}, "string or null"),
        ({"type": "string", "format": "date-time"}, "string (date-time)"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Money"}}, "list of Money"),
        ({"enum": ["a", "b"]}, "string"),
    ],
)
def test_a_type_is_told_in_words(schema, told):
    assert api_shapes.kind(SCHEMAS, schema) == told


def test_what_can_only_be_one_of_a_few_tells_them():
    assert api_shapes.choices(SCHEMAS, {"oneOf": [{"enum": ["a", "b"]}, {"type": "null"}]}) == ["a", "b"]
    assert api_shapes.choices(SCHEMAS, {"type": "string"}) == []


def test_a_record_tells_its_fields_and_where_they_lead():
    shape = api_shapes.shape(SCHEMAS, "Order")
    fields = {field.name: field for field in shape.fields}
    assert (shape.name, shape.told) == ("Order", "An order.")
    assert (fields["id"].kind, fields["id"].told, fields["id"].is_always) == ("integer or string", "Its number.", True)
    assert (fields["charge"].shape, fields["charge"].is_always) == ("Money", False)


def test_what_is_told_of_an_answer_begins_within_its_envelope():
    assert list(api_shapes.within(SCHEMAS, REF)) == ["Order", "Money"]


def test_a_record_that_holds_itself_is_told_once():
    looped = {"Node": {"properties": {"next": {"$ref": "#/components/schemas/Node"}}}}
    assert list(api_shapes.within(looped, {"$ref": "#/components/schemas/Node"})) == ["Node"]
