"""Both protocols by the vendors' own libraries over real HTTP: every fault to its kind, and nothing but our key and our words on the way."""

import gzip
import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest

from hyperpanel.ai import client
from hyperpanel.ai.client import CallTrouble, Question, Reply
from hyperpanel.clock import SystemClock
from tests.support.ai_desks import KEY, NOW, Served, ai_served, question
from tests.support.ai_servers import ENDLESS, STREAM, event, odd, spoken
from tests.support.clocks import Hand

BOTH = pytest.mark.parametrize("name", ["openai", "anthropic"])
KINDS = {
    "401": "key_refused",
    "401_echo": "key_refused",
    "403": "not_allowed",
    "404": "no_model",
    "413": "too_long",
    "too_long": "too_long",
    "quota": "not_allowed",
    "400": "broken",
    "429": "limited",
    "500": "server",
    "503": "overloaded",
    "529": "overloaded",
    "refusal": "declined",
    "content_filter": "declined",
    "length": "too_long",
    "cut": "cut",
    "no_end": "cut",
    "reset": "cut",
    "reset_after_headers": "cut",
    "garbled_event": "server",
    "redirect": "unreachable",
    "prose": "form",
    "empty": "form",
    "nested": "too_long",
    "array": "form",
    "two_objects": "form",
    "trailing_comma": "form",
    "huge": "too_long",
    "tool_call": "form",
    "html": "cut",
    "empty_body": "cut",
}


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with ai_served() as made:
        yield made


@pytest.fixture(autouse=True)
def _fair(served: Served) -> None:
    served.reset()


async def call(asked: Question, heard: list[str] | None = None) -> Reply:
    made = await client.adaptor(asked.provider.name)
    return await made(asked, SystemClock(), (heard if heard is not None else []).append)


async def trouble(asked: Question) -> CallTrouble:
    with pytest.raises(CallTrouble) as caught:
        await call(asked)
    return caught.value


@BOTH
async def test_an_answer_is_heard_while_it_comes_and_told_with_what_it_took(served, name):
    heard: list[str] = []
    said = await call(question(name, served.url), heard)
    [billed] = served.bench.asked
    assert said.text.startswith('{"language"')
    assert heard[-1] == said.text
    assert said.text.startswith(heard[0])
    assert (said.usage.tokens_in, said.usage.tokens_out) == (billed.tokens_in, billed.tokens_out)
    assert not said.usage.is_estimated
    assert said.usage.request_id == f"req_{billed.id}"


@BOTH
@pytest.mark.parametrize("fault", KINDS)
async def test_every_fault_has_its_kind(served, name, fault):
    served.behave(fault)
    assert (await trouble(question(name, served.url))).kind == KINDS[fault]


@BOTH
async def test_what_is_nested_beyond_all_reason_is_no_answer(served, name):
    served.behave("nested")
    assert (await trouble(question(name, served.url, most_out=10**5))).kind == "form"


@BOTH
async def test_an_error_in_the_middle_of_an_answer_is_one(served, name):
    served.behave("error_event")
    assert (await trouble(question(name, served.url))).kind == {"openai": "server", "anthropic": "overloaded"}[name]


@BOTH
@pytest.mark.parametrize("fault", ["fenced", "think"])
async def test_a_code_block_and_thoughts_are_taken_off(served, name, fault):
    served.behave(fault)
    assert (await call(question(name, served.url))).text.startswith('{"language"')


@BOTH
@pytest.mark.parametrize("fault", ["no_usage", "absurd_usage"])
async def test_what_is_not_told_is_estimated(served, name, fault):
    served.behave(fault)
    used = (await call(question(name, served.url))).usage
    assert used.is_estimated
    assert 0 < (used.tokens_in or 0) < 500
    assert 0 < (used.tokens_out or 0) < 200


@BOTH
async def test_a_refusal_costs_what_the_provider_says(served, name):
    served.behave("refusal")
    used = (await trouble(question(name, served.url))).usage
    [billed] = served.bench.asked
    assert (used.tokens_in, used.tokens_out, used.is_estimated) == (billed.tokens_in, billed.tokens_out, False)


@BOTH
@pytest.mark.parametrize(
    ("fault", "after"), [("429", 1.0), ("429_date", 1.0), ("429_ms", 1.0), ("429_none", None), ("429_absurd", None)]
)
async def test_when_one_may_ask_again_is_read_in_every_spelling(served, name, fault, after):
    served.behave(fault)
    made = await client.adaptor(name)
    with pytest.raises(CallTrouble) as caught:
        await made(question(name, served.url), Hand(NOW), client.nobody)
    assert caught.value.after == after


@BOTH
@pytest.mark.parametrize("fault", ["hang", {"kind": "late", "seconds": 9}, {"kind": "drip", "each": 0.3}])
async def test_the_deadline_holds_for_the_whole_of_it(served, name, fault):
    served.behave(fault)
    asked = question(name, served.url, deadline=0.4, message="Merhaba 906386 " * 20)
    assert (await trouble(asked)).kind == "timeout"


async def test_a_server_that_is_not_there_may_be_asked_again_and_a_private_one_may_not_be_asked(served):
    nowhere = await trouble(question("openai", "http://127.0.0.1:1/v1"))
    assert (nowhere.kind, nowhere.may_repeat) == ("unreachable", True)
    guarded = question("openai", served.url)
    guarded = replace(guarded, provider=replace(guarded.provider, private=False))
    assert (await trouble(guarded)).kind == "address"
    assert not served.bench.asked


