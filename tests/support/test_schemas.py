"""A sample of what a schema describes."""

from typing import Any

from hyperpanel.support import schemas

MONEY = {"properties": {"value": {"type": "string", "examples": ["0.03"]}}}
ORDER: dict[str, Any] = {
    "properties": {
        "id": {"oneOf": [{"type": "integer"}, {"type": "string"}], "examples": [906386]},
        "charge": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Money"}]},
        "state": {"enum": ["done", "open"]},
        "user": {"type": ["string", "null"]},
        "at": {"type": "string", "format": "date-time"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "left": {"type": "integer", "default": 7},
    }
}
KNOWN: dict[str, Any] = {"Money": MONEY, "Order": ORDER}


def test_a_sample_is_made_of_the_examples_of_its_parts():
    told = schemas.sample(KNOWN, {"$ref": "#/components/schemas/Order"})
    made = {"id": 906386, "charge": {"value": "0.03"}, "state": "done", "user": "", "at": schemas.MOMENT}
    assert told == made | {"tags": [""], "left": 7}


def test_an_example_of_its_own_goes_before_those_of_its_parts():
    assert schemas.sample(KNOWN, {**ORDER, "examples": [{"id": 1}]}) == {"id": 1}


def test_a_record_that_holds_itself_has_a_sample():
    looped = {"Node": {"properties": {"next": {"$ref": "#/components/schemas/Node"}}}}
    assert "next" in schemas.sample(looped, {"$ref": "#/components/schemas/Node"})
