"""The sandbox's AI server: `/_ai/openai/v1`, `/_ai/anthropic/v1` and `/_ai/truth`, on the fleet's own address or alone.

It answers over real HTTP so that the vendors' own libraries do all they do with the real services. What goes wrong is set like a panel's
faults (`sandbox.ai_behaviours`), and everything that was asked is kept with its bill (`sandbox.ai_records`).
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hyperpanel.sandbox import ai_canned, ai_errors, ai_saying, ai_truth
from hyperpanel.sandbox.ai_anthropic import ANTHROPIC
from hyperpanel.sandbox.ai_behaviours import Behaviour
from hyperpanel.sandbox.ai_exchange import MODELS, Protocol, Question, Speech, Wrong, cut_to, tokens
from hyperpanel.sandbox.ai_forms import shaped
from hyperpanel.sandbox.ai_openai import OPENAI
from hyperpanel.sandbox.ai_records import Asked, Bench
from hyperpanel.sandbox.exchange import Answer, Request, json_answer
from hyperpanel.sandbox.serving import App, in_thread
from hyperpanel.sandbox.stammer import Caller
from hyperpanel.sandbox.wire import LARGEST, Receive, Scope, Send, hear, speak

PREFIX = "/_ai"
PROTOCOLS = {"openai": OPENAI, "anthropic": ANTHROPIC}
REQUEST_ID = {"openai": "x-request-id", "anthropic": "request-id"}
SLOW_FIRST, SLOW_EACH = 1.0, 0.05  # seconds before the first word of the slow model, and between its words


async def visit(bench: Bench, scope: Scope, receive: Receive, send: Send) -> None:
    request = await hear(scope, receive, PREFIX)
    protocol, _, path = request.path[1:].partition("/v1/")
    if request.path.rstrip("/") == "/truth":
        return await speak(send, ai_truth.answer(bench, request), {})
    if protocol not in PROTOCOLS:
        there = [f"{PREFIX}/{name}/v1" for name in PROTOCOLS] + [f"{PREFIX}/truth"]
        return await speak(send, json_answer({"error": f"nothing there; there are {', '.join(there)}"}, 404), {})
    await _serve(bench, PROTOCOLS[protocol], path, request, Caller(scope, receive, send))


async def _serve(bench: Bench, protocol: Protocol, path: str, request: Request, caller: Caller) -> None:
    asked = bench.open(protocol.name, path, request)
    behaviour = bench.turn(request.path, request.body.decode("utf-8", "replace")) if path == protocol.path else None
    asked.behaviour = behaviour.name if behaviour else ""
    try:
        _may(bench, protocol, path, request, behaviour)
        if path != protocol.path:
            asked.outcome = "list"
            return await speak(caller.send, json_answer(_listed(protocol, path)), {})
        question = _question(protocol, request, asked, behaviour)
    except Wrong as wrong:
        asked.outcome = f"error {ai_errors.status(wrong.kind, protocol.name)}"
        return await speak(caller.send, _refused(bench, protocol, wrong, request, asked.id, behaviour), {})
    speech = _speech(bench, question, behaviour)
    asked.bill(question, speech)
    saying = ai_saying.Saying(protocol, question, speech, behaviour or _pace(question), REQUEST_ID[protocol.name])
    await ai_saying.say(saying, asked, caller)


def _may(bench: Bench, protocol: Protocol, path: str, request: Request, behaviour: Behaviour | None) -> None:
    if protocol.key(request) != bench.key:
        raise Wrong("401")
    if behaviour is not None and behaviour.error:
        raise Wrong(behaviour.error, field=behaviour.field)
    if len(request.body) >= LARGEST:
        raise Wrong("413")
    if request.method != ("POST" if path == protocol.path else "GET"):
        raise Wrong("path", field=f"{request.method} /v1/{path}")


def _listed(protocol: Protocol, path: str) -> dict[str, Any]:
    if path == "models":
        return protocol.models()
    name = path.removeprefix("models/")
    found = [row for row in protocol.models()["data"] if path == f"models/{row['id']}"]
    if not found:
        raise Wrong("404" if path.startswith("models/") else "path", model=name, field=f"GET /v1/{path}")
    return dict(found[0])


def _question(protocol: Protocol, request: Request, asked: Asked, behaviour: Behaviour | None) -> Question:
    try:
        body = json.loads(request.body)
    except ValueError:
        raise Wrong("json") from None
    if not isinstance(body, dict):
        raise Wrong("json")
    asked.body, asked.model = body, str(body.get("model"))
    if behaviour is not None and behaviour.kind == "old_field" and behaviour.field in body:
        raise Wrong("old_field", field=behaviour.field)
    question = protocol.asked(request, body)
    if question.model not in MODELS:
        raise Wrong("404", model=question.model)
    if behaviour is not None and behaviour.kind == "no_json_schema" and question.form == "schema":
        raise Wrong("no_json_schema", field="response_format")
    return question


def _refused(
    bench: Bench, protocol: Protocol, wrong: Wrong, request: Request, id: str, behaviour: Behaviour | None
) -> Answer:
    given = protocol.key(request)
    values = {"field": "", "model": "canned", "key": ai_errors.hidden(given), "whole": given, **wrong.values}
    headers = {REQUEST_ID[protocol.name]: f"req_{id}"}
    if behaviour is not None and behaviour.error == wrong.kind and behaviour.again:
        headers |= ai_errors.again(behaviour.again, behaviour.seconds, bench.now())
    body = protocol.error(wrong.kind, values, f"req_{id}")
    return Answer(ai_errors.status(wrong.kind, protocol.name), body, "application/json", headers)


def _speech(bench: Bench, question: Question, behaviour: Behaviour | None) -> Speech:
    fair = ai_canned.text(question)
    speech = shaped(bench, behaviour, question, fair) if behaviour else Speech(fair, question.tokens_in, tokens(fair))
    if question.most_out is not None and speech.tokens_out > question.most_out and speech.stop == "end":
        text = cut_to(speech.text, question.most_out)
        return Speech(text, question.tokens_in, question.most_out, "length", speech.usage)
    return speech


def _pace(question: Question) -> Behaviour:
    if question.model == "canned-slow":
        return Behaviour("late_and_slow", seconds=SLOW_FIRST, each=SLOW_EACH)
    return Behaviour("fair")


def create_app(bench: Bench) -> App:
    """The AI server alone."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await visit(bench, scope, receive, send)

    return app


@contextmanager
def alone(bench: Bench | None = None, port: int = 0) -> Iterator[str]:
    """In a thread of its own; yields the base address, ends with the block."""
    with in_thread(create_app(bench or Bench(time.time)), port) as address:
        yield address
