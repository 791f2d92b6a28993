"""Servers that no model would have: bytes as they are given, in whatever pieces and pauses, and what they were sent."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

STREAM = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
WHOLE = '{"language":"tr","text":"hello 906386"}'
ENDLESS = -1


@dataclass
class Odd:
    url: str = ""
    sent: list[bytes] = field(default_factory=list)

    @property
    def headers(self) -> dict[str, str]:
        """Of the last request."""
        lines = self.sent[-1].decode("latin-1").split("\r\n\r\n")[0].split("\r\n")[1:]
        return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}


@asynccontextmanager
async def odd(parts: Sequence[bytes], head: str = STREAM, pause: float = 0.0, times: int = 1) -> AsyncIterator[Odd]:
    """Answers each request with these parts, `times` over or without end."""
    made = Odd()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            made.sent.append(await request(reader))
            writer.write(head.encode())
            count = 0
            while times == ENDLESS or count < times:
                count += 1
                for part in parts:
                    writer.write(part)
                    await writer.drain()
                    await asyncio.sleep(pause)
        except OSError:
            return
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.close()


async def request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
    )
    return head + await reader.readexactly(length)


def event(data: str) -> bytes:
    return f"data: {data}\n\n".encode()


def spoken(text: str = WHOLE, usage: str = '"usage":{"prompt_tokens":7,"completion_tokens":5}') -> list[bytes]:
    """A whole answer in OpenAI's protocol; without its usage where that is empty."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    said = event('{"choices":[{"index":0,"delta":{"content":"' + quoted + '"},"finish_reason":null}]}')
    ended = event('{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}')
    used = [event('{"choices":[],' + usage + "}")] if usage else []
    return [said, ended, *used, event("[DONE]")]
