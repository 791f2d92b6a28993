"""What leaves smaller, and what leaves as it is."""

import gzip

import pytest

from hyperpanel.support.compression import Zipping, takes_gzip

LONG = b"a line that repeats itself\n" * 100


async def through(may_zip: bool = True, kind: str = "text/html; charset=utf-8", bodies=(LONG,), **headers: str):
    """What a server is given for an answer of these bodies."""
    sent = []

    async def send(message):
        sent.append(message)

    zipping = Zipping(send, may_zip)
    given = {"content-type": kind, "content-length": str(sum(map(len, bodies))), **headers}
    raw = [(name.encode(), value.encode()) for name, value in given.items()]
    await zipping({"type": "http.response.start", "status": 200, "headers": raw})
    for place, body in enumerate(bodies):
        more = place < len(bodies) - 1
        await zipping({"type": "http.response.body", "body": body, "more_body": more})
    return dict(sent[0]["headers"]), [message["body"] for message in sent[1:]]


async def test_a_page_is_sent_smaller_with_its_new_length():
    headers, [body] = await through()
    assert (headers[b"content-encoding"], headers[b"content-length"]) == (b"gzip", str(len(body)).encode())
    assert gzip.decompress(body) == LONG


@pytest.mark.parametrize(
    "how",
    [
        {"may_zip": False},
        {"bodies": (b"short",)},
        {"bodies": (LONG, LONG)},
        {"kind": "text/event-stream"},
        {"kind": "image/png"},
        {"content-encoding": "br"},
    ],
    ids=str,
)
async def test_everything_else_is_sent_as_it_is(how):
    headers, bodies = await through(**how)
    assert headers.get(b"content-encoding", b"") == how.get("content-encoding", "").encode()
    assert tuple(bodies) == how.get("bodies", (LONG,))


async def test_a_stream_of_events_begins_before_its_first_event():
    sent = []

    async def send(message):
        sent.append(message["type"])

    headers = [(b"content-type", b"text/event-stream")]
    await Zipping(send, may_zip=True)({"type": "http.response.start", "status": 200, "headers": headers})
    assert sent == ["http.response.start"]


@pytest.mark.parametrize("accepted", ["gzip", "deflate, gzip;q=1.0, *;q=0.5", "br, GZIP ; q=0.3", "*"])
def test_browsers_that_take_it(accepted):
    assert takes_gzip(accepted)


@pytest.mark.parametrize("accepted", ["", "identity", "br, gzip;q=0", "gzip; q=0.0", "x-gzip-like"])
def test_browsers_that_do_not(accepted):
    assert not takes_gzip(accepted)
