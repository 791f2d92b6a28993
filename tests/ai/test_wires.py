"""Addresses as people type them, and what is left of the headers that a library makes."""

import httpx2
import pytest

from hyperpanel.ai.wires import Overlong, Wire, lost, root, versioned
from sync.guard import PrivateAddress


@pytest.mark.parametrize("end", ["", "/", "/v1", "/v1/", "/v1/chat/completions", "/v1/models", " "])
def test_an_address_may_be_typed_in_many_ways(end):
    assert root(f"http://host:8080/llm{end}") == "http://host:8080/llm"
    assert versioned(f"http://host:8080/llm{end}") == "http://host:8080/llm/v1"


@pytest.mark.parametrize("whole", ["https://host/v1beta/openai", "https://host/api/paas/v4"])
def test_another_version_than_the_first_is_left_as_it_is(whole):
    assert versioned(f"{whole}/chat/completions") == whole


class Answers(httpx2.AsyncBaseTransport):
    def __init__(self, **headers: str) -> None:
        self.headers = headers
        self.asked: list[httpx2.Request] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        return httpx2.Response(200, headers=self.headers, stream=Said())


class Said(httpx2.AsyncByteStream):
    async def __aiter__(self):
        for _ in range(4):
            yield b"12345"


async def sent(key: str, **headers: str) -> httpx2.Headers:
    inner = Answers()
    await Wire(inner, key, 100).handle_async_request(httpx2.Request("POST", "http://host/", headers=headers))
    return inner.asked[0].headers


async def test_only_what_a_call_needs_leaves():
    found = await sent("k", **{"X-Stainless-OS": "Linux", "OpenAI-Organization": "o", "anthropic-version": "1"})
    assert set(found) == {
        "host",
        "content-length",
        "anthropic-version",
        "authorization",
        "user-agent",
        "accept-encoding",
    }


async def test_the_key_is_ours_in_whichever_header_the_library_put_it():
    assert (await sent("k", **{"x-api-key": "k", "authorization": "Bearer other"})).get("authorization") is None
    assert (await sent("k", **{"x-api-key": "other"}))["authorization"] == "Bearer k"
    assert "authorization" not in await sent("", **{"authorization": "Bearer none"})


@pytest.mark.parametrize("most", [19, 20])
async def test_what_is_read_has_an_end(most):
    response = await Wire(Answers(), "k", most).handle_async_request(httpx2.Request("POST", "http://host/"))
    if most < 20:
        with pytest.raises(Overlong):
            await response.aread()
    else:
        assert len(await response.aread()) == most


async def test_what_is_packed_is_not_read():
    with pytest.raises(Overlong):
        await Wire(Answers(**{"content-encoding": "gzip"}), "k", 9).handle_async_request(
            httpx2.Request("POST", "http://host/")
        )


def test_what_kept_an_answer_away_is_told_by_its_first_cause():
    def caused(cause: Exception) -> str:
        try:
            raise RuntimeError from cause
        except RuntimeError as problem:
            return lost(problem).kind

    assert caused(PrivateAddress("h")) == "address"
    assert caused(httpx2.ConnectTimeout("")) == "unreachable"
    assert caused(httpx2.ReadTimeout("")) == "timeout"
    assert caused(httpx2.RemoteProtocolError("")) == "cut"
    assert caused(Overlong("")) == "server"
