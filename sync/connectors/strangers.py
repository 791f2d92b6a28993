"""Who answers where Perfect Panel's Admin API v2 should: a bot check, an ordinary web page, or another kind of panel.

A bot check may come with 200, and a web server that shuts a machine out says so with a plain page and 403.
"""

import msgspec

from sync import http
from sync.verdicts import Trouble

LOOKED_AT = 16_384
CHALLENGES = (
    b"just a moment", b"checking your browser", b"checking if the site connection is secure", b"_cf_chl_opt", b"cf-chl-",
    b"attention required!", b"verify you are human", b"verifying you are human", b"enable javascript and cookies to continue",
    b"ddos-guard", b"ddos protection by", b"sucuri website firewall", b"imunify360", b"bitninja",
)  # fmt: skip
"""What bot checks say, and ordinary pages do not: a shop may hold a captcha's script or a robots tag of its own."""

OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])


def page(answer: http.Answer) -> Trouble:
    """What an answer in HTML is."""
    start = answer.body[:LOOKED_AT].lower()
    if answer.status == 403 or not start.strip() or any(words in start for words in CHALLENGES):
        return Trouble("html")
    return Trouble("web_page", status=answer.status)


def software(body: bytes) -> str | None:
    """The kind of panel that answers so, where its form tells; None for Perfect Panel's own form and for what nobody knows."""
    try:
        found = OBJECT.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    if found.keys() & {"data", "error_code"}:
        return None
    if found.keys() >= {"count", "items"}:
        return "SocPanel"
    if found.keys() == {"error"} and bytes(found["error"]) == b'"bad_auth"':
        return "Rental Panel"
    told = bytes(found.get("status", b"")) in (b'"success"', b'"fail"')
    return "Admin API v1" if told and found.keys() & {"orders", "error"} else None
