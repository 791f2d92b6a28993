"""Answers said badly: cut short, dripped, without an end, or with the connection torn at one of its three moments.

Over a real connection the bytes are torn as a machine would tear them; in process ConnectionResetError is raised in their place. All of
them end when the caller has gone, and what would have no end ends after the fault's seconds.
"""

import asyncio
import socket
import struct
from dataclasses import replace
from typing import NamedTuple

from hyperpanel.sandbox.exchange import Answer
from hyperpanel.sandbox.wire import LINE, Receive, Scope, Send, speak, start

DRIPS = 20  # pieces of a slow answer
TRICKLE = 1.0  # seconds between two bytes of the slowest
LINGER = 1.0  # seconds until a dropped connection is sure to be gone
PIECE = b" " * 65_536
ENDLESS = 4096  # pieces that go on for ever for whoever reads them: a quarter of a gibibyte
TORN_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: applica"


class Caller(NamedTuple):
    """Who is at the other end, in ASGI's words."""

    scope: Scope
    receive: Receive
    send: Send


async def stammer(kind: str, seconds: float, answer: Answer, headers: dict[str, str], caller: Caller) -> None:
    """Say it, but badly."""
    body, send = answer.body, caller.send
    match kind:
        case "reset" | "reset_in_headers":
            return await tear(caller, b"" if kind == "reset" else TORN_HEAD)
        case "truncated":
            return await speak(send, replace(answer, body=body[: len(body) * 2 // 3]), headers)
        case "endless":
            return await _endless(caller, answer, headers, seconds)
    await start(send, answer, headers)
    match kind:
        case "reset_after_headers":
            await tear(caller)
        case "cut":
            await _say(send, body[: len(body) // 2])
            hang_up(caller.scope, rudely=False)
            await hang(caller.receive, LINGER)
        case "drip":
            await _drip(send, body, seconds)
        case "trickle":
            await _trickle(caller, body, seconds)
        case _:
            await _say(send, body, more=False)
            drop(caller.scope)  # though it had said that the connection stays


async def _say(send: Send, body: bytes, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})


async def _drip(send: Send, body: bytes, seconds: float) -> None:
    size = max(1, len(body) // DRIPS)
    for begin in range(0, len(body), size):
        await _say(send, body[begin : begin + size])
        await asyncio.sleep(seconds / DRIPS)
    await _say(send, b"", more=False)


async def _trickle(caller: Caller, body: bytes, seconds: float) -> None:
    """A byte a second for so long, and then no more."""
    for place in range(min(len(body), max(1, round(seconds / TRICKLE)))):
        await _say(caller.send, body[place : place + 1])
        if await hang(caller.receive, min(TRICKLE, seconds)):
            return
    await tear(caller)


async def _endless(caller: Caller, answer: Answer, headers: dict[str, str], seconds: float) -> None:
    """As fast as it is read, and no length is told; then nothing more, until the connection is torn."""
    gone = asyncio.ensure_future(hang(caller.receive, seconds))
    await start(caller.send, replace(answer, body=b""), {**headers, "content-length": ""})
    for _ in range(ENDLESS):
        if gone.done():
            break
        await _say(caller.send, PIECE)
        await asyncio.sleep(0)
    if not await gone:
        await tear(caller)


async def hang(receive: Receive, seconds: float) -> bool:
    """Say nothing for so long, or until the caller has gone; whether that is so."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return False
    return True


async def tear(caller: Caller, said: bytes = b"") -> None:
    """Drop the connection, with no more than this said on it."""
    hang_up(caller.scope, rudely=True, said=said)
    await hang(caller.receive, LINGER)


def hang_up(scope: Scope, rudely: bool, said: bytes = b"") -> None:
    if not drop(scope, rudely, said):
        raise ConnectionResetError("the simulated panel dropped the connection")


def drop(scope: Scope, rudely: bool = False, said: bytes = b"") -> bool:
    """Whether there was a connection to drop: in process there is none."""
    line = scope.get("extensions", {}).get(LINE)
    if line is None:
        return False
    transport = line["transport"]
    if rudely and (connection := transport.get_extra_info("socket")) is not None:
        transport.write(said)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    transport.close()
    return True
