"""What every connector is: one vendor's API, spoken without memory. The engine holds the cursor and hands over an Ask.

A page comes back in columns (keys, created, raw, digests) because most records are unchanged and are never looked at one by one.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

import msgspec

from sync.clocks import Clock
from sync.connectors.sentences import SENTENCES
from sync.records import Message, Record
from sync.verdicts import TROUBLES


@dataclass(frozen=True)
class Access:
    """How to reach one panel. Keys are secrets: they stay out of repr, logs and errors."""

    panel: str
    url: str
    currency: str
    zone: ZoneInfo
    admin_key: str = field(repr=False)
    services_key: str | None = field(default=None, repr=False)
    private: bool = False


@dataclass(frozen=True)
class Ask:
    """One request for records, newest first. Times are inclusive, in UTC; `ids` asks for these alone.

    `alone`: the one of `ids` by an address of its own; an empty page then says that it is gone. `user`: the records of this username.
    Of the stream messages, `ids` names one ticket, and the page is its whole thread.
    """

    stream: str
    limit: int = 1000
    created_from: datetime | None = None
    created_to: datetime | None = None
    offset: int = 0
    ids: Sequence[str] = ()
    alone: bool = False
    user: str | None = None


@dataclass(frozen=True)
class Unread:
    """A record that could not be read: its id (or `?` and a digest, where not even that was clear), and why.

    `values`: JSON of the whitelisted fields as they came, at most a few kB, for the person who looks into it; sealed where it is kept.
    """

    key: str
    reason: str
    values: str | None = field(default=None, repr=False)


@dataclass
class Page:
    """One answer, in columns of equal length. `created` are unix seconds, None where the record has no readable time."""

    keys: list[str]
    created: list[int | None]
    raws: list[msgspec.Raw]
    digests: list[int]
    unread: list[Unread] = field(default_factory=list)
    more: bool | None = None
    """Whether the upstream says that more follows; None when it does not say."""
    exact_times: bool = True
    """False where a creation time was read from a clock without zone: too weak to page by."""
    whole: bool = False
    """The answer is the whole stream (a catalogue): nothing follows, and what is absent is gone."""
    upstream_now: datetime | None = None
    gone: bool = False
    """The record that was asked for alone is not there."""
    touched: list[int | None] = field(default_factory=list)
    """Times of the last update, where the list may be ordered by them; else empty."""
    as_of: datetime | None = None
    """To when all of it was surely so, where the upstream holds copies itself; None: it speaks of itself, and of now."""
    held_since: datetime | None = None
    """All that was created later is held by the upstream, where it holds copies itself; None: that is not known."""
    behind: bool = False
    """A thread that may be older than the ticket it came with, so that it has to be read again."""

    def __len__(self) -> int:
        return len(self.keys) + len(self.unread)


@dataclass(frozen=True)
class Stream:
    """What a connector can do with one stream."""

    name: str
    plans: tuple[str, ...]
    by_created: bool = False
    by_ids: int = 0
    """Ids that one request may ask for; 0 = the upstream has no such filter."""
    alone: bool = False
    """Whether one record can be asked for by an address of its own."""
    by_user: bool = False
    """Whether records can be asked for by a username."""
    ageless: bool = False
    """Records are held whatever their age: a customer of three years ago still writes tickets."""
    copies: bool = False
    """What comes is as old as the page says it is. Of messages, an Ask for no ticket tells how old they all are."""


@dataclass(frozen=True)
class Looking:
    """What a look stands on: time, leave to call (awaited before each request), the usernames here, and how much is read at once."""

    clock: Clock
    before_call: Callable[[], Awaitable[object]]
    staff: frozenset[str] = frozenset()
    per_fetch: int = 1000


Detail = str | int | tuple[str, ...]


@dataclass(frozen=True)
class Probe:
    """One thing that a look found. `wrong`: it cannot be read, or a setting contradicts it; `note`: worth knowing, and no more.

    `code` is a key of sync.connectors.sentences.SENTENCES or of sync.verdicts.TROUBLES, and `about` one of ABOUT there. `details` fill the
    sentence and hold no secret; those named `streams` are names of streams, for a screen to say in its reader's words.
    """

    about: str
    level: Literal["ok", "note", "wrong"]
    code: str
    details: Mapping[str, Detail] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.level != "wrong"

    @property
    def text(self) -> str:
        """With its holes, as the catalogues of messages know it."""
        return SENTENCES[self.code] if self.code in SENTENCES else TROUBLES[self.code][1]

    @property
    def sentence(self) -> str:
        """In English, for commands and logs."""
        filled = {name: ", ".join(told) if isinstance(told, tuple) else told for name, told in self.details.items()}
        return self.text.format(**filled)

    def __str__(self) -> str:
        return self.sentence


class Connector(Protocol):
    version: int
    """Part of every digest: raise it when the decoding changes, and every record is read anew."""

    def streams(self) -> tuple[Stream, ...]:
        """The streams this vendor has, given the keys at hand."""

    async def probe(self, looking: Looking) -> list[Probe]:
        """What a look at each of its doors finds; never raises Trouble."""

    async def page(self, ask: Ask) -> Page:
        """One request. Raises Trouble."""

    def decode(self, stream: str, raw: msgspec.Raw) -> Record:
        """One record of any stream but messages. Raises UnreadableRecord."""

    def message(self, raw: msgspec.Raw) -> Message:
        """One message of a thread. Raises UnreadableRecord."""

    def values(self, stream: str, raw: msgspec.Raw) -> str | None:
        """JSON of the whitelisted fields of a record that could not be decoded; None where not even JSON is clear."""

    async def close(self) -> None:
        """Close its connections."""
