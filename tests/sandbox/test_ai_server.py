"""The AI server as the vendors' own libraries see it: what they read, what they raise, and what was billed for it."""

import ssl
import time
from collections.abc import Awaitable
from typing import Any

import anthropic
import httpx2
import openai
import pytest
from anthropic import AsyncAnthropic
from openai import AsyncOpenAI

from hyperpanel.sandbox.ai_records import Bench
from hyperpanel.sandbox.ai_server import alone

pytestmark = pytest.mark.loopback
TLS = ssl.create_default_context()  # once: it takes longer to make than most of these tests
STATUS = (openai.APIStatusError, anthropic.APIStatusError)
TROUBLE = (openai.APIError, anthropic.APIError, httpx2.HTTPError, ValueError)
TRANSLATION = {
    "type": "object",
    "properties": {"language": {"type": "string"}, "text": {"type": "string"}},
    "required": ["language", "text"],
    "additionalProperties": False,
}
TEXT = "Translate this into Turkish:\n<<<\nWhere is order ⟦1⟧?\n>>>"
CANNED = '{"language":"en","text":"[canned translation] Where is order ⟦1⟧?"}'
OPEN_FORM = {"type": "json_schema", "json_schema": {"name": "translation", "schema": TRANSLATION, "strict": True}}
ANTHROPIC_FORM = {"format": {"type": "json_schema", "schema": TRANSLATION}}


class Caller:
    """Asks in either protocol, whole or streamed, and knows what the server says of it."""

    def __init__(self, url: str, http: httpx2.AsyncClient, key: str = "sandbox-ai-key") -> None:
        self.url, self.http = url, http
        self.openai = AsyncOpenAI(api_key=key, base_url=f"{url}/_ai/openai/v1", http_client=http, max_retries=0)
        self.anthropic = AsyncAnthropic(api_key=key, base_url=f"{url}/_ai/anthropic", http_client=http, max_retries=0)

    async def ask(self, protocol: str, streams: bool, text: str = TEXT, **changes: object) -> Any:
        """The text, why it ended, and the tokens of it."""
        if protocol == "openai":
            return await (self.open_stream if streams else self.open_whole)(text, **changes)
        return await (self.anthropic_stream if streams else self.anthropic_whole)(text, **changes)

    async def open_whole(self, text: str, **changes: Any) -> Any:
        given: dict[str, Any] = {
            "model": "canned",
            "messages": [{"role": "user", "content": text}],
            "response_format": OPEN_FORM,
            **changes,
        }
        said = await self.openai.chat.completions.create(**given)
        return (
            said.choices[0].message.content or "",
            said.choices[0].finish_reason,
            said.usage and said.usage.completion_tokens,
        )

    async def open_stream(self, text: str, **changes: Any) -> Any:
        given: dict[str, Any] = {
            "model": "canned",
            "messages": [{"role": "user", "content": text}],
            "response_format": OPEN_FORM,
            **changes,
        }
        given |= {"stream": True, "stream_options": {"include_usage": True}}
        parts, stop, used = [], "", None
        async for chunk in await self.openai.chat.completions.create(**given):
            parts += [choice.delta.content or "" for choice in chunk.choices]
            stop = next((choice.finish_reason for choice in chunk.choices if choice.finish_reason), stop)
            used = chunk.usage.completion_tokens if chunk.usage else used
        return "".join(parts), stop, used

    async def anthropic_whole(self, text: str, **changes: Any) -> Any:
        said = await self.anthropic.messages.create(**self.asked(text, changes))
        return (
            "".join(block.text for block in said.content if block.type == "text"),
            said.stop_reason,
            getattr(said.usage, "output_tokens", None),
        )

    async def anthropic_stream(self, text: str, **changes: Any) -> Any:
        async with self.anthropic.messages.stream(**self.asked(text, changes)) as stream:
            said = await stream.get_final_message()
        return (
            "".join(block.text for block in said.content if block.type == "text"),
            said.stop_reason,
            getattr(said.usage, "output_tokens", None),
        )

    def asked(self, text: str, changes: dict[str, Any]) -> dict[str, Any]:
        messages = [{"role": "user", "content": text}]
        return {"model": "canned", "max_tokens": 4000, "messages": messages, "output_config": ANTHROPIC_FORM, **changes}

    async def behave(self, *behaviours: object, **more: object) -> None:
        body = {"behave": list(behaviours), "clear": True, "forget": True, **more}
        assert (await self.http.post(f"{self.url}/_ai/truth", json=body)).status_code == 200

    async def truth(self) -> Any:
        return (await self.http.get(f"{self.url}/_ai/truth")).json()


