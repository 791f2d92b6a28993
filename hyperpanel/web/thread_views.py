"""A ticket's conversation as it is shown: by days, each message with who wrote it, what it said before, and the orders that it names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any

import msgspec
from markupsafe import Markup

from hyperpanel.db.messages import Message, Place, Version
from hyperpanel.web import bodies
from hyperpanel.web.ai_views import Head, Mark
from hyperpanel.web.bodies import Mention, Piece
from hyperpanel.web.formats import day
from hyperpanel.web.texts import safe_link, shown
from hyperpanel.web.visits import Visit

BUDGET = 524_288
"""Characters of all bodies on one page; the newest message is shown whatever it takes."""

LONG = 5
"""Messages that are about as many as a narrow screen holds."""

MOST_FILES = 20
KILO = 1000
FILES = msgspec.json.Decoder(list[dict[str, Any]])


@dataclass(frozen=True)
class File:
    """Named, never loaded by itself. `href` where it is safe to follow."""

    name: str
    size: str
    href: str | None
    host: str


@dataclass(frozen=True)
class Earlier:
    """What a message said before it was edited, which was seen at `at`."""

    body: Markup
    at: datetime
    is_cut: bool


@dataclass(frozen=True)
class MessageView:
    """`clock`: its time of day. `is_empty`: nothing of it can be shown."""

    id: str
    is_staff: bool
    sender: str
    clock: str
    at: datetime | None
    body: Markup
    is_empty: bool
    whole_href: str | None
    files: Sequence[File]
    earlier: Sequence[Earlier]
    gone_at: datetime | None
    is_newest: bool
    ai: Mark | None = None


@dataclass(frozen=True)
class Day:
    """`label` is empty for messages without a time."""

    label: str
    messages: Sequence[MessageView]


@dataclass(frozen=True)
class Thread:
    """`state` of the messages: never read, again (a reading failed or was in doubt), behind the ticket, or current as of `read_at`."""

    state: str
    read_at: datetime | None
    days: Sequence[Day]
    older_href: str | None
    newest_href: str | None
    ai: Head | None = None

    @property
    def is_long(self) -> bool:
        return sum(len(day.messages) for day in self.days) > LONG


@dataclass(frozen=True)
class Read:
    """A message with its body taken apart."""

    message: Message
    pieces: Sequence[Piece]


def kept(messages: Sequence[Message], most: int) -> tuple[list[Message], bool]:
    """As many of the last ones as a page bears, and whether there are more before them."""
    room, found = BUDGET, list[Message]()
    for message in reversed(messages[-most:]):
        room -= len(message.body)
        if room < 0 and found:
            break
        found.append(message)
    return found[::-1], len(found) < len(messages)


def read(messages: Sequence[Message]) -> list[Read]:
    return [Read(message, bodies.read(message.body)) for message in messages]


def numbers(some: Sequence[Read], most: int) -> list[str]:
    """What could be orders, the newest messages first."""
    found = dict.fromkeys(number for one in reversed(some) for number in bodies.numbers(one.pieces))
    return list(found)[:most]


def place_of(message: Message) -> str:
    return f"{message.place}-{message.id}"


def place(text: str) -> Place | None:
    """None for what no link of ours leads to."""
    number, _, id = text.partition("-")
    is_one = number.isascii() and number.isdecimal() and len(number) < 10 and id.isascii() and 0 < len(id) <= 64
    return Place(int(number), id) if is_one else None


def days(
    visit: Visit,
    some: Sequence[Read],
    versions: Sequence[Version],
    orders: Mapping[str, Mention],
    href: str,
    is_last: bool,
) -> list[Day]:
    """`href`: of the ticket; `is_last`: the newest message of all is among these."""
    image = visit.say("Image")
    newest = some[-1].message.id if some and is_last else ""
    views = [view(visit, one, mine(versions, one.message.id), orders, image, href, newest) for one in some]
    return [Day(label, list(group)) for label, group in groupby(views, partial(dated, visit))]


def dated(visit: Visit, one: MessageView) -> str:
    return day(one.at.astimezone(visit.zone).date(), visit.language.locale) if one.at else ""


def mine(versions: Sequence[Version], message_id: str) -> list[Version]:
    return [one for one in versions if one.message_id == message_id]


def view(
    visit: Visit,
    one: Read,
    versions: Sequence[Version],
    orders: Mapping[str, Mention],
    image: str,
    href: str,
    newest: str,
) -> MessageView:
    message = one.message
    at = message.created_at.astimezone(visit.zone) if message.created_at else None
    return MessageView(
        id=message.id,
        is_staff=message.is_staff,
        sender=shown(message.sender) or "",
        clock=f"{at:%H:%M}" if at else "",
        at=message.created_at,
        body=bodies.drawn(one.pieces, orders, image),
        is_empty=not bodies.says_something(one.pieces) and not message.files,
        whole_href=f"{href}?whole={message.id}#m-{message.id}" if message.is_cut else None,
        files=list(files(visit, message.files)),
        earlier=[earlier(each, image) for each in versions],
        gone_at=message.gone_at,
        is_newest=message.id == newest,
    )


def earlier(version: Version, image: str) -> Earlier:
    body = bodies.drawn(bodies.read(version.body), {}, image)
    return Earlier(body, version.not_before, version.size > len(version.body))


def files(visit: Visit, told: str | None) -> Iterator[File]:
    try:
        some = FILES.decode(told) if told else []
    except msgspec.DecodeError:
        some = []
    for one in some[:MOST_FILES]:
        href = safe_link(one.get("url"))
        name = shown(one.get("name")) or shown(one.get("url")) or visit.say("(no name)")
        yield File(name, size(visit, one.get("size")), href, bodies.host_of(href) if href else "")


def size(visit: Visit, told: object) -> str:
    """A number of bytes, or whatever the panel wrote instead."""
    if not isinstance(told, int):
        return shown(str(told), 40) or "" if told else ""
    if told < KILO * KILO:
        return visit.say("%(number)s kB", number=visit.fmt.number(max(1, round(told / KILO))))
    return visit.say("%(number)s MB", number=visit.fmt.number(round(told / KILO / KILO, 1)))
