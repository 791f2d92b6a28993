import json
import zlib

import msgspec
import pytest

from hyperpanel.sandbox import bodies

SIZE = len(bodies.HEAD) + bodies.GIBIBYTE * bodies.MEBIBYTE + len(bodies.TAIL)


def unpacked(packed: bytes, wbits: int, most: int) -> bytes:
    return zlib.decompressobj(wbits).decompress(packed, most)


@pytest.mark.parametrize("kind", ["bomb_gzip", "bomb_deflate"])
def test_a_gibibyte_begins_as_an_answer_does_and_is_a_thousandth_of_it(kind):
    answer = bodies.BODIES[kind]()
    begins = unpacked(answer.body, 47, 3 * bodies.MEBIBYTE)  # 47: whichever of the two heads
    assert begins == (bodies.HEAD + bodies.BLANK * 3)[: len(begins)]
    assert len(begins) == 3 * bodies.MEBIBYTE
    assert len(answer.body) < SIZE // 1000


def test_the_size_of_a_gzip_bomb_is_told_at_its_end():
    assert int.from_bytes(bodies.gzipped(bodies.GIBIBYTE)[-4:], "little") == SIZE


def test_the_other_encodings_are_smaller_still():
    assert len(bodies.brotli()) < 1000
    assert len(bodies.zstandard()) < 33_000


def test_a_zstandard_bomb_is_a_chain_of_blocks_that_ends():
    frame, place, size = bodies.zstandard(), 6, 0
    last = 0
    while not last:
        head = int.from_bytes(frame[place : place + 3], "little")
        last, how, length = head & 1, head >> 1 & 3, head >> 3
        place, size = place + 3 + (1 if how == 1 else length), size + length
    assert (place, size) == (len(frame), SIZE)


def test_a_million_brackets_are_more_than_a_reader_goes_down():
    with pytest.raises(RecursionError):
        msgspec.json.decode(bodies.deep())


def test_a_million_keys_are_one_record():
    [record] = json.loads(bodies.many_keys())["data"]["list"]
    assert len(record) == bodies.MANY + 1
