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


class Traits(msgspec.Struct):
    """What kinds of panels are told apart by. Of an object with a million fields a dict would be a hundred times as large."""

    data: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    error_code: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    count: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    items: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    orders: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    error: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    status: msgspec.Raw = msgspec.Raw(b"")


class ErrorAlone(msgspec.Struct, forbid_unknown_fields=True):
    error: msgspec.Raw


TRAITS = msgspec.json.Decoder(Traits)
ERROR_ALONE = msgspec.json.Decoder(ErrorAlone)


def page(answer: http.Answer) -> Trouble:
    """What an answer in HTML is."""
    start = answer.body[:LOOKED_AT].lower()
    if answer.status == 403 or not start.strip() or any(words in start for words in CHALLENGES):
        return Trouble("html")
    return Trouble("web_page", status=answer.status)


def software(body: bytes) -> str | None:
    """The kind of panel that answers so, where its form tells; None for Perfect Panel's own form and for what nobody knows."""
    try:
        found = TRAITS.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    if has(found.data) or has(found.error_code):
        return None
    if has(found.count) and has(found.items):
        return "SocPanel"
    if is_bad_auth(body):
        return "Rental Panel"
    told = bytes(found.status) in (b'"success"', b'"fail"')
    return "Admin API v1" if told and (has(found.orders) or has(found.error)) else None


def has(field: msgspec.Raw | msgspec.UnsetType) -> bool:
    return field is not msgspec.UNSET


def is_bad_auth(body: bytes) -> bool:
    try:
        return bytes(ERROR_ALONE.decode(body).error) == b'"bad_auth"'
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False