@pytest.mark.parametrize("key", ["ключ", "one\r\nX-Other: two"])
async def test_a_key_that_no_header_holds_is_refused_before_it_leaves(served, key):
    assert (await trouble(question("openai", served.url, key=key))).kind == "key_refused"
    assert not served.bench.asked


async def test_a_redirect_is_not_followed_wherever_it_leads():
    head = "HTTP/1.1 307 Away\r\nlocation: http://169.254.169.254/latest\r\ncontent-length: 0\r\n\r\n"
    async with odd([], head) as server:
        assert (await trouble(question("compatible", f"{server.url}/v1"))).kind == "unreachable"
        assert len(server.sent) == 1


async def test_an_answer_in_single_bytes_is_the_same_answer():
    whole = b"".join(spoken('{"language":"tr","text":"سلام 906386"}'))
    async with odd([whole[place : place + 1] for place in range(len(whole))]) as server:
        said = await call(question("compatible", f"{server.url}/v1"))
    assert said.text == '{"language":"tr","text":"سلام 906386"}'
    assert (said.usage.tokens_in, said.usage.tokens_out) == (7, 5)


@pytest.mark.parametrize("part", [b"x" * 65_536, event('{"choices":[]}') * 1000, b": still here\n" * 5000])
async def test_an_answer_without_end_ends(part):
    async with odd([part], times=ENDLESS) as server:
        assert (await trouble(question("compatible", f"{server.url}/v1"))).kind == "server"


async def test_a_packed_answer_is_not_even_unpacked():
    bomb = gzip.compress(b" " * 10**7)
    async with odd([bomb], STREAM.replace("\r\n\r\n", "\r\ncontent-encoding: gzip\r\n\r\n")) as server:
        assert (await trouble(question("compatible", f"{server.url}/v1"))).kind == "server"


SHAPES = (
    "[]",
    "7",
    "null",
    '{"choices":null}',
    '{"choices":[7]}',
    '{"choices":{"a":1}}',
    '{"choices":[{"delta":[]}]}',
    '{"choices":[{"delta":{"content":{"a":1}}}]}',
    '{"choices":[],"usage":[1]}',
    '{"choices":[{"delta":{"content":"\\ud83d"}}]}',
    "[" * 5000,
)


@pytest.mark.parametrize("data", SHAPES)
async def test_whatever_shape_comes_is_the_servers_trouble(data):
    async with odd([event(data), event("[DONE]")]) as server:
        assert (await trouble(question("compatible", f"{server.url}/v1"))).kind in ("server", "cut", "form")


@pytest.mark.parametrize("data", SHAPES)
async def test_in_the_other_protocol_too(data):
    parts = [b"event: content_block_delta\n" + event(data), b"event: message_stop\n" + event(data)]
    async with odd(parts) as server:
        assert (await trouble(question("anthropic", server.url))).kind in ("server", "cut", "form")


HOSTILE = {
    "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
    "OPENAI_API_KEY": "another-key",
    "OPENAI_ADMIN_KEY": "another-key",
    "OPENAI_ORG_ID": "another-organization",
    "OPENAI_PROJECT_ID": "another-project",
    "OPENAI_CUSTOM_HEADERS": "Authorization: Bearer another-key\nX-Other: another",
    "OPENAI_LOG": "debug",
    "ANTHROPIC_BASE_URL": "http://127.0.0.1:9",
    "ANTHROPIC_API_KEY": "another-key",
    "ANTHROPIC_AUTH_TOKEN": "another-key",
    "ANTHROPIC_CUSTOM_HEADERS": "X-Api-Key: another-key\nX-Other: another",
    "ANTHROPIC_LOG": "debug",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "ALL_PROXY": "http://127.0.0.1:9",
}
LEAVES = {"host", "content-length", "content-type", "accept", "accept-encoding", "user-agent", "authorization"}


@pytest.mark.parametrize("name", ["openai", "anthropic", "compatible"])
async def test_the_environment_changes_nothing_and_nothing_tells_of_this_machine(monkeypatch, name):
    for variable, value in HOSTILE.items():
        monkeypatch.setenv(variable, value)
    async with odd([], "HTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n") as server:
        assert (await trouble(question(name, f"{server.url}/v1"))).kind == "key_refused"
        [sent] = server.sent
        assert b"another" not in sent
        assert server.headers["authorization"] == f"Bearer {KEY}"
        assert set(server.headers) <= LEAVES | {"anthropic-version"}


async def test_a_server_of_ones_own_may_want_no_key():
    async with odd(spoken()) as server:
        await call(question("compatible", f"{server.url}/v1", key=""))
        assert "authorization" not in server.headers


@pytest.mark.parametrize("name", ["openai", "anthropic", "compatible"])
async def test_neither_key_nor_words_come_into_the_log(served, caplog, name):
    caplog.set_level(logging.DEBUG)
    for library in ("openai", "anthropic", "httpx2", "httpcore2"):
        caplog.set_level(logging.DEBUG, library)
    for fault in ("fair", "401_echo", "400", "cut", "html"):
        served.behave(fault)
        with suppress(CallTrouble):
            await call(question(name, served.url))
    assert KEY not in caplog.text
    assert "Merhaba" not in caplog.text
    assert "906386" not in caplog.text
