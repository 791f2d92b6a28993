"""What both adaptors do around the exchange itself: the deadline, the way out, and one kind of trouble for whatever went wrong.

What a server sends is not checked by the libraries: a list where an object should be comes up as a TypeError somewhere, which is the server's
fault, and says nothing more.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import httpx2

from hyperpanel.ai.asks import Hear
from hyperpanel.ai.client import CallTrouble, Interrupted, Question, Reply
from hyperpanel.ai.hearing import Hearing
from hyperpanel.ai.wires import lost, wired
from sync.clocks import Clock

SHAPES = (AttributeError, TypeError, ValueError, LookupError, RecursionError)
LONGEST_NAME = 100
Exchange = Callable[[Question, httpx2.AsyncClient, Hearing], Awaitable[None]]
Judge = Callable[[Exception, Hearing, datetime], CallTrouble | None]
"""What an exception of the vendor's library means; None for one that is not of it."""


async def carried(question: Question, clock: Clock, hear: Hear, exchange: Exchange, judge: Judge) -> Reply:
    """Raises CallTrouble, or Interrupted. What has left may be charged for, whether or not anything came back."""
    hearing = Hearing(question, clock, hear)
    try:
        async with asyncio.timeout(question.deadline), wired(question) as http:
            await exchange(question, http, hearing)
            return Reply(hearing.whole(), hearing.used())
    except CallTrouble as trouble:
        trouble.usage = hearing.used(hearing.was_begun or not trouble.is_free)
        raise
    except asyncio.CancelledError:
        raise Interrupted(hearing.used()) from None
    except Exception as problem:
        judged = judge(problem, hearing, clock.now()) or by_shape(problem)
        judged.usage = hearing.used(hearing.was_begun or not judged.is_free)
        raise judged from None


def by_shape(problem: Exception) -> CallTrouble:
    """Raises what is nothing of the server's doing."""
    if isinstance(problem, httpx2.TransportError | TimeoutError):
        return lost(problem)
    if isinstance(problem, SHAPES):
        return CallTrouble("server")
    raise problem


def count(given: object) -> int | None:
    """None for what cannot be a number of tokens."""
    return given if type(given) is int and 0 <= given < 10**9 else None


def named(given: str | None) -> str | None:
    """The number that a provider gave a request, for its support: whatever it calls so, and no more than that."""
    return given[:LONGEST_NAME] if given else None
