"""The web process: it says where it answers, ends when told, and explains a busy port."""

import asyncio
import socket
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from hyperpanel.config import Settings, Web
from hyperpanel.db import sessions
from hyperpanel.errors import Unusable
from hyperpanel.serving import listen, serve, unusable
from tests.support.staged import VAULT

pytestmark = pytest.mark.loopback


async def test_it_answers_until_told_to_stop(staged):
    stop = asyncio.Event()
    addresses: asyncio.Queue[str] = asyncio.Queue()
    settings = Settings(web=Web(port=0, plain_http=True))
    running = asyncio.create_task(serve(settings, staged.database, stop, addresses.put_nowait, VAULT))
    address = await asyncio.wait_for(addresses.get(), 10)
    async with httpx2.AsyncClient() as client:
        answer, head = await client.get(f"{address}/healthz"), await client.head(f"{address}/healthz")
        again = await client.get(f"{address}/healthz")
    assert (answer.text, "server" in answer.headers) == ("ok", False)
    assert (head.status_code, head.content, head.headers["content-length"], again.text) == (200, b"", "2", "ok")
    stop.set()
    await asyncio.wait_for(running, 10)


async def test_an_open_page_does_not_keep_it_from_ending(staged):
    stop = asyncio.Event()
    addresses: asyncio.Queue[str] = asyncio.Queue()
    settings = Settings(web=Web(port=0, plain_http=True))
    running = asyncio.create_task(serve(settings, staged.database, stop, addresses.put_nowait, VAULT))
    address = await asyncio.wait_for(addresses.get(), 10)
    ana = await staged.person("ana")
    async with staged.database.write() as connection:
        token = await sessions.begin(connection, ana.id, timedelta(hours=1), datetime.now(UTC), "", "")
    async with (
        httpx2.AsyncClient(cookies={staged.console.cookies.session: token}) as client,
        client.stream("GET", f"{address}/live?streams=orders") as open_page,
    ):
        heard = open_page.aiter_text()
        assert (await anext(heard)).startswith("retry: ")
        stop.set()
        assert [part async for part in heard] == []  # cut off, it would raise
    await asyncio.wait_for(running, 10)


async def test_a_busy_port_is_one_sentence(staged):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Unusable, match=f"Port {port} on 127.0.0.1 is in use.*--port"):
            await serve(Settings(web=Web(port=port, plain_http=True)), staged.database, asyncio.Event(), vault=VAULT)


def test_an_address_that_is_not_ours_is_one_sentence():
    said = unusable(Web(host="192.0.2.1", port=80), OSError(99, "Cannot assign requested address"))
    assert said == "Nothing can listen at 192.0.2.1:80: Cannot assign requested address. Change web.host or web.port."


def test_a_small_answer_does_not_wait_for_the_client():
    with listen(Web(port=0, plain_http=True)) as listening, socket.create_connection(listening.getsockname()):
        listening.setblocking(True)
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
