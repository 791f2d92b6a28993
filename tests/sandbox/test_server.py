"""Over real sockets: what only a real connection can show."""

import asyncio
import socket
import threading
import time

import httpx2
import pytest

from hyperpanel.sandbox.server import background, serve
from tests.sandbox.conftest import small

pytestmark = pytest.mark.loopback


@pytest.fixture(scope="module")
def fleet():
    return small()


@pytest.fixture
def http(fleet):
    panel = fleet.panels[0]
    panel.faults.clear()
    with background(fleet) as url, httpx2.Client(base_url=f"{url}/{panel.name}/adminapi/v2") as client:
        client.headers["X-Api-Key"] = panel.admin_key
        yield client


def set_fault(fleet, text, seconds=30.0):
    fleet.misbehave(text)
    fleet.panels[0].faults.set[-1].seconds = seconds


def test_a_panel_answers_on_a_free_port(http):
    assert http.get("/orders").json()["data"]["count"] == 600


def test_the_background_ends_cleanly(fleet):
    before = set(threading.enumerate())
    with background(fleet) as url:
        pass
    assert {thread.name for thread in set(threading.enumerate()) - before} == set()
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(url)


def test_a_reset_comes_before_any_answer(fleet, http):
    set_fault(fleet, "reset:1")
    with pytest.raises(httpx2.TransportError):
        http.get("/orders")
    assert http.get("/orders").status_code == 200


def test_a_cut_comes_in_the_middle_of_the_answer(fleet, http):
    set_fault(fleet, "cut:1")
    with pytest.raises(httpx2.RemoteProtocolError):
        http.get("/orders")


def heard(caller: socket.socket) -> tuple[bytes, bool]:
    """All that comes, and whether the connection was torn then."""
    said = b""
    try:
        while part := caller.recv(1024):
            said += part
    except ConnectionResetError:
        return said, True
    return said, False


@pytest.mark.parametrize(
    ("kind", "begins", "ends"),
    [
        ("reset", b"", b""),
        ("reset_in_headers", b"HTTP/1.1 200", b"applica"),
        ("reset_after_headers", b"HTTP/1.1 200", b"\r\n\r\n"),
    ],
)
def test_a_connection_may_be_torn_at_three_moments(fleet, http, kind, begins, ends):
    set_fault(fleet, f"{kind}:1")
    with socket.create_connection((http.base_url.host, http.base_url.port or 80)) as caller:
        caller.sendall(b"GET /eu-1/ HTTP/1.1\r\nHost: panel.example\r\n\r\n")
        said, is_torn = heard(caller)
    assert (said[: len(begins)], said[len(said) - len(ends) :], is_torn) == (begins, ends, True)
    assert bool(said) == bool(begins)


def test_a_connection_may_be_gone_after_an_answer(fleet, http):
    set_fault(fleet, "hang_up:1")
    answer = http.get("/orders")
    kept = answer.headers.get("connection") != "close"
    time.sleep(0.1)  # a caller who is quicker than this meets a reset
    assert (kept, http.get("/orders").status_code) == (True, 200)


def test_a_drip_is_slow_and_whole(fleet, http):
    set_fault(fleet, "drip:1", seconds=0.3)
    start = time.monotonic()
    assert http.get("/orders").json()["data"]["count"] == 600
    assert time.monotonic() - start > 0.25


def test_a_time_out_ends_when_the_caller_goes(fleet, http):
    set_fault(fleet, "timeout:1", seconds=60)
    with pytest.raises(httpx2.ReadTimeout):
        http.get("/orders", timeout=0.2)
    assert http.get("/orders").status_code == 200


async def test_serving_ends_when_cancelled(fleet):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    serving = asyncio.create_task(serve(fleet, port=port))
    async with httpx2.AsyncClient() as client:
        for _ in range(100):
            try:
                answer = await client.get(f"http://127.0.0.1:{port}/_truth/panels")
                break
            except httpx2.ConnectError:
                await asyncio.sleep(0.02)
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
    assert answer.status_code == 200


async def test_a_busy_port_is_an_os_error(fleet):
    with socket.create_server(("127.0.0.1", 0)) as busy, pytest.raises(OSError, match="in use"):
        await serve(fleet, port=busy.getsockname()[1])
