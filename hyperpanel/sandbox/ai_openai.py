"""OpenAI's chat completions: its questions, whole and streamed answers, errors and list of models."""

from itertools import chain
from typing import Any

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
        "audio", "frequency_penalty", "function_call", "functions", "logit_bias", "logprobs", "max_completion_tokens",
        "max_tokens", "messages", "metadata", "modalities", "model", "n", "parallel_tool_calls", "prediction",
        "presence_penalty", "prompt_cache_key", "reasoning_effort", "response_format", "safety_identifier", "seed",
        "service_tier", "stop", "store", "stream", "stream_options", "temperature", "tool_choice", "tools",
        "top_logprobs", "top_p", "user", "verbosity", "web_search_options",
    )
)  # fmt: skip
STOPS = {"end": "stop", "length": "length", "refusal": "stop", "filter": "content_filter", "tools": "tool_calls"}
CREATED = 1_767_225_600
OF_A_MESSAGE = 3  # tokens that a message costs beside its text
MARK = {"system_fingerprint": "fp_canned", "service_tier": "default"}


def key(request: Request) -> str:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return given.strip() if scheme.lower() == "bearer" else ""


def asked(request: Request, body: Row) -> Question:
    fields(body, KNOWN)
    for name in ("model", "messages"):
        if not body.get(name):
            raise Wrong("missing", field=name)
    messages = [message for message in body["messages"] if isinstance(message, dict)]
    form: Row = body.get("response_format") or {}
    schema = (form.get("json_schema") or {}).get("schema") if form.get("type") == "json_schema" else None
    texts = [_text(message.get("content")) for message in messages]
    system = [
        text for text, message in zip(texts, messages, strict=True) if message.get("role") in ("system", "developer")
    ]
    said = [
        text
        for text, message in zip(texts, messages, strict=True)
        if message.get("role") not in ("system", "developer")
    ]
    told = sum(tokens(text) + OF_A_MESSAGE for text in texts) + tokens(written(schema) if schema else "")
    return Question(
        "openai", str(body["model"]), "\n".join(system), "\n".join(said), schema, _form(form),
        body.get("max_completion_tokens") or body.get("max_tokens"), bool(body.get("stream")),
        bool((body.get("stream_options") or {}).get("include_usage")), told,
    )  # fmt: skip


def _form(form: Row) -> str:
    return {"json_schema": "schema", "json_object": "object"}.get(form.get("type", ""), "prose")


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def whole(question: Question, speech: Speech, id: str) -> bytes:
    message = {"role": "assistant", "annotations": [], **_said(speech, speech.text), **_called(speech, streamed=False)}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _stop(speech)}
    return written({"id": f"chatcmpl-{id}", "object": "chat.completion", "created": CREATED, "model": question.model,
                  "choices": [choice], **MARK, **_usage(speech)}).encode()  # fmt: skip


def frames(question: Question, speech: Speech, id: str) -> list[bytes]:
    def chunk(delta: Row, stop: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": stop}
        return event({**head, "choices": [choice], **empty})

    head = {
        "id": f"chatcmpl-{id}",
        "object": "chat.completion.chunk",
        "created": CREATED,
        "model": question.model,
        **MARK,
    }
    empty: Row = {"usage": None} if question.wants_usage else {}
    opened = chunk({"role": "assistant", "content": "", "refusal": None})
    said = [chunk({"refusal" if speech.stop == "refusal" else "content": piece}) for piece in pieces(speech.text)]
    called = [chunk(_called(speech, streamed=True))] if speech.tools else []
    used = [event({**head, "choices": [], **usage})] if question.wants_usage and (usage := _usage(speech)) else []
    return list(chain([opened], said, called, [chunk({}, _stop(speech))], used, [b"data: [DONE]\n\n"]))


def event(value: Row) -> bytes:
    return f"data: {written(value)}\n\n".encode()


def _stop(speech: Speech) -> str:
    return "function_call" if speech.is_function else STOPS[speech.stop]


def _said(speech: Speech, text: str) -> Row:
    if speech.stop == "refusal":
        return {"content": None, "refusal": text}
    return {"content": text or None if speech.tools else text, "refusal": None}


def _called(speech: Speech, streamed: bool) -> Row:
    if not speech.tools:
        return {}
    if speech.is_function:
        name, arguments = speech.tools[0]
        return {"function_call": {"name": name, "arguments": arguments}}
    return {
        "tool_calls": [
            {**({"index": place} if streamed else {}), "id": f"call_{place}", "type": "function",
             "function": {"name": name, "arguments": arguments}}
            for place, (name, arguments) in enumerate(speech.tools)
        ]
    }  # fmt: skip


def _usage(speech: Speech) -> Row:
    if speech.usage == "none":
        return {}
    came, went = (-5, 10**15) if speech.usage == "absurd" else (speech.tokens_in, speech.tokens_out)
    return {"usage": {"prompt_tokens": came, "completion_tokens": went, "total_tokens": came + went,
                      "prompt_tokens_details": {"cached_tokens": 0}, "completion_tokens_details": {"reasoning_tokens": 0}}}  # fmt: skip


def error(kind: str, values: dict[str, str], id: str) -> bytes:
    type, code, words = ai_errors.ERRORS[kind].open
    said = {"message": words.format_map(values), "type": type, "param": values.get("field") or None, "code": code}
    return written({"error": said}).encode()


def error_frame(id: str) -> bytes:
    type, code, words = ai_errors.ERRORS["500"].open
    return event({"error": {"message": words, "type": type, "param": None, "code": code}})


def models() -> Row:
    rows = [{"id": name, "object": "model", "created": CREATED, "owned_by": "sandbox"} for name in MODELS]
    return {"object": "list", "data": rows}


OPENAI = Protocol("openai", "chat/completions", key, asked, whole, frames, error, error_frame, models)
