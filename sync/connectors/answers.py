"""What Perfect Panel's answers mean: the records of a list, or the Trouble that stands in their place.

Content is judged before status: a bad path answers 200 with error_code 100, a bot check answers HTML with 200 or 403.
"""

from datetime import UTC, datetime
from typing import Any

import msgspec

from sync import http
from sync.connectors import strangers, wire
from sync.verdicts import Trouble

NOT_FOUND_CODE = 100
NOT_THERE = frozenset({404, 410})
NO_SUCH_RECORD = frozenset({"100", "404", "410"})
NO_SUCH_WORDS = ("not found", "not_found", "not exist", "no such", "doesn't exist")
EMPTY = (b"[]", b"{}", b"null", b'""', b"false")
DETAIL_ONLY = frozenset({"actions", "messages"})
MOST_VALUES = 1_000_000
"""Commas in a body: each small value of a hostile list costs a hundred times its bytes in memory."""


class Pagination(msgspec.Struct):
    next_page_href: str | bool | int | msgspec.UnsetType | None = msgspec.UNSET


Paging = Pagination | list[Any] | None
"""PHP writes an object without anything in it as a list."""
Code = int | str | bool | None


class Envelope(msgspec.Struct):
    data: msgspec.Raw = wire.NOTHING
    pagination: Paging = None
    error_message: Any = None
    error_code: Code = None


class Listing(msgspec.Struct):
    list: list[msgspec.Raw]


class Listed(msgspec.Struct):
    """A list as it should come, in one pass over the body; whatever else comes is looked at more closely."""

    data: Listing
    pagination: Paging = None
    error_code: Code = None


class Refusal(msgspec.Struct):
    error: str


ENVELOPE = msgspec.json.Decoder(Envelope)
LISTED = msgspec.json.Decoder(Listed)
RAWS = msgspec.json.Decoder(list[msgspec.Raw])
REFUSAL = msgspec.json.Decoder(Refusal)
FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])


def enveloped(answer: http.Answer) -> Envelope:
    """The JSON of a success."""
    return accepted(answer, opened(answer))


def opened(answer: http.Answer) -> Envelope:
    """The JSON, success or not; content is judged before status, since challenges come with any status."""
    judge(answer)
    try:
        envelope = wire.decoded(ENVELOPE, answer.body)
    except wire.UNREADABLE:
        judge_status(answer)
        raise Trouble("not_json") from None
    if named := strangers.software(answer.body):
        raise Trouble("other_software", software=named)
    return envelope


def accepted(answer: http.Answer, envelope: Envelope) -> Envelope:
    code = str(envelope.error_code or 0)
    if code != "0" or answer.status >= 400:
        refuse(answer, code, reason(envelope))
    return envelope


def listed(answer: http.Answer, stream: str) -> Listed:
    """The records of a list, or the Trouble that stands in their place."""
    judge(answer)
    try:
        found = wire.decoded(LISTED, answer.body)
    except wire.UNREADABLE:
        found = None
    if found is not None and answer.status < 300 and str(found.error_code or 0) == "0":
        return found
    envelope = enveloped(answer)
    if bytes(envelope.data) == b"[]":  # the form of an error, though none is named
        raise Trouble("refused", detail="an empty answer without a reason")
    raise Trouble("shape", detail=f"it holds no list of {stream}")


def single(answer: http.Answer) -> msgspec.Raw | None:
    """The record that was asked for by its own address; None where the answer says that it is not there."""
    if answer.status in NOT_THERE and not answer.body.strip():
        return None
    envelope = opened(answer)
    if says_absent(answer, envelope):
        return None
    data = accepted(answer, envelope).data
    if bytes(data) in EMPTY:
        raise Trouble("refused", detail="an empty answer without a reason")
    return data


def as_listed(record: msgspec.Raw) -> msgspec.Raw:
    """Without what only its own address tells: so its bytes can be those of the list, and a long thread is not read with it."""
    try:
        fields = wire.decoded(FIELDS, bytes(record))
    except wire.UNREADABLE:
        return record
    kept = {name: value for name, value in fields.items() if name not in DETAIL_ONLY}
    return msgspec.Raw(msgspec.json.encode(kept))


def says_absent(answer: http.Answer, envelope: Envelope) -> bool:
    """With 404, or with any status and a reason. Another error's data is empty too: a moment's weakness is no proof that a record is gone."""
    if answer.status in NOT_THERE:
        return True
    code, said = str(envelope.error_code or 0), reason(envelope).lower()
    told = code in NO_SUCH_RECORD or (code != "0" and any(words in said for words in NO_SUCH_WORDS))
    return told and bytes(envelope.data) in EMPTY and answer.status not in (401, 403)


def reason(envelope: Envelope) -> str:
    """A text, or a list of them by field."""
    told = envelope.error_message
    return str(told or "")


def refuse(answer: http.Answer, code: str, message: str) -> None:
    if code == str(NOT_FOUND_CODE):
        raise Trouble("not_found", status=answer.status)
    judge_status(answer)
    if code == "401":
        raise Trouble("auth")
    if code == "403":
        raise Trouble("forbidden", detail="error 403")
    if code == "429":
        raise Trouble("rate")
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
        raise strangers.page(answer)


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


def more(pagination: Paging) -> bool | None:
    if not isinstance(pagination, Pagination) or pagination.next_page_href is msgspec.UNSET:
        return None
    return bool(pagination.next_page_href)


def catalogue(answer: http.Answer) -> list[msgspec.Raw]:
    """The array of services; errors come with 200 as {"error": "text"}, in some clones with 4xx."""
    judge(answer)
    try:
        return wire.decoded(RAWS, answer.body)
    except wire.UNREADABLE:
        pass
    try:
        reason = wire.decoded(REFUSAL, answer.body).error
    except wire.UNREADABLE:
        judge_status(answer)
        raise Trouble("not_json") from None
    if "api key" in reason.lower() or answer.status == 401:
        raise Trouble("auth")
    judge_status(answer)
    raise Trouble("refused", detail=reason[:200])
