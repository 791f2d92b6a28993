"""What an answer says: its data, or the error that it is. A success is judged by the JSON, never by the status alone: a panel answers a path
that it does not know with 200."""

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from hyperpanel.client.calls import NDJSON, Reply
from hyperpanel.client.errors import (
    Ambiguous,
    BadAsk,
    BadKey,
    Broken,
    Busy,
    ClientError,
    Conflict,
    Expired,
    Later,
    NoConsole,
    NoSuchPath,
    NotAllowed,
    NotBuilt,
    NotThere,
    TooFast,
)
from hyperpanel.client.retries import retry_after

T = TypeVar("T")
NO_SUCH_PATH = 100
LONGEST = 500
KINDS: dict[int, type[ClientError]] = {
    NO_SUCH_PATH: NoSuchPath,
    400: BadAsk,
    401: BadKey,
    403: NotAllowed,
    404: NotThere,
    405: NoSuchPath,
    409: Conflict,
    410: Expired,
    422: BadAsk,
    429: TooFast,
    500: Broken,
    501: NotBuilt,
    502: Busy,
    503: Busy,
    504: Busy,
}
ELSE = "Look at what answers at this address."
STEPS = {
    BadKey: "This key is not accepted. Give one that is in force, from an address that it allows.",
    NotThere: "There is no such record, or this key may not see it.",
    TooFast: "Too many calls. Wait, then go on.",
    Busy: "The server can answer nobody at the moment. Try again later.",
}
"""What is said where the server says nothing itself."""


class Head(msgspec.Struct):
    """All of an envelope but its data, of a console or a Perfect Panel."""

    data: msgspec.Raw = msgspec.Raw(b"null")
    error_message: str | None = ""
    error_code: int | None = 0
    error_id: str = ""
    panels: Sequence[str] = ()
    fields: Sequence[str] = ()
    cursor: str = ""


HEAD = msgspec.json.Decoder(Head)


def checked(reply: Reply) -> Reply:
    """The same, where it is a success. Raises a ClientError."""
    if 300 <= reply.status < 400:
        raise NoConsole("The address leads on to another one, and the key is not sent there. Write the other one.")
    head = head_of(reply)
    if head is None:
        raise without_json(reply)
    if reply.status >= 400 or head.error_code:
        raise refusal(reply, head)
    return reply


def head_of(reply: Reply) -> Head | None:
    """None for what is no envelope, such as a page of a login or of bot protection."""
    try:
        return HEAD.decode(reply.body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def without_json(reply: Reply) -> ClientError:
    kind = KINDS.get(reply.status)
    if kind and issubclass(kind, Later):
        return with_wait(kind(STEPS[kind]), reply)
    return NoConsole(f"What answers there, with status {reply.status}, is no admin API. Look at the address.")


def refusal(reply: Reply, head: Head) -> ClientError:
    code = head.error_code if head.error_code in KINDS and reply.status < 400 else reply.status
    kind = KINDS.get(code or 0, Broken if reply.status >= 500 else BadAsk)
    if kind is Conflict and head.panels:
        kind = Ambiguous
    problem = kind(one_line(head.error_message or "") or STEPS.get(kind, f"Refused with status {reply.status}. {ELSE}"))
    problem.error_id = one_line(head.error_id)
    for name in ("panels", "fields", "cursor"):
        if hasattr(problem, name):
            setattr(problem, name, getattr(head, name))
    return with_wait(problem, reply)


def with_wait(problem: ClientError, reply: Reply) -> ClientError:
    if isinstance(problem, Later):
        problem.after = retry_after(reply.headers)
    return problem


def one_line(text: str) -> str:
    """A server may say anything; a terminal or a log must not obey it."""
    flat = " ".join(text.split())[:LONGEST]
    return "".join(letter if letter.isprintable() else "�" for letter in flat)


def decoded(body: bytes, decoder: "msgspec.json.Decoder[T]") -> T:
    """Raises NoConsole for what has another shape."""
    try:
        return decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
        raise NoConsole(f"The answer has another shape than this client knows ({one_line(str(problem))}).") from None


def has_lines(reply: Reply) -> bool:
    return reply.status == 200 and reply.headers.get("content-type", "").startswith(NDJSON)


def plain(body: bytes) -> Any:
    """The data as it stands: dicts, lists, texts and numbers."""
    return msgspec.json.decode(HEAD.decode(body).data)
