"""How an answer of a model comes into a page: a form with data-ai is posted by a script, and told line by line how far the answer has come.

Each line is a JSON object: {"so_far": text} whenever it has grown, and at last {"html": fragment}, which takes the place of the block that
the form names, or {"refused": sentence}. A browser that goes away ends nothing: the work goes on, and what it makes is kept for the next
look. Without a script the same form waits for the end and goes on to a page.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.response import Stream

from hyperpanel.ai.asks import KINDS, AiTrouble, Hear
from hyperpanel.errors import Missing
from hyperpanel.support.error_numbers import new_number
from hyperpanel.web import ai_words
from hyperpanel.web.addresses import START, address, local, parts
from hyperpanel.web.languages import N_
from hyperpanel.web.render import see_other
from hyperpanel.web.texts import HIDDEN
from hyperpanel.web.visits import Visit

LOG = structlog.get_logger("hyperpanel.web")
LINES = "application/x-ndjson"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
LASTS = 95.0
"""Seconds that a page is kept waiting; a question may take a little less."""

STEP, LOOK, QUIET = 0.1, 1.0, 10.0
"""Seconds between two lines; between looks whether the process ends; and without a word, after which a proxy may hang up."""

TROUBLE = "ai"
"""The parameter that tells a page without a script why it has no answer."""

STILL = N_("This takes longer than usual. It goes on without this page: load it again in a minute.")
TICKETLESS = N_("Choose a ticket from the list.")
CLOSING = N_("The console is being restarted. Try again in a minute.")
UNENDED = {"still": STILL, "closing": CLOSING}
"""By what TROUBLE tells of them, beside the kinds of AiTrouble."""


@dataclass(eq=False)
class Coming:
    """An answer under way. `end`: its last line, once it is there."""

    so_far: str = ""
    end: Mapping[str, str] | None = None
    stirred: asyncio.Event = field(default_factory=asyncio.Event)
    trouble: str = ""

    def hear(self, so_far: str) -> None:
        self.so_far = so_far
        self.stirred.set()

    def close(self, end: Mapping[str, str], trouble: str = "") -> None:
        self.end, self.trouble = end, trouble
        self.stirred.set()


async def streamed(
    request: Request[Any, Any, Any], visit: Visit, work: Callable[[Hear], Awaitable[str]], place: str = ""
) -> Response[Any]:
    """`work` gives the HTML of the last line, and raises AiTrouble; whatever can be refused at once (Missing, BadInput) is refused before.
    `place`: where a browser without a script goes on to; it came from there if none is named."""
    coming = Coming()
    visit.console.work(run(visit, work, coming))
    if LINES in request.headers.get("accept", ""):
        return Stream(lines(visit, coming), media_type=LINES, headers=HEADERS, status_code=200)
    until = visit.console.clock.monotonic() + LASTS
    while is_awaited(visit, coming, until):
        await stir(coming)
    trouble = coming.trouble if coming.end else unended(visit)
    onward = address(place or local(referred(request)))
    return see_other(str(onward.having(**{TROUBLE: trouble}) if trouble else onward))


def referred(request: Request[Any, Any, Any]) -> str:
    found = parts(request.headers.get("referer", ""))
    return f"{found.path}?{found.query}" if found.query else found.path or START


async def run(visit: Visit, work: Callable[[Hear], Awaitable[str]], coming: Coming) -> None:
    trouble = AiTrouble("broken")
    try:
        html = await work(coming.hear)
    except AiTrouble as problem:
        trouble = problem
    except Missing:
        trouble = AiTrouble("gone")
    except Exception as problem:
        LOG.error("bug", error=new_number(), exc_info=problem)
    except asyncio.CancelledError:
        coming.close({"refused": visit.say(CLOSING)}, "closing")
        raise
    else:
        coming.close({"html": html})
    finally:
        if coming.end is None:
            coming.close({"refused": ai_words.sentence(visit, trouble)}, trouble.kind)


async def lines(visit: Visit, coming: Coming) -> AsyncIterator[bytes]:
    clock, told = visit.console.clock, ""
    until, quiet = clock.monotonic() + LASTS, clock.monotonic() + QUIET
    while is_awaited(visit, coming, until):
        if coming.so_far != told:
            told, quiet = coming.so_far, clock.monotonic() + QUIET
            yield line({"so_far": visible(told)})
            await asyncio.sleep(STEP)
        elif clock.monotonic() > quiet:
            quiet = clock.monotonic() + QUIET
            yield b"\n"
        await stir(coming)
    yield line(coming.end or {"refused": visit.say(UNENDED[unended(visit)])})


def is_awaited(visit: Visit, coming: Coming, until: float) -> bool:
    return coming.end is None and not visit.console.hub.closed and visit.console.clock.monotonic() < until


def unended(visit: Visit) -> str:
    """Why a page is told to wait no longer, though there is no end."""
    return "closing" if visit.console.hub.closed else "still"


async def stir(coming: Coming) -> None:
    """Until it has grown or ended, or for a moment."""
    try:
        async with asyncio.timeout(LOOK):
            await coming.stirred.wait()
    except TimeoutError:
        return
    coming.stirred.clear()


def line(told: Mapping[str, str]) -> bytes:
    """Half of a pair of surrogates, which a model may write, is no text."""
    return msgspec.json.encode({name: text.encode(errors="replace").decode() for name, text in told.items()}) + b"\n"


def visible(text: str) -> str:
    """Of several lines, with marks for what cannot be seen or turns a line around; not yet escaped."""
    even = text.replace("\r\n", "\n").replace("\r", "\n")
    return HIDDEN.sub(lambda one: one[0] if one[0] in "\t\n" else f"⟨U+{ord(one[0]):04X}⟩", even)


def refused(visit: Visit) -> str:
    """What a page tells that was come to without a script, and without an answer."""
    kind = next((value for name, value in visit.url.pairs if name == TROUBLE), "")
    if kind in UNENDED:
        return visit.say(UNENDED[kind])
    return ai_words.sentence(visit, AiTrouble(kind)) if kind in KINDS else ""
