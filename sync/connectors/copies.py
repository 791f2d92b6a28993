"""What a console's answers hold beside the records: to when they are right, and a last line that says that nothing was cut off."""

from datetime import datetime

import msgspec

from sync import http
from sync.connectors import answers, excerpts, wire
from sync.connectors.base import Unread
from sync.verdicts import Trouble

ROW = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Told(msgspec.Struct):
    """`held_since`: all records that were created later are held; None where the console does not know, or does not say."""

    as_of: datetime | None = None
    held_since: datetime | None = msgspec.field(name="reaches_back_to", default=None)


class Said(msgspec.Struct):
    is_cut: bool = False


class Thread(msgspec.Struct):
    """`messages_as_of`: to when the thread of a ticket is right; `before`: earlier messages that are not told; `is_current`: it was read since
    the ticket became what it is."""

    messages: list[Said]
    messages_as_of: datetime | None = None
    before: int = msgspec.field(name="messages_before", default=0)
    is_current: bool = msgspec.field(name="messages_are_current", default=False)

    def lacking(self) -> list[Unread]:
        """What of a long thread, or of a long message, a console does not tell."""
        cut = [
            Unread(str(place), "the console tells only its beginning")
            for place, one in enumerate(self.messages)
            if one.is_cut
        ]
        return [*cut, *([Unread("earlier", f"{self.before} earlier messages are not told")] if self.before else [])]


class Price(msgspec.Struct):
    value: msgspec.Raw


class Offered(msgspec.Struct):
    """A service as a console writes it."""

    id: wire.Id
    name: str
    rate: Price | None
    min: wire.Number
    max: wire.Number
    type: str | None = None
    category: str | None = None
    refill: bool | None = None
    cancel: bool | None = None
    as_of: datetime | None = None


class Ended(msgspec.Struct):
    count: int


class End(msgspec.Struct):
    end: Ended


THREAD = msgspec.json.Decoder(Thread)
TOLD = msgspec.json.Decoder(Told)
OFFERED = msgspec.json.Decoder(Offered)
END = msgspec.json.Decoder(End)


def told(body: bytes) -> Told:
    try:
        return wire.decoded(TOLD, body)
    except wire.UNREADABLE as problem:
        raise Trouble("shape", detail=str(problem)) from None


def whitelisted(stream: str, row: msgspec.Raw) -> msgspec.Raw:
    """What is kept of a record: the rest of it changes with every answer."""
    try:
        fields = wire.decoded(ROW, wire.bounded(row))
    except wire.UNREADABLE:
        return row
    kept = {name: fields[name] for name in excerpts.FIELDS[stream] if name in fields}
    return msgspec.Raw(msgspec.json.encode(kept))


def whole(answer: http.Answer) -> list[msgspec.Raw]:
    """The rows of an answer in lines. Raises Trouble where the last line is not there, or counts another number of them."""
    answers.judge(answer)
    *rows, last = [msgspec.Raw(line) for line in answer.body.splitlines() if line] or [msgspec.Raw(b"null")]
    try:
        if answer.status == 200 and END.decode(last).end.count == len(rows):
            return rows
    except wire.UNREADABLE:
        pass
    if not rows:
        answers.enveloped(answer)  # says what it refuses
    raise Trouble("cut")


def offered(row: msgspec.Raw) -> tuple[msgspec.Raw, datetime | None]:
    """A service in the form of a panel's own catalogue, and to when it is right; as it came, where it cannot be read."""
    try:
        found = wire.decoded(OFFERED, wire.bounded(row))
    except wire.UNREADABLE:
        return row, None
    rate = None if found.rate is None else found.rate.value
    same = {name: getattr(found, name) for name in ("name", "min", "max", "type", "category", "refill", "cancel")}
    return msgspec.Raw(msgspec.json.encode({"service": found.id, "rate": rate, **same})), found.as_of


def thread(detail: msgspec.Raw) -> Thread:
    try:
        return wire.decoded(THREAD, bytes(detail))
    except wire.UNREADABLE as problem:
        raise Trouble("shape", detail=str(problem)) from None
