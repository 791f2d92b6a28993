"""An answer on its way: whole or event by event, in time or late, to its end or torn, and what of it was sent.

Whoever asks may go away in the middle; what was made for him is billed all the same, as the real services do.
"""

from dataclasses import dataclass

from hyperpanel.sandbox.ai_behaviours import Behaviour
from hyperpanel.sandbox.ai_exchange import Protocol, Question, Speech
from hyperpanel.sandbox.ai_records import Asked
from hyperpanel.sandbox.exchange import HTML, Answer
from hyperpanel.sandbox.stammer import LINGER, Caller, hang, hang_up, tear
from hyperpanel.sandbox.wire import speak, start

LATE = ("late", "late_and_slow")
SLOW = ("drip", "late_and_slow")
USAGE_LAST = 2  # frames at the end without which a stream has no usage, and no end mark
GARBLED = b'data: {"choices": [{"delta\n\n'
STRAY = {
    "html": Answer(200, b"<!DOCTYPE html><html><head><title>Gateway</title></head><body>Sign in</body></html>", HTML),
    "empty_body": Answer(200, b"", "application/json"),
    "redirect": Answer(302, b"", HTML, {"location": "https://elsewhere.example/v1/chat/completions"}),
}


@dataclass(frozen=True)
class Saying:
    protocol: Protocol
    question: Question
    speech: Speech
    behaviour: Behaviour
    id_header: str


async def say(saying: Saying, asked: Asked, caller: Caller) -> None:
    behaviour = saying.behaviour
    if behaviour.kind in LATE and await hang(caller.receive, behaviour.seconds):
        asked.outcome = "gone"
        return
    if behaviour.kind == "reset":
        asked.outcome = "cut"
        return await tear(caller)
    if behaviour.kind in STRAY:
        asked.outcome = behaviour.kind
        return await speak(caller.send, STRAY[behaviour.kind], {})
    headers = {saying.id_header: f"req_{asked.id}"}
    if saying.question.streams:
        await _stream(saying, asked, caller, headers)
    else:
        await _whole(saying, asked, caller, headers)


async def _whole(saying: Saying, asked: Asked, caller: Caller, headers: dict[str, str]) -> None:
    body = saying.protocol.whole(saying.question, saying.speech, asked.id)
    answer = Answer(200, body, "application/json", headers)
    kind = saying.behaviour.kind
    if kind in ("cut", "hang", "reset_after_headers"):
        await start(caller.send, answer, {})
        return await _torn(saying, asked, caller, body)
    asked.told, asked.outcome = saying.speech.usage == "fair", "done"
    await speak(caller.send, answer, {})


async def _stream(saying: Saying, asked: Asked, caller: Caller, headers: dict[str, str]) -> None:
    answer = Answer(
        200, b"", "text/event-stream; charset=utf-8", {**headers, "cache-control": "no-cache", "content-length": ""}
    )
    await start(caller.send, answer, {})
    frames = saying.protocol.frames(saying.question, saying.speech, asked.id)
    kind = saying.behaviour.kind
    if kind in ("cut", "hang", "reset_after_headers"):
        return await _torn(saying, asked, caller, b"".join(frames))
    frames = _spoilt(kind, frames, saying, asked)
    for frame in frames:
        await _send(caller, frame)
        if kind in SLOW and await hang(caller.receive, saying.behaviour.each):
            asked.outcome, asked.told = "gone", False
            return
    await _send(caller, b"", more=False)


def _spoilt(kind: str, frames: list[bytes], saying: Saying, asked: Asked) -> list[bytes]:
    middle = max(1, len(frames) // 2)
    asked.outcome, asked.told = "done", saying.speech.usage == "fair" and saying.question.wants_usage
    if kind == "error_event":
        asked.outcome, asked.told = "error event", False
        return [*frames[:middle], saying.protocol.error_frame(f"req_{asked.id}")]
    if kind == "garbled_event":
        event = GARBLED if saying.protocol.name == "openai" else b"event: content_block_delta\n" + GARBLED
        return [*frames[:middle], event, *frames[middle:]]
    if kind == "no_end":
        asked.outcome, asked.told = "cut", False
        return frames[: -USAGE_LAST - 1]
    return frames


async def _torn(saying: Saying, asked: Asked, caller: Caller, body: bytes) -> None:
    """Some of it, and then the connection is dropped, or nothing more comes."""
    behaviour = saying.behaviour
    asked.outcome = "cut"
    if behaviour.kind == "hang":
        asked.outcome = "gone" if await hang(caller.receive, behaviour.seconds) else "cut"
        return await tear(caller)
    if behaviour.kind == "reset_after_headers":
        return await tear(caller)
    after = len(body) // 2 if behaviour.after is None else behaviour.after
    await _send(caller, body[:after])
    hang_up(caller.scope, rudely=False)
    await hang(caller.receive, LINGER)


async def _send(caller: Caller, body: bytes, more: bool = True) -> None:
    await caller.send({"type": "http.response.body", "body": body, "more_body": more})
