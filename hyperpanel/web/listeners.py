"""An open page, as the hub knows it: who looks at it, what it is about, and what it has yet to be told."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from hyperpanel.db.news import Item
from hyperpanel.db.sessions import Rights, Session
from hyperpanel.web import tidings

WAITING = 50


@dataclass(eq=False)
class Listener:
    """`panels`: the names of those that the page is about and the person may see. `until`: when it has to come again, by the monotonic
    clock. `heard`: the number up to which it was told before the hub began to."""

    session: Session
    streams: frozenset[str]
    panels: Mapping[int, str]
    until: float
    heard: int = 0
    ages: bytes = b""
    is_over: bool = False
    queue: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(WAITING))

    @property
    def rights(self) -> Rights:
        person = self.session.person
        return Rights(person.role, person.panel_ids)

    @property
    def about(self) -> tuple[frozenset[str], frozenset[int]]:
        return self.streams, frozenset(self.panels)

    def __contains__(self, feed: tuple[int, str]) -> bool:
        panel_id, stream = feed
        return panel_id in self.panels and stream in self.streams

    def concerns(self, item: Item) -> bool:
        return (item.panel_id, item.stream) in self

    def tell(self, words: bytes, number: int) -> None:
        """Whoever does not keep up looks at everything again instead."""
        if self.queue.full():
            self.lose(number)
        elif not self.is_over:
            self.queue.put_nowait(words)

    def lose(self, number: int) -> None:
        if not self.is_over:
            self.forget()
            self.queue.put_nowait(tidings.resync(number))

    def leave(self, number: int) -> None:
        """Nobody is signed in there any more: the page goes, and nothing comes after it."""
        if not self.is_over:
            self.forget()
            self.queue.put_nowait(tidings.over(number))
            self.is_over = True
            self.queue.put_nowait(None)

    def end(self) -> None:
        """Nothing comes after it."""
        self.is_over = True
        self.forget()
        self.queue.put_nowait(None)

    def forget(self) -> None:
        while not self.queue.empty():
            self.queue.get_nowait()