@pytest.fixture(scope="module")
def url():
    with alone(Bench(time.time)) as address:
        yield address


@pytest.fixture
async def caller(url):
    async with httpx2.AsyncClient(trust_env=False, verify=TLS) as http:
        made = Caller(url, http)
        await made.behave()
        yield made


async def refused(asking: Awaitable[object]) -> Any:
    """The library's own error."""
    with pytest.raises(STATUS) as raised:
        await asking
    return raised.value


WAYS = [(protocol, streams) for protocol in ("openai", "anthropic") for streams in (False, True)]
each_way = pytest.mark.parametrize(
    ("protocol", "streams"), WAYS, ids=["openai", "openai-stream", "anthropic", "anthropic-stream"]
)


@each_way
async def test_an_answer_is_read_whole_and_streamed(caller, protocol, streams):
    text, stop, used = await caller.ask(protocol, streams)
    assert (text, stop) == (CANNED, {"openai": "stop", "anthropic": "end_turn"}[protocol])
    [asked] = (await caller.truth())["requests"]
    assert (asked["tokens_out"], asked["outcome"], asked["told"]) == (used, "done", True)
    assert asked["body"]["model"] == "canned"


@each_way
async def test_a_long_answer_ends_at_the_tokens_that_it_may_have(caller, protocol, streams):
    limit = {"max_completion_tokens": 5} if protocol == "openai" else {"max_tokens": 5}
    _, stop, used = await caller.ask(protocol, streams, **limit)
    assert (stop, used) == ({"openai": "length", "anthropic": "max_tokens"}[protocol], 5)


async def test_models_are_listed_and_told_one_by_one(caller):
    for client in (caller.openai, caller.anthropic):
        assert [model.id async for model in client.models.list()] == ["canned", "canned-slow"]
        assert (await client.models.retrieve("canned")).id == "canned"


STATUSES = {
    "400": 400, "401": 401, "403": 403, "404": 404, "413": 413, "too_long": 400, "429": 429, "429_date": 429, "500": 500, "503": 503, "529": 529,
}  # fmt: skip


@each_way
@pytest.mark.parametrize("kind", STATUSES)
async def test_an_error_is_the_libraries_own(caller, protocol, streams, kind):
    await caller.behave(kind)
    error = await refused(caller.ask(protocol, streams))
    assert error.status_code == STATUSES[kind]
    assert (await caller.ask(protocol, streams))[0] == CANNED
    counts = (await caller.truth())["counts"]
    assert (counts["requests"], counts["billed"], counts["outcomes"][f"error {STATUSES[kind]}"]) == (2, 1, 1)


@each_way
async def test_a_wrong_key_and_an_unknown_model_or_field_are_refused_as_by_the_vendors(caller, protocol, streams):
    for changes, status in (({"model": "gpt-0"}, 404), ({"extra_body": {"colour": "red"}}, 400)):
        error = await refused(caller.ask(protocol, streams, **changes))
        assert error.status_code == status
    stranger = Caller(caller.url, caller.http, "sk-not-the-key-at-all")
    error = await refused(stranger.ask(protocol, streams))
    assert (error.status_code, "sk-not-the-key-at-all" in str(error)) == (401, False)


@pytest.mark.parametrize(
    ("kind", "header"),
    [("429", "retry-after"), ("429_ms", "retry-after-ms"), ("429_date", "retry-after"), ("429_none", "")],
)
async def test_too_many_requests_say_when_to_ask_again_in_each_form(caller, kind, header):
    await caller.behave({"kind": kind, "seconds": 2})
    error = await refused(caller.ask("openai", False))
    assert [name for name in ("retry-after", "retry-after-ms") if name in error.response.headers] == (
        [header] if header else []
    )


