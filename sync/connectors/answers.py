"""What Perfect Panel's answers mean: the records of a list, or the Trouble that stands in their place.

Content is judged before status: a bad path answers 200 with error_code 100, a bot check answers HTML with 200 or 403.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

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
MOST_VALUES = 700_000
"""Commas in a body: each small value of a hostile list costs a hundred times its bytes in memory."""

SUSPECT, MOST_ROWS, MOST_FIELDS = 100_000, 50_000, 200_000
"""Commas from which the rows of a body are counted first; rows that no page has; commas that no single record has."""

LONGEST_REASON = 4096
FALSE = (b"null", b"false", b"0", b'"0"', b'""', b"[]", b"{}")


class Pagination(msgspec.Struct):
    next_page_href: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


Paging = Pagination | tuple[()] | None
"""PHP writes an object without anything in it as a list."""


class Envelope(msgspec.Struct):
    """What is not looked at stays as it came: a text of ours may take four times the upstream's bytes."""

    data: msgspec.Raw = wire.NOTHING
    pagination: Paging = None
    error_message: msgspec.Raw = wire.NOTHING
    error_code: msgspec.Raw = wire.NOTHING


class Listing(msgspec.Struct):
    list: list[msgspec.Raw]


class Listed(msgspec.Struct):
    """A list as it should come, in one pass over the body; whatever else comes is looked at more closely. `as_of`: of a console's copies."""

    data: Listing
    pagination: Paging = None
    error_code: msgspec.Raw = wire.NOTHING
    as_of: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class Anything(msgspec.Struct, gc=False):
    """An object, and nothing of what is in it."""


class Counting(msgspec.Struct):
    list: list[Anything]


class Counted(msgspec.Struct):
    data: Counting


class Refusal(msgspec.Struct):
    error: msgspec.Raw


ENVELOPE = msgspec.json.Decoder(Envelope)
LISTED = msgspec.json.Decoder(Listed)
COUNTED = msgspec.json.Decoder(Counted)
OBJECTS = msgspec.json.Decoder(list[Anything])
RAWS = msgspec.json.Decoder(list[msgspec.Raw])
REFUSAL = msgspec.json.Decoder(Refusal)
FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])
VALUE = msgspec.json.Decoder()


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
    code = told(envelope.error_code)
    if code or answer.status >= 400:
        refuse(answer, code or "0", told(envelope.error_message))
    return envelope


def listed(answer: http.Answer, stream: str) -> Listed:
    """The records of a list, or the Trouble that stands in their place."""
    commas = judge(answer)
    try:
        refuse_many(commas, lambda: COUNTED.decode(answer.body).data.list)
        found = wire.decoded(LISTED, answer.body)
    except wire.UNREADABLE:
        found = None
    if found is not None and answer.status < 300 and not told(found.error_code):
        return found
    envelope = enveloped(answer)
    if bytes(envelope.data) == b"[]":  # the form of an error, though none is named
        raise Trouble("refused", detail="an empty answer without a reason")
    raise Trouble("shape", detail=f"it holds no list of {stream}")


def refuse_many(commas: int, rows: Callable[[], Sequence[Anything]]) -> None:
    """Before each of them becomes an object of ours."""
    if commas > SUSPECT and len(rows()) > MOST_ROWS:
        raise Trouble("too_large", limit=http.BODY_CAP // 2**20)


def single(answer: http.Answer, by_words: bool = True) -> msgspec.Raw | None:
    """The record that was asked for by its own address; None where the answer says that it is not there: by its status, or as panels do, by
    words that come with any."""
    if answer.body.count(b",") > MOST_FIELDS:
        raise Trouble("too_large", limit=http.BODY_CAP // 2**20)
    if answer.status in NOT_THERE and not answer.body.strip():
        return None
    envelope = opened(answer)
    if answer.status in NOT_THERE or (by_words and says_absent(answer, envelope)):
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
    code, said = told(envelope.error_code), told(envelope.error_message).lower()
    absent = code in NO_SUCH_RECORD or (code != "" and any(words in said for words in NO_SUCH_WORDS))
    return absent and bytes(envelope.data) in EMPTY and answer.status not in (401, 403)


def told(raw: msgspec.Raw) -> str:
    """A code, or a reason: a text, or a list of them by field. Empty where there is none; a long one is cut off."""
    start = bytes(memoryview(raw)[: LONGEST_REASON + 1])
    if start in FALSE:
        return ""
    try:
        if len(start) <= LONGEST_REASON:
            return str(wire.decoded(VALUE, start) or "")
    except wire.UNREADABLE:
        pass
    return start[:200].decode(errors="replace")


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
    raise Trouble("refused", detail=f"{message[:200] or 'no reason given'} (error {code[:40]})")


def judge(answer: http.Answer) -> int:
    """How many commas it has, since to count them takes a while."""
    if answer.status == 429:  # a proxy says so in HTML
        raise Trouble("rate", retry_after=http.retry_seconds(answer, answer.date or datetime.now(UTC)))
    if (commas := answer.body.count(b",")) > MOST_VALUES:
        raise Trouble("too_large", limit=http.BODY_CAP // 2**20)
    if 300 <= answer.status < 400:
        raise Trouble("redirect", target=place(answer.location))
    if answer.status >= 500:
        raise Trouble("server", status=answer.status)
    start = answer.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<") or (not start and "html" in answer.content_type):
        raise strangers.page(answer)
    return commas


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
    return bytes(memoryview(pagination.next_page_href)[:8]) not in FALSE


def catalogue(answer: http.Answer) -> list[msgspec.Raw]:
    """The array of services; errors come with 200 as {"error": "text"}, in some clones with 4xx."""
    commas = judge(answer)
    try:
        refuse_many(commas, lambda: OBJECTS.decode(answer.body))
        return wire.decoded(RAWS, answer.body)
    except wire.UNREADABLE:
        pass
    try:
        error = wire.decoded(REFUSAL, answer.body).error
    except wire.UNREADABLE:
        enveloped(answer)  # says what it is: an error in the other API's form, another kind of panel, no JSON
        raise Trouble("shape", detail="it holds no list of services") from None
    reason = told(error)
    if "api key" in reason.lower() or answer.status == 401:
        raise Trouble("auth")
    judge_status(answer)
    raise Trouble("refused", detail=reason[:200])
