"""An answer is judged by what it says; each error has its own class, and one sentence."""

import json

import pytest

from hyperpanel.client import errors
from hyperpanel.client.calls import Reply
from hyperpanel.client.replies import checked


def refused(status, body=None, headers=None, **told):
    """The error that an answer is."""
    text = (
        body if body is not None else json.dumps({"data": [], "error_message": "Do this.", "error_code": status} | told)
    )
    with pytest.raises(errors.ClientError) as problem:
        checked(Reply(status, headers or {}, text.encode()))
    return problem.value


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.BadAsk),
        (401, errors.BadKey),
        (403, errors.NotAllowed),
        (404, errors.NotThere),
        (405, errors.NoSuchPath),
        (409, errors.Conflict),
        (410, errors.Expired),
        (418, errors.BadAsk),
        (429, errors.TooFast),
        (500, errors.Broken),
        (501, errors.NotBuilt),
        (503, errors.Busy),
        (599, errors.Broken),
    ],
)
def test_each_refusal_has_its_class_and_its_sentence(status, kind):
    problem = refused(status, error_id="abcd-efgh")
    assert (type(problem), str(problem), problem.error_id) == (kind, "Do this.", "abcd-efgh")


def test_a_path_that_is_not_there_is_no_success_though_its_status_is():
    assert type(refused(200, error_code=100)) is errors.NoSuchPath


def test_an_ambiguous_id_names_its_panels():
    problem = refused(409, panels=["eu-1", "us-2"])
    assert isinstance(problem, errors.Ambiguous)
    assert problem.panels == ["eu-1", "us-2"]


def test_an_old_cursor_comes_with_a_new_one():
    problem = refused(410, cursor="c2")
    assert isinstance(problem, errors.Expired)
    assert problem.cursor == "c2"


def test_a_wrong_parameter_is_named():
    assert refused(400, fields=["limit"]).fields == ["limit"]


def test_a_limit_says_for_how_long():
    assert refused(429, headers={"retry-after": "9"}).after == 9


@pytest.mark.parametrize(
    "body",
    [
        "<html>sign in</html>",
        "",
        "[]",
        '"x"',
        "{",
        '{"error_code": "x"}',
        "ÿ",
    ],
)
@pytest.mark.parametrize("status", [200, 403, 404, 500])
def test_what_is_no_envelope_is_no_console(status, body):
    assert type(refused(status, body)) is errors.NoConsole


@pytest.mark.parametrize(("status", "kind"), [(429, errors.TooFast), (502, errors.Busy), (503, errors.Busy)])
def test_a_proxy_that_is_busy_is_believed(status, kind):
    assert type(refused(status, "<html>")) is kind


def test_where_a_redirect_leads_is_not_followed_and_not_told():
    problem = refused(302, "", {"location": "https://evil.example/?key"})
    assert type(problem) is errors.NoConsole
    assert "evil" not in str(problem)


def test_what_a_server_says_stays_one_line():
    assert str(refused(400, error_message="a\nb\x1b[31m" + "x" * 900)) == ("a b�[31m" + "x" * 900)[:500]


@pytest.mark.parametrize("code", [0, None])
def test_a_panel_says_success_in_either_way(code):
    reply = Reply(200, {}, json.dumps({"data": {}, "error_code": code, "error_message": None}).encode())
    assert checked(reply) is reply