@each_way
@pytest.mark.parametrize("kind", ["reset", "reset_after_headers", "cut"])
async def test_a_torn_connection_is_an_error_and_is_billed(caller, protocol, streams, kind):
    await caller.behave(kind)
    with pytest.raises(TROUBLE):
        await caller.ask(protocol, streams)
    [asked] = (await caller.truth())["requests"]
    assert (asked["outcome"], asked["told"], asked["tokens_out"] > 0) == ("cut", False, True)


@pytest.mark.parametrize("protocol", ["openai", "anthropic"])
@pytest.mark.parametrize("kind", ["error_event", "garbled_event"])
async def test_an_error_in_the_middle_of_a_stream_is_raised(caller, protocol, kind):
    await caller.behave(kind)
    with pytest.raises(TROUBLE):
        await caller.ask(protocol, True)


async def test_a_stream_without_its_end_looks_like_a_short_one(caller):
    """What a reader must find out by itself: no reason to stop was given."""
    await caller.behave("no_end")
    assert (await caller.ask("openai", True))[1:] == ("", None)


@each_way
async def test_a_refusal_is_the_protocols_own(caller, protocol, streams):
    await caller.behave("refusal")
    text, stop, _ = await caller.ask(protocol, streams)
    assert (stop == "refusal") == (protocol == "anthropic")
    assert CANNED not in text


async def test_a_refusal_of_openai_stands_beside_the_text(caller):
    await caller.behave("refusal")
    given: dict[str, Any] = {"model": "canned", "messages": [{"role": "user", "content": TEXT}]}
    message = (await caller.openai.chat.completions.create(**given)).choices[0].message
    assert (message.content, "can't help" in message.refusal) == (None, True)


@pytest.mark.parametrize("streams", [False, True])
async def test_tools_are_called_though_none_were_offered(caller, streams):
    await caller.behave("tool_call", "tool_call", "function_call")
    assert (await caller.ask("openai", streams))[1] == "tool_calls"
    given = caller.asked(TEXT, {})
    said = await caller.anthropic.messages.create(**given)
    assert (said.stop_reason, [block.type for block in said.content]) == ("tool_use", ["tool_use", "tool_use"])
    assert (await caller.ask("openai", streams))[1] == "function_call"


async def test_no_usage_is_told_where_none_is_to_be(caller):
    await caller.behave("no_usage", "no_usage", "no_usage")
    assert (await caller.ask("openai", False))[2] is None
    assert (await caller.ask("openai", True))[2] is None
    assert (await caller.ask("anthropic", False))[2] is None
    counts = (await caller.truth())["counts"]
    assert (counts["told_out"], counts["tokens_out"] > 0) == (0, True)


async def test_a_server_without_schemas_says_so_until_none_is_asked_for(caller):
    await caller.behave({"kind": "no_json_schema", "times": None})
    with pytest.raises(STATUS, match="json_schema"):
        await caller.ask("openai", False)
    assert (await caller.ask("openai", False, response_format={"type": "json_object"}))[1] == "stop"


async def test_whoever_goes_away_is_billed_and_counted_as_gone(caller):
    await caller.behave({"kind": "late", "seconds": 30})
    with pytest.raises(TROUBLE):
        await caller.ask("openai", True, timeout=0.2)
    [asked] = (await caller.truth())["requests"]
    assert asked["tokens_out"] > 0


async def test_equal_questions_get_equal_answers(caller):
    assert [await caller.ask("openai", False) for _ in range(2)] == [await caller.ask("openai", True) for _ in range(2)]


async def test_an_unknown_behaviour_is_refused_whole(caller):
    answer = await caller.http.post(f"{caller.url}/_ai/truth", json={"behave": ["fair", "flood"]})
    assert (answer.status_code, "no behaviour 'flood'" in answer.text) == (400, True)
    assert (await caller.truth())["waiting"] == []
