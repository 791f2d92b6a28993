"""Bodies are read within their caps, whatever they come to when inflated, and cost little more than themselves."""

import tracemalloc
import zlib
from collections.abc import AsyncIterator, Sequence

import httpx2
import pytest

from sync.http import BODY_CAP, STEP, read
from sync.verdicts import Trouble

CHUNK = 65_536


class Sent(httpx2.AsyncByteStream):
    def __init__(self, chunks: Sequence[bytes]) -> None:
        self.chunks = chunks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            yield chunk


def packed(body: bytes) -> bytes:
    return zlib.compress(body, 1, 31)


def response(body: bytes, encoding: str = "gzip", at_once: int = CHUNK) -> httpx2.Response:
    chunks = [body[start : start + at_once] for start in range(0, len(body), at_once)]
    return httpx2.Response(200, headers={"content-encoding": encoding}, stream=Sent(chunks))


@pytest.mark.parametrize("at_once", [1, 1000, CHUNK])
async def test_an_inflated_body_is_what_it_was_in_whatever_pieces_it_comes(at_once):
    body = b"".join(b"%d," % number for number in range(3000))
    assert await read(response(packed(body), at_once=at_once)) == body


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_a_body_as_large_as_it_may_be_is_read_and_a_larger_one_is_not(encoding):
    made = packed if encoding == "gzip" else bytes
    assert len(await read(response(made(b" " * BODY_CAP), encoding))) == BODY_CAP
    with pytest.raises(Trouble, match="16 MiB"):
        await read(response(made(b" " * (BODY_CAP + 1)), encoding))


async def test_a_bomb_costs_no_more_than_the_largest_body():
    bomb = packed(b" " * (4 * BODY_CAP))
    tracemalloc.start()
    try:
        with pytest.raises(Trouble, match="16 MiB"):
            await read(response(bomb))
        assert tracemalloc.get_traced_memory()[1] < 1.2 * BODY_CAP + 4 * STEP
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate"])
async def test_what_was_not_asked_for_is_not_even_read(encoding):
    with pytest.raises(Trouble, match="not JSON"):
        await read(response(b"", encoding))


async def test_a_packed_body_that_breaks_off_is_no_whole_one():
    with pytest.raises(Trouble, match="broke off"):
        await read(response(packed(b"1234567890" * 100)[:-9]))
