"""The client that awaits: for programs on asyncio. The same as `waiting.py`, line for line, but for the waiting."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from types import TracebackType
from typing import Generic, Self, TypeVar

import httpx2

from hyperpanel.client.calls import Call, Lost, Reply
from hyperpanel.client.core import Core, core, settings
from hyperpanel.client.errors import Cut, NoConsole
from hyperpanel.client.paging import Lines, Listing, Page
from hyperpanel.client.replies import checked, has_lines
from hyperpanel.client.resources import One
from hyperpanel.client.retries import Outcome, Patience, Plan, Send, Step, Wait

T = TypeVar("T")


class AsyncCaller:
    """Sends, and sleeps between; what to send and how long to sleep is the plan's to say."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        insecure: bool = False,
        patience: Patience | None = None,
        page_size: int = 500,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """`url`: a console, or `…/p/PANEL` of one; http only on this machine, unless `insecure`. Raises BadAddress and BadKey."""
        self._core: Core = core(url, key, insecure, patience or Patience(), page_size)
        self._http = httpx2.AsyncClient(transport=transport, **settings(self._core))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._core.base!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _problem: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    async def ask(self, one: One[T]) -> T:
        return one.read(await self.exchange(one.call))

    async def exchange(self, call: Call) -> Reply:
        """The answer, whatever it says. Raises Unreachable and TooFast."""
        return await self._followed(self._core.plan(call), [], False)

    async def lines(self, listing: Listing[T], call: Call, lines: Lines) -> AsyncGenerator[T]:
        """Rows as they come, counted in `lines`. Raises Cut where they end too early."""
        opened: list[httpx2.Response] = []
        reply = await self._followed(self._core.plan(call), opened, True)
        if not opened:
            checked(reply)
            raise NoConsole("What answers there has no lists in lines. Iterate over the list itself.")
        try:
            async for piece in opened[0].aiter_bytes():
                for line in lines.whole(piece):
                    yield listing.line(line)
        except httpx2.HTTPError as problem:
            raise Cut(f"{self._core.lost(problem).why} {lines.count} rows had come. Ask again.") from None
        finally:
            await opened[0].aclose()
        lines.close()

    async def _followed(self, plan: Plan, opened: list[httpx2.Response], keep: bool) -> Reply:
        outcome: Outcome = None
        try:
            while True:
                outcome = await self._done(plan.send(outcome), opened, keep)
        except StopIteration as end:
            reply: Reply = end.value
            return reply

    async def _done(self, step: Step, opened: list[httpx2.Response], keep: bool) -> Outcome:
        if isinstance(step, Wait):
            await asyncio.sleep(step.seconds)
            return None
        try:
            response = await self._http.send(self._http.build_request(**self._core.request(step)), stream=True)
            if keep and has_lines(self._core.reply(response)):
                opened.append(response)
                return self._core.reply(response)
            return await self._whole(response, step)
        except httpx2.HTTPError as problem:
            return self._core.lost(problem)

    async def _whole(self, response: httpx2.Response, step: Send) -> Reply | Lost:
        """The deadline holds for one that drips too."""
        pieces = []
        try:
            async for piece in response.aiter_bytes():
                pieces.append(piece)
                if self._core.is_over(step):
                    return self._core.late()
        finally:
            await response.aclose()
        return self._core.reply(response, b"".join(pieces))


class AsyncRows(Generic[T]):
    """A list, not yet asked for: iterate over all of it, page by page as they are needed; or take one page, or all as lines of one answer."""

    def __init__(self, caller: AsyncCaller, listing: Listing[T]) -> None:
        self._caller, self._listing = caller, listing

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for row in page.rows:
                yield row

    async def pages(self, cursor: str = "") -> AsyncIterator[Page[T]]:
        """From the cursor on, which a Page has as `next_cursor`. Raises NoConsole where a panel goes on giving the same rows."""
        call: Call | None = self._listing.call(self._caller._core.page_size, cursor=cursor)
        before: Page[T] | None = None
        while call:
            page = self._listing.page(await self._caller.exchange(call), call).behind(before)
            yield page
            call, before = page.next_call, page

    async def page(self, limit: int = 100, offset: int = 0, cursor: str = "") -> Page[T]:
        call = self._listing.call(limit, offset, cursor)
        return self._listing.page(await self._caller.exchange(call), call)

    def lines(self, limit: int | None = None, cursor: str = "") -> "AsyncLineRows[T]":
        """One answer in NDJSON, however long, with no more than a line of it in memory. Raises Cut, after what came."""
        return AsyncLineRows(self._caller, self._listing, self._listing.lines_call(limit, cursor))


class AsyncLineRows(Generic[T]):
    """The rows of one answer, each once."""

    def __init__(self, caller: AsyncCaller, listing: Listing[T], call: Call) -> None:
        self._lines = Lines()
        self._rows = caller.lines(listing, call, self._lines)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        return await anext(self._rows)

    async def aclose(self) -> None:
        """Where the rest is not wanted."""
        await self._rows.aclose()

    @property
    def next_cursor(self) -> str:
        """Where to go on, once all rows have come: empty where they were all that there are."""
        return self._lines.next_cursor
