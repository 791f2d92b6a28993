"""What is said of a wrong value: what came, cut short, and what may stand there."""

import pytest

from hyperpanel.api.wrong_values import allowed, shown

ALLOWED = [
    ({"enum": ["a", "b"]}, "one of a, b"),
    ({"type": "integer"}, "a whole number"),
    ({"type": "integer", "minimum": 0}, "a whole number from 0 on"),
    ({"type": "number", "maximum": 9.0}, "a number up to 9"),
    ({"type": "number", "minimum": 1, "maximum": 9}, "a number from 1 to 9"),
    ({"type": "boolean"}, "true or false"),
    ({"type": "string", "maxLength": 50}, "a text of at most 50 signs"),
    ({"type": "string"}, "what the API page says"),
]


@pytest.mark.parametrize(("schema", "told"), ALLOWED)
def test_what_may_stand_there_is_as_the_document_has_it(schema, told):
    assert allowed(schema) == told


@pytest.mark.parametrize(
    ("came", "told"), [("-1", "-1"), ("1.5", "1.5"), ("1e9", '"1e9"'), ('a"b', '"a\\"b"'), ("a" * 61, f'"{"a" * 60}…"')]
)
def test_what_came_is_quoted_unless_it_is_a_number(came, told):
    assert shown(came) == told
