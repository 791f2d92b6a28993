"""A call in Anthropic's protocol, by Anthropic's own library.

Nothing but hyperpanel.ai.client loads this module, on first use. What is thought aloud, or any tool that a model calls for, is not listened to.
"""

import os
from datetime import datetime
from typing import Any

import httpx2

from hyperpanel.ai.asks import Hear
from hyperpanel.ai.calling import carried, count, named
from hyperpanel.ai.client import CallTrouble, Question, Reply
from hyperpanel.ai.hearing import Hearing
from hyperpanel.ai.quiet import quiet
from hyperpanel.ai.refused import interrupted, refused
from hyperpanel.ai.wires import lost, root
from sync.clocks import Clock

os.environ.pop("ANTHROPIC_LOG", None)  # would write prompts into the log
import anthropic

quiet("anthropic")

HOME = "https://api.anthropic.com"
ENDS = {"refusal": "declined", "max_tokens": "too_long", "model_context_window_exceeded": "too_long"}


async def call(question: Question, clock: Clock, hear: Hear) -> Reply:
    """Raises CallTrouble."""
    return await carried(question, clock, hear, exchange, judged)


def judged(problem: Exception, hearing: Hearing, now: datetime) -> CallTrouble | None:
    if isinstance(problem, anthropic.APIStatusError):
        hearing.request_id = named(problem.request_id)
        if problem.status_code < 300:  # in the middle of an answer
            return interrupted(problem.body)
        return refused(problem.status_code, problem.response.headers, problem.body, now)
    if isinstance(problem, anthropic.APIConnectionError):
        return lost(problem)
    return interrupted(problem.body) if isinstance(problem, anthropic.APIError) else None


async def exchange(question: Question, http: httpx2.AsyncClient, hearing: Hearing) -> None:
    client = anthropic.AsyncAnthropic(
        api_key=question.key,
        base_url=root(question.provider.address or HOME),
        max_retries=0,
        http_client=http,
        open_telemetry=False,
    )
    stream = await client.messages.create(**asked(question))
    hearing.request_id = named(stream.response.headers.get("request-id"))
    end, is_whole = "", False
    async with stream:
        async for event in stream:
            end = heard(event, hearing) or end
            is_whole = is_whole or event.type == "message_stop"
    if not is_whole:
        raise CallTrouble("cut", may_repeat=True)
    if end in ENDS:
        raise CallTrouble(ENDS[end])


def asked(question: Question) -> dict[str, Any]:
    form = {"type": "json_schema", "schema": dict(question.form.schema)}
    return {
        "model": question.model,
        "max_tokens": question.most_out,
        "system": question.system,
        "messages": [{"role": "user", "content": question.message}],
        "output_config": {"format": form},
        "stream": True,
    }


def heard(event: Any, hearing: Hearing) -> str | None:
    """How the answer ended, where this says it."""
    hearing.piece()
    if event.type == "message_start":
        hearing.usage = (tokens_in(event.message.usage), None)
    elif event.type == "content_block_delta" and event.delta.type == "text_delta":
        hearing.add(str(event.delta.text))
    elif event.type == "message_delta":
        hearing.usage = (tokens_in(event.usage) or hearing.usage[0], counted(event.usage, "output_tokens"))
        return str(event.delta.stop_reason or "")
    return None


def tokens_in(usage: Any) -> int | None:
    """With what the provider kept of earlier questions, or read again: it is all charged."""
    told = counted(usage, "input_tokens")
    kept = [counted(usage, name) or 0 for name in ("cache_creation_input_tokens", "cache_read_input_tokens")]
    return None if told is None else told + sum(kept)


def counted(usage: Any, name: str) -> int | None:
    """The library sets None for what was not told, the whole or a part of it."""
    return count(getattr(usage, name, None))
