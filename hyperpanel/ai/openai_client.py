"""A call in OpenAI's protocol, by OpenAI's own library: to OpenAI, or to any server that speaks it.

Nothing but hyperpanel.ai.client loads this module, on first use. Whatever the server sends is hostile: the library does not check shapes.
"""

import os
from datetime import datetime
from typing import Any

import httpx2
import msgspec

from hyperpanel.ai.asks import Hear
from hyperpanel.ai.calling import carried, count, named
from hyperpanel.ai.client import CallTrouble, Question, Reply
from hyperpanel.ai.hearing import Hearing
from hyperpanel.ai.quiet import quiet
from hyperpanel.ai.refused import interrupted, refused
from hyperpanel.ai.wires import lost, versioned
from sync.clocks import Clock

os.environ.pop("OPENAI_LOG", None)  # would write prompts into the log
import openai

quiet("openai")

HOME = "https://api.openai.com"
REFUSAL = "refusal"
ENDS = {"length": "too_long", "content_filter": "declined", REFUSAL: "declined"}


async def call(question: Question, clock: Clock, hear: Hear) -> Reply:
    """Raises CallTrouble."""
    return await carried(question, clock, hear, exchange, judged)


def judged(problem: Exception, hearing: Hearing, now: datetime) -> CallTrouble | None:
    if isinstance(problem, openai.APIStatusError):
        hearing.request_id = named(problem.request_id)
        return refused(problem.status_code, problem.response.headers, problem.body, now)
    if isinstance(problem, openai.APIConnectionError):
        return lost(problem)
    return interrupted(problem.body) if isinstance(problem, openai.APIError) else None


async def exchange(question: Question, http: httpx2.AsyncClient, hearing: Hearing) -> None:
    client = openai.AsyncOpenAI(
        api_key=question.key or "none",
        base_url=versioned(question.provider.address or HOME),
        max_retries=0,
        http_client=http,
    )
    stream = await client.chat.completions.create(**asked(question))
    hearing.request_id = named(stream.response.headers.get("x-request-id"))
    async with stream:
        ends = [end async for chunk in stream if (end := heard(chunk, hearing))]
    if not ends:
        raise CallTrouble("cut", may_repeat=True)
    if found := [ENDS[end] for end in ends if end in ENDS]:
        raise CallTrouble(found[0])


def asked(question: Question) -> dict[str, Any]:
    """In the words that a server knows: `plainness` 1 and 2 leave out what is younger than the protocol."""
    told = [{"role": "system", "content": question.system}, {"role": "user", "content": question.message}]
    request: dict[str, Any] = {"model": question.model, "messages": told, "stream": True}
    if question.plainness == 0:
        form = {"name": question.form.name, "schema": dict(question.form.schema), "strict": True}
        modern = {"stream_options": {"include_usage": True}, "max_completion_tokens": question.most_out}
        return {**request, **modern, "response_format": {"type": "json_schema", "json_schema": form}}
    told[0]["content"] += in_words(question)
    if question.plainness == 1:
        request["response_format"] = {"type": "json_object"}
    return {**request, "max_tokens": question.most_out}


def in_words(question: Question) -> str:
    schema = msgspec.json.encode(question.form.schema).decode()
    return f"\n\nAnswer with one JSON object that this JSON Schema describes:\n{schema}"


def heard(chunk: Any, hearing: Hearing) -> str | None:
    """How the answer ends, where this piece tells it: what was used comes after that."""
    hearing.piece()
    usage = chunk.usage
    if usage is not None:
        hearing.usage = (count(usage.prompt_tokens), count(usage.completion_tokens))
    for choice in chunk.choices[:1]:
        if choice.delta is not None and choice.delta.refusal:
            return REFUSAL
        if choice.delta is not None and isinstance(choice.delta.content, str):
            hearing.add(choice.delta.content)
        if choice.finish_reason:
            return str(choice.finish_reason)
    return None
