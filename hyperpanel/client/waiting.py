"""The client that waits: for scripts, shells and threads."""

import time
from collections.abc import Generator, Iterator
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


class Caller:
    """Sends, and sleeps between; what to send and how long to sleep is the plan's to say."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        insecure: bool = False,
        patience: Patience | None = None,
        page_size: int = 500,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        """`url`: a console, or `…/p/PANEL` of one; http only on this machine, unless `insecure`. Raises BadAddress and BadKey."""
        self._core: Core = core(url, key, insecure, patience or Patience(), page_size)
        self._http = httpx2.Client(transport=transport, **settings(self._core))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._core.base!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _problem: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def ask(self, one: One[T]) -> T:
        return one.read(self.exchange(one.call))

    def exchange(self, call: Call) -> Reply:
        """The answer, whatever it says. Raises Unreachable and TooFast."""
        return self._followed(self._core.plan(call), [], False)

    def lines(self, listing: Listing[T], call: Call, lines: Lines) -> Generator[T]:
        """Rows as they come, counted in `lines`. Raises Cut where they end too early."""
        opened: list[httpx2.Response] = []
        reply = self._followed(self._core.plan(call), opened, True)
        if not opened:
            checked(reply)
            raise NoConsole("What answers there has no lists in lines. Iterate over the list itself.")
        try:
            for piece in opened[0].iter_bytes():
                for line in lines.whole(piece):
                    yield listing.line(line)
        except httpx2.HTTPError as problem:
            raise Cut(f"{self._core.lost(problem).why} {lines.count} rows had come. Ask again.") from None
        finally:
            opened[0].close()
        lines.close()

    def _followed(self, plan: Plan, opened: list[httpx2.Response], keep: bool) -> Reply:
        outcome: Outcome = None
        try:
            while True:
                outcome = self._done(plan.send(outcome), opened, keep)
        except StopIteration as end:
            reply: Reply = end.value
            return reply

    def _done(self, step: Step, opened: list[httpx2.Response], keep: bool) -> Outcome:
        if isinstance(step, Wait):
            time.sleep(step.seconds)
            return None
        try:
            response = self._http.send(self._http.build_request(**self._core.request(step)), stream=True)
            if keep and has_lines(self._core.reply(response)):
                opened.append(response)
                return self._core.reply(response)
            return self._whole(response, step)
        except httpx2.HTTPError as problem:
            return self._core.lost(problem)

    def _whole(self, response: httpx2.Response, step: Send) -> Reply | Lost:
        """The deadline holds for one that drips too."""
        pieces = []
        try:
            for piece in response.iter_bytes():
                pieces.append(piece)
                if self._core.is_over(step):
                    return self._core.late()
        finally:
            response.close()
        return self._core.reply(response, b"".join(pieces))


class Rows(Generic[T]):
    """A list, not yet asked for: iterate over all of it, page by page as they are needed; or take one page, or all as lines of one answer."""

    def __init__(self, caller: Caller, listing: Listing[T]) -> None:
        self._caller, self._listing = caller, listing

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.rows

    def pages(self, cursor: str = "") -> Iterator[Page[T]]:
        """From the cursor on, which a Page has as `next_cursor`. Raises NoConsole where a panel goes on giving the same rows."""
        call: Call | None = self._listing.call(self._caller._core.page_size, cursor=cursor)
        before: Page[T] | None = None
        while call:
            page = self._listing.page(self._caller.exchange(call), call).behind(before)
            yield page
            call, before = page.next_call, page

    def page(self, limit: int = 100, offset: int = 0, cursor: str = "") -> Page[T]:
        call = self._listing.call(limit, offset, cursor)
        return self._listing.page(self._caller.exchange(call), call)

    def lines(self, limit: int | None = None, cursor: str = "") -> "LineRows[T]":
        """One answer in NDJSON, however long, with no more than a line of it in memory. Raises Cut, after what came."""
        return LineRows(self._caller, self._listing, self._listing.lines_call(limit, cursor))


class LineRows(Generic[T]):
    """The rows of one answer, each once."""

    def __init__(self, caller: Caller, listing: Listing[T], call: Call) -> None:
        self._lines = Lines()
        self._rows = caller.lines(listing, call, self._lines)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> T:
        return next(self._rows)

    def close(self) -> None:
        """Where the rest is not wanted."""
        self._rows.close()

    @property
    def next_cursor(self) -> str:
        """Where to go on, once all rows have come: empty where they were all that there are."""
        return self._lines.next_cursor
