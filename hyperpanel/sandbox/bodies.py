"""Bodies that are small or legal on the wire and want to be read to death: packed bombs of every encoding, depth, width.

Each is made by hand from a piece that repeats, since packing a gibibyte takes seconds and needs libraries that nothing else here does. An
encoding is sent whether or not the caller said that it takes it, as a hostile panel would.
"""

import struct
import zlib
from collections.abc import Callable
from functools import lru_cache

from hyperpanel.sandbox.exchange import Answer

MEBIBYTE = 1024 * 1024
SWELLS = 256  # mebibytes that the small bomb comes to
GIBIBYTE = 1024  # mebibytes
HEAD, BLANK, TAIL = b'{"data":{"count":1,"list":["', b" " * MEBIBYTE, b'"]},"error_code":0}'
GZIP = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"  # the head of a packed file
CRC32 = {SWELLS: 0x75C4182A, GIBIBYTE: 0xE1DE3226}  # of HEAD, so many blank mebibytes and TAIL: a second to reckon
ADLER32 = 0x29B01649  # of the gibibyte
DEEP = MANY = 10**6
# HEAD, the first 16 MiB of blanks, each 16 MiB more, and TAIL, as a brotli encoder with a window of 24 bits flushes them
BROTLI = tuple(
    map(
        bytes.fromhex,
        (
            "8f0d0000049970e4e3e41ae909eb493429851579a62b4359d219105b2fa208f619",
            "fcffff074002241e0b24f7fedf00",
            "fcffff074002200e0b40f7fedf00",
            "900008225d7d2c226572726f725f636f6465223a307d03",
        ),
    )
)


def _packed(body: bytes, encoding: str) -> Answer:
    return Answer(200, body, headers={"content-encoding": encoding})


@lru_cache(2)
def _deflate(mebibytes: int) -> bytes:
    """The raw stream: after a full flush equal input packs equally."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    start = packer.compress(HEAD) + packer.flush(zlib.Z_FULL_FLUSH)
    filling = packer.compress(BLANK) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + filling * mebibytes + packer.compress(TAIL) + packer.flush()


def gzipped(mebibytes: int) -> bytes:
    """That many mebibytes of JSON in a thousandth of it."""
    size = len(HEAD) + mebibytes * MEBIBYTE + len(TAIL)
    return GZIP + _deflate(mebibytes) + struct.pack("<II", CRC32[mebibytes], size)


def deflated() -> bytes:
    """A gibibyte in a zlib wrapping, which is what `deflate` means in HTTP."""
    return b"\x78\xda" + _deflate(GIBIBYTE) + struct.pack(">I", ADLER32)


def brotli() -> bytes:
    head, first, more, tail = BROTLI
    return head + first + more * (GIBIBYTE // 16 - 1) + tail


def zstandard() -> bytes:
    """A gibibyte as a frame of blocks that each repeat one byte 128 KiB times, in 4 bytes."""
    frame = b"\x28\xb5\x2f\xfd\x00\x38"  # no size told, a window of 128 KiB
    blank = _block(128 * 1024, 1, last=False) + b" "
    return (
        frame
        + _block(len(HEAD), 0, last=False)
        + HEAD
        + blank * (GIBIBYTE * 8)
        + _block(len(TAIL), 0, last=True)
        + TAIL
    )


def _block(size: int, how: int, last: bool) -> bytes:
    return (last | how << 1 | size << 3).to_bytes(3, "little")


@lru_cache(1)
def deep() -> bytes:
    return b'{"data":' + b"[" * DEEP + b"]" * DEEP + b',"error_code":0}'


@lru_cache(1)
def many_keys() -> bytes:
    keys = b",".join(b'"%d":0' % number for number in range(MANY))
    return b'{"data":{"count":1,"list":[{"id":1,' + keys + b'}]},"error_code":0}'


BODIES: dict[str, Callable[[], Answer]] = {
    "bomb": lambda: _packed(gzipped(SWELLS), "gzip"),
    "bomb_gzip": lambda: _packed(gzipped(GIBIBYTE), "gzip"),
    "bomb_deflate": lambda: _packed(deflated(), "deflate"),
    "bomb_br": lambda: _packed(brotli(), "br"),
    "bomb_zstd": lambda: _packed(zstandard(), "zstd"),
    "deep": lambda: Answer(200, deep()),
    "many_keys": lambda: Answer(200, many_keys()),
}
