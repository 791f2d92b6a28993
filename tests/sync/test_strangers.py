"""Who answers where Perfect Panel should: content is judged, since bot checks and shops come with any status."""

import pytest

from sync.connectors import strangers
from sync.http import Answer

SHOP = b"""<!doctype html><title>Sign in</title><meta name="robots" content="index">
<script src="https://www.google.com/recaptcha/api.js"></script><form>your password</form>"""


def html(body: bytes, status: int = 200) -> Answer:
    return Answer(status, body, "text/html", None, None, None)


@pytest.mark.parametrize(
    "body",
    [
        b"<html><title>Just a moment...</title>",
        b"<title>Attention Required! | Cloudflare</title>",
        b"<p>Checking your browser before accessing",
        b"<script>window._cf_chl_opt = {}</script>",
        b"<title>DDoS-Guard</title>",
        b"",
    ],
)
def test_a_bot_check_is_known_by_its_words(body):
    assert strangers.page(html(body)).code == "html"


def test_a_web_server_that_refuses_this_machine_is_like_a_bot_check():
    assert strangers.page(html(b"<h1>403 Forbidden</h1>", 403)).code == "html"


@pytest.mark.parametrize("status", [200, 404])
def test_a_page_for_people_is_an_ordinary_one_captcha_or_not(status):
    found = strangers.page(html(SHOP, status))
    assert (found.code, found.details["status"]) == ("web_page", status)


@pytest.mark.parametrize(
    ("body", "software"),
    [
        (b'{"error":"bad_auth"}', "Rental Panel"),
        (b'{"status":"success","orders":[]}', "Admin API v1"),
        (b'{"status":"fail","error":"bad_action"}', "Admin API v1"),
        (b'{"count":0,"items":[]}', "SocPanel"),
    ],
)
def test_another_kind_of_panel_is_known_by_its_form(body, software):
    assert strangers.software(body) == software


@pytest.mark.parametrize(
    "body",
    [
        b'{"data":[],"error_message":"bad_auth","error_code":401}',
        b'{"data":{"count":1,"items":[],"list":[]}}',
        b'{"error":"Invalid API key"}',
        b'{"status":"error","message":"Not found"}',
        b'{"status":200,"error":"Not found"}',
        b"[]",
        b"nothing",
    ],
)
def test_what_anybody_might_answer_tells_of_no_software(body):
    assert strangers.software(body) is None
