"""Anthropic's messages: its questions, whole and streamed answers, errors and list of models."""

from itertools import chain
from typing import Any

import msgspec

from hyperpanel.sandbox import ai_errors
from hyperpanel.sandbox.ai_exchange import (
    MODELS,
    Protocol,
    Question,
    Row,
    Speech,
    Wrong,
    fields,
    pieces,
    tokens,
    written,
)
from hyperpanel.sandbox.exchange import Request

KNOWN = frozenset(
    (
        "cache_control", "container", "context_management", "inference_geo", "max_tokens", "messages", "metadata",
        "model", "output_config", "service_tier", "stop_sequences", "stream", "system", "temperature", "thinking",
        "tool_choice", "tools", "top_k", "top_p",
    )
)  # fmt: skip
STOPS = {"end": "end_turn", "length": "max_tokens", "refusal": "refusal", "filter": "refusal", "tools": "tool_use"}
OF_A_MESSAGE = 4
RELEASED = "2026-01-01T00:00:00Z"


def key(request: Request) -> str:
    """The documents name the first header; the vendor's own library sends the second."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return request.headers.get("x-api-key") or (given.strip() if scheme.lower() == "bearer" else "")


def asked(request: Request, body: Row) -> Question:
    if not request.headers.get("anthropic-version"):
        raise Wrong("missing", field="anthropic-version")
    for name in ("model", "max_tokens", "messages"):
        if not body.get(name):
            raise Wrong("missing", field=name)
    fields(body, KNOWN)
    form: Row = (body.get("output_config") or {}).get("format") or {}
    schema = form.get("schema") if form.get("type") == "json_schema" else None
    system = _text(body.get("system"))
    texts = [_text(message.get("content")) for message in body["messages"] if isinstance(message, dict)]
    told = sum(tokens(text) + OF_A_MESSAGE for text in (system, *texts)) + (tokens(written(schema)) if schema else 0)
    return Question(
        "anthropic", str(body["model"]), system, "\n".join(texts), schema, "schema" if schema else "prose",
        int(body["max_tokens"]), bool(body.get("stream")), True, told,
    )  # fmt: skip


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def whole(question: Question, speech: Speech, id: str) -> bytes:
    content = [{"type": "text", "text": speech.text}] if speech.text else []
    content += [_tool(place, name, msgspec.json.decode(given)) for place, (name, given) in enumerate(speech.tools)]
    return written({**_head(question, id), "content": content, **_stopped(speech), **_usage(speech)}).encode()


def frames(question: Question, speech: Speech, id: str) -> list[bytes]:
    start = {**_head(question, id), "content": [], "stop_reason": None, "stop_sequence": None}
    if speech.usage != "none":
        start["usage"] = {**_usage(speech)["usage"], "output_tokens": 1}
    blocks = [_text_block(speech.text)] if speech.text or not speech.tools else []
    blocks += [_tool_block(place, name, given) for place, (name, given) in enumerate(speech.tools, start=len(blocks))]
    last = {"type": "message_delta", "delta": _stopped(speech)}
    if speech.usage != "none":
        last["usage"] = {"output_tokens": _usage(speech)["usage"]["output_tokens"]}
    return [
        event({"type": "message_start", "message": start}),
        event({"type": "ping"}),
        *chain.from_iterable(blocks),
        event(last),
        event({"type": "message_stop"}),
    ]


def _text_block(text: str) -> list[bytes]:
    deltas = ({"type": "text_delta", "text": piece} for piece in pieces(text))
    return _block(0, {"type": "text", "text": ""}, list(deltas))


def _tool_block(place: int, name: str, given: str) -> list[bytes]:
    return _block(place, _tool(place, name, {}), [{"type": "input_json_delta", "partial_json": given}])


def _block(index: int, start: Row, deltas: list[Row]) -> list[bytes]:
    begun = event({"type": "content_block_start", "index": index, "content_block": start})
    middle = [event({"type": "content_block_delta", "index": index, "delta": delta}) for delta in deltas]
    return [begun, *middle, event({"type": "content_block_stop", "index": index})]


def _tool(place: int, name: str, given: Any) -> Row:
    return {"type": "tool_use", "id": f"toolu_{place}", "name": name, "input": given}


def event(value: Row) -> bytes:
    return f"event: {value['type']}\ndata: {written(value)}\n\n".encode()


def _head(question: Question, id: str) -> Row:
    return {"id": f"msg_{id}", "type": "message", "role": "assistant", "model": question.model}


def _stopped(speech: Speech) -> Row:
    details = {"type": "refusal", "category": "general_harms", "explanation": "A canned refusal."}
    more = {"stop_details": details} if STOPS[speech.stop] == "refusal" else {}
    return {"stop_reason": STOPS[speech.stop], "stop_sequence": None, **more}


def _usage(speech: Speech) -> Row:
    if speech.usage == "none":
        return {}
    came, went = (-5, 10**15) if speech.usage == "absurd" else (speech.tokens_in, speech.tokens_out)
    cached = {"cache_creation_input_tokens": 0, "cache_read_input_tokens": 0}
    return {"usage": {"input_tokens": came, "output_tokens": went, **cached, "service_tier": "standard"}}


def error(kind: str, values: dict[str, str], id: str) -> bytes:
    type, words = ai_errors.ERRORS[kind].anthropic
    return written(
        {"type": "error", "error": {"type": type, "message": words.format_map(values)}, "request_id": id}
    ).encode()


def error_frame(id: str) -> bytes:
    return event({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}, "request_id": id})


def models() -> Row:
    rows = [
        {
            "type": "model",
            "id": name,
            "display_name": f"{name} (answers are canned)",
            "created_at": RELEASED,
            "lifecycle": "active",
        }
        for name in MODELS
    ]
    return {"data": rows, "has_more": False, "first_id": MODELS[0], "last_id": MODELS[-1]}


ANTHROPIC = Protocol("anthropic", "messages", key, asked, whole, frames, error, error_frame, models)
