"""What Perfect Panel's answers mean: the records of a list, or the Trouble that stands in their place.

Content is judged before status: a bad path answers 200 with error_code 100, a bot check answers HTML with 200 or 403.
"""

from datetime import UTC, datetime

import msgspec

from sync import http
from sync.connectors import wire
from sync.verdicts import Trouble

NOT_FOUND_CODE = 100
MOST_VALUES = 1_000_000
"""Commas in a body: each small value of a hostile list costs a hundred times its bytes in memory."""


class Pagination(msgspec.Struct):
    next_page_href: str | msgspec.UnsetType | None = msgspec.UNSET


class Envelope(msgspec.Struct):
    data: msgspec.Raw = wire.NOTHING
    pagination: Pagination | None = None
    error_message: str | None = None
    error_code: int | str | None = None


class Listing(msgspec.Struct):
    list: list[msgspec.Raw]


class Listed(msgspec.Struct):
    """A list as it should come, in one pass over the body; whatever else comes is looked at more closely."""

    data: Listing
    pagination: Pagination | None = None
    error_code: int | str | None = None


class Refusal(msgspec.Struct):
    error: str


ENVELOPE = msgspec.json.Decoder(Envelope)
LISTED = msgspec.json.Decoder(Listed)
RAWS = msgspec.json.Decoder(list[msgspec.Raw])
REFUSAL = msgspec.json.Decoder(Refusal)


def enveloped(answer: http.Answer) -> Envelope:
    """The JSON of a success; content is judged before status, since challenges come with any status."""
    judge(answer)
    try:
        envelope = ENVELOPE.decode(answer.body)
    except msgspec.MsgspecError:
        judge_status(answer)
        raise Trouble("not_json") from None
    code = str(envelope.error_code or 0)
    if code != "0" or answer.status >= 400:
        refuse(answer, code, envelope.error_message or "")
    return envelope


def listed(answer: http.Answer) -> Listed:
    """The records of a list, or the Trouble that stands in their place."""
    judge(answer)
    try:
        found = LISTED.decode(answer.body)
    except msgspec.MsgspecError:
        found = None
    if found is not None and answer.status < 300 and str(found.error_code or 0) == "0":
        return found
    envelope = enveloped(answer)
    if bytes(envelope.data) == b"[]":  # the form of an error, though none is named
        raise Trouble("refused", detail="an empty answer without a reason")
    raise Trouble("shape", detail="it holds no list of orders")


def refuse(answer: http.Answer, code: str, message: str) -> None:
    if code == str(NOT_FOUND_CODE):
        raise Trouble("not_found", status=answer.status)
    judge_status(answer)
    raise Trouble("refused", detail=f"{message[:200] or 'no reason given'} (error {code})")


def judge(answer: http.Answer) -> None:
    if answer.status == 429:  # a proxy says so in HTML
        raise Trouble("rate", retry_after=http.retry_seconds(answer, answer.date or datetime.now(UTC)))
    if answer.body.count(b",") > MOST_VALUES:
        raise Trouble("too_large", limit=http.BODY_CAP // 2**20)
    if 300 <= answer.status < 400:
        raise Trouble("redirect", target=place(answer.location))
    if answer.status >= 500:
        raise Trouble("server", status=answer.status)
    start = answer.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<") or (not start and "html" in answer.content_type):
        raise Trouble("html")


def judge_status(answer: http.Answer) -> None:
    if answer.status == 401:
        raise Trouble("auth")
    if answer.status == 403:
        raise Trouble("forbidden", detail="HTTP 403")
    if answer.status == 404:
        raise Trouble("not_found", status=404)
    if answer.status >= 400:
        raise Trouble("refused", detail=f"HTTP {answer.status}")


def place(location: str | None) -> str:
    """Where a redirect points to, without its query, which may hold a key."""
    return (location or "nowhere").split("?")[0][:200]


def more(pagination: Pagination | None) -> bool | None:
    if pagination is None or pagination.next_page_href is msgspec.UNSET:
        return None
    return bool(pagination.next_page_href)


def catalogue(answer: http.Answer) -> list[msgspec.Raw]:
    """The array of services; errors come with 200 as {"error": "text"}, in some clones with 4xx."""
    judge(answer)
    try:
        return RAWS.decode(answer.body)
    except msgspec.MsgspecError:
        pass
    try:
        reason = REFUSAL.decode(answer.body).error
    except msgspec.MsgspecError:
        judge_status(answer)
        raise Trouble("not_json") from None
    if "api key" in reason.lower() or answer.status == 401:
        raise Trouble("auth")
    judge_status(answer)
    raise Trouble("refused", detail=reason[:200])
