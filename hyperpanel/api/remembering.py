"""What one process remembers of the keys that it met: how each stands, for half a second, how many calls it may make without asking, and
how many reads of each are under way.

Calls are taken from the shared store in blocks, since each block costs a write. What a block does not use up within a second is lost, so a
block is only as large as the last one turned out to be needed.
"""

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from hyperpanel.db.api_keys import Held
from hyperpanel.db.api_uses import Taken
from hyperpanel.db.panels import Panel

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
REMEMBERED = timedelta(seconds=0.5)
BLOCK_LASTS = timedelta(seconds=1)
MOST = 4096
"""Of each kind: somebody who sends ever new ids, or from ever new networks, fills no memory."""


class Few(Generic[K, V]):
    """A dict that forgets the oldest."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self.kept: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        return self.kept.get(key)

    def put(self, key: K, value: V) -> V:
        self.kept.pop(key, None)
        self.kept[key] = value
        if len(self.kept) > self.most:
            del self.kept[next(iter(self.kept))]
        return value


@dataclass(frozen=True)
class Standing:
    """A key as it was read a moment ago, with the panels that it sees."""

    held: Held
    panels: tuple[Panel, ...]
    read_at: datetime

    def is_fresh(self, now: datetime) -> bool:
        return timedelta(0) <= now - self.read_at < REMEMBERED


@dataclass
class Block:
    """`size` calls taken at `at`; `free_at`: as the store had it then."""

    size: int
    left: int
    at: datetime
    free_at: int

    def lasts(self, now: datetime) -> bool:
        return timedelta(0) <= now - self.at < BLOCK_LASTS

    def next_size(self, now: datetime) -> int:
        """Twice as many where these were gone before their second was over; else as many as were used."""
        used = self.size - self.left
        return max(1, self.size * 2 if self.lasts(now) and not self.left else used)

    @classmethod
    def of(cls, taken: Taken, at: datetime) -> "Block":
        return cls(taken.number, taken.number, at, taken.free_at)


@dataclass
class Bucket:
    """The calls of one key, or the wrong keys of one network; one at a time asks the store."""

    name: str
    block: Block | None = None
    refused_until: datetime | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def filled(self, block: Block, wait: float, now: datetime) -> float | None:
        """Seconds to wait, where the block is empty: then what was known of the last one stays."""
        if not block.size:
            self.refused_until = now + timedelta(seconds=wait)
            return wait
        self.block, self.refused_until = block, None
        return None

    def used_one(self) -> Block:
        if self.block is None or not self.block.left:
            raise LookupError("no call was taken")
        self.block.left -= 1
        return self.block


@dataclass(frozen=True)
class Memory:
    """Of one process: keys by their hash, so that a wrong one with a good id finds nothing."""

    keys: Few[bytes, Standing] = field(default_factory=Few)
    buckets: Few[str, Bucket] = field(default_factory=Few)
    reads: Few[str, asyncio.Semaphore] = field(default_factory=Few)

    def reads_of(self, key_id: str, at_once: int) -> asyncio.Semaphore:
        return self.reads.get(key_id) or self.reads.put(key_id, asyncio.Semaphore(at_once))
