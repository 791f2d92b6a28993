"""The same trouble by whatever number and words a provider says it."""

from datetime import timedelta
from email.utils import format_datetime

import pytest

from hyperpanel.ai.refused import interrupted, refused, retry_after
from tests.support.records import NOON

SAID = [
    (401, {}, "key_refused"),
    (402, {}, "not_allowed"),
    (403, {}, "not_allowed"),
    (404, {"code": "model_not_found"}, "no_model"),
    (413, {}, "too_long"),
    (429, {"code": "rate_limit_exceeded"}, "limited"),
    (429, {"code": "insufficient_quota"}, "not_allowed"),
    (400, {"message": "Your credit balance is too low to access the API."}, "not_allowed"),
    (400, {"code": "context_length_exceeded"}, "too_long"),
    (400, {"message": "prompt is too long: 210000 tokens > 200000 maximum"}, "too_long"),
    (400, {"message": "the request exceeds the available context size"}, "too_long"),
    (400, {"message": "model 'x' not found, try pulling it first"}, "no_model"),
    (400, {"message": "Unknown parameter: 'stream_options'."}, "broken"),
    (422, {}, "broken"),
    (501, {}, "broken"),
    (500, {}, "server"),
    (502, {}, "server"),
    (503, {}, "overloaded"),
    (529, {}, "overloaded"),
    (418, {}, "broken"),
    (302, {}, "unreachable"),
]


@pytest.mark.parametrize(("status", "error", "kind"), SAID)
def test_each_refusal_has_its_kind_in_either_shape(status, error, kind):
    assert refused(status, {}, error, NOON).kind == kind
    assert refused(status, {}, {"error": error}, NOON).kind == kind


@pytest.mark.parametrize("body", [None, 7, [], "text", {"error": None}, {"error": ["a"]}, {"message": {"a": 1}}])
def test_a_body_of_any_shape_is_no_bug(body):
    assert refused(500, {}, body, NOON).kind == "server"
    assert interrupted(body).kind == "server"


def test_only_what_may_pass_may_be_asked_again():
    again = {kind for status, error, kind in SAID if refused(status, {}, error, NOON).may_repeat}
    assert again == {"limited", "overloaded", "server"}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        ({"retry-after": format_datetime(NOON + timedelta(seconds=9), usegmt=True)}, 9.0),
        ({"retry-after": "999999999"}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_when_to_ask_again_is_read_in_every_spelling(headers, seconds):
    assert retry_after(headers, NOON) == seconds
    assert refused(429, headers, {}, NOON).after == seconds
