"""What customers and staff wrote, made harmless: the one place where text of others becomes Markup.

A body is hostile HTML. It goes twice through a sieve: nh3 parses it as a browser would and keeps a few elements; from its events the
text is then written anew, sign by sign escaped, in elements that stand literally in this file. Nothing of a body is ever copied as HTML.
Images are not loaded: they become links. Links tell the host they really lead to.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

import nh3
from markupsafe import Markup, escape

from hyperpanel.web.texts import HIDDEN, safe_link
from reports import mentions

KEPT = frozenset({"b", "i", "em", "strong", "p", "ul", "ol", "li", "code", "pre", "blockquote"})
APART = frozenset({"div", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "hr", "section", "article"})
"""Not kept, but what stands in two of them does not stand in one line."""

CELLS = frozenset({"td", "th"})
BLOCKS = frozenset({"p", "ul", "ol", "li", "pre", "blockquote"})
LISTS = frozenset({"ul", "ol"})
SIEVE = nh3.Cleaner(
    tags=set(KEPT | APART | CELLS | {"a", "br", "img", "tbody", "thead"}),
    attributes={"a": {"href"}, "img": {"src", "alt"}},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel=None,
)
TAG = re.compile(r"</?[a-z][a-z0-9]*(?:[\s/][^<>]*)?>|<!--|<!doctype", re.IGNORECASE)
MOST_TAGS = 2_000
"""A body of more is read without them: how long a browser's way of reading takes grows with the square of how deep they stand."""

DEEPEST = 12
MAIL = re.compile(r"mailto:([\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5})", re.ASCII | re.IGNORECASE)
LINE_ENDS = re.compile(r"\r\n?|\n")
LINK = '<a class="out" href="%s" target="_blank" rel="noopener noreferrer nofollow">%s</a>'
HOST = ' <bdi class="host" dir="ltr">(%s)</bdi>'
ORDER = (
    '<span class="named"><a class="mention" href="%s"><bdi dir="ltr">%s</bdi></a>'
    ' <span class="status status-%s">%s</span></span>'
)


@dataclass(frozen=True)
class Mention:
    """An order that a number in the text is known to be."""

    href: str
    tone: str
    label: str


@dataclass(frozen=True)
class Piece:
    """Of a body as it was read. `kind`: text, start and end (of an element in KEPT), break, link (around what follows), unlink or image."""

    kind: str
    text: str = ""
    href: str = ""


def read(body: str) -> list[Piece]:
    """What a body says, in order: nothing of it is HTML any more."""
    tags = sum(1 for _ in TAG.finditer(body))
    if not 0 < tags <= MOST_TAGS:
        return list(lines(unescape(TAG.sub(" ", body))))
    reader = Reader()
    reader.feed(SIEVE.clean(body))
    reader.close()
    return reader.pieces


def lines(text: str) -> Iterator[Piece]:
    for number, line in enumerate(LINE_ENDS.split(text)):
        if number:
            yield Piece("break")
        yield Piece("text", line)


class Reader(HTMLParser):
    """Reads what the sieve let through, which is well-formed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self.links: list[bool] = []
        self.open: list[str] = []
        """The elements in KEPT that it is inside of; "" for one that is left out."""
        self.is_apart = True
        """Whether a line begins here."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in KEPT:
            self.begin(tag)
        elif tag == "br":
            self.put(Piece("break"), True)
        elif tag in APART:
            self.part()
        elif tag in CELLS:
            self.pieces.append(Piece("text", " "))
        elif tag == "a":
            self.link(given.get("href"))
        elif tag == "img":
            self.put(Piece("image", given.get("alt") or "", followed(given.get("src")) or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in KEPT:
            self.end(tag)
        elif tag in APART:
            self.part()
        elif tag == "a" and self.links and self.links.pop():
            self.pieces.append(Piece("unlink"))

    def handle_data(self, data: str) -> None:
        self.put(Piece("text", data), self.is_apart and data.isspace())

    def put(self, piece: Piece, is_apart: bool = False) -> None:
        self.pieces.append(piece)
        self.is_apart = is_apart

    def begin(self, tag: str) -> None:
        """An item that is in no list would end the item of the page's own list that it is shown in."""
        is_kept = len(self.open) < DEEPEST and (tag != "li" or not LISTS.isdisjoint(self.open))
        self.open.append(tag if is_kept else "")
        if is_kept:
            self.put(Piece("start", tag), tag in BLOCKS)
        elif tag == "li":
            self.part()

    def end(self, tag: str) -> None:
        if self.open and self.open.pop():
            self.put(Piece("end", tag), tag in BLOCKS)
        elif tag == "li":
            self.part()

    def link(self, href: str | None) -> None:
        """In a table one link can stand in another: the outer one keeps all that is in it."""
        place = None if any(self.links) else followed(href)
        self.links.append(place is not None)
        if place:
            self.pieces.append(Piece("link", href=place))

    def part(self) -> None:
        """One line ends here, however many elements do."""
        if not self.is_apart:
            self.put(Piece("break"), True)


def followed(href: str | None) -> str | None:
    """Where a browser may go from here."""
    mail = MAIL.fullmatch(href or "")
    return f"mailto:{mail[1]}" if mail else safe_link(href)


def numbers(pieces: Sequence[Piece]) -> Iterator[str]:
    """What could be order numbers, outside of links."""
    for text in loose(pieces):
        yield from (part.digits for part in mentions.parts(text) if part.kind == "number")


def loose(pieces: Sequence[Piece]) -> Iterator[str]:
    inside = False
    for piece in pieces:
        inside = piece.kind == "link" or (inside and piece.kind != "unlink")
        if piece.kind == "text" and not inside:
            yield piece.text


def says_something(pieces: Sequence[Piece]) -> bool:
    return any(piece.kind == "image" or (piece.kind == "text" and piece.text.strip()) for piece in pieces)


def drawn(pieces: Sequence[Piece], orders: Mapping[str, Mention], image: str) -> Markup:
    """`image`: the word for one. Every sign of others is escaped here."""
    made: list[str] = []
    href, words = "", list[str]()
    for piece in pieces:
        if piece.kind == "link":
            href, words = piece.href, []
        elif href and piece.kind == "text":
            words.append(piece.text)
        elif piece.kind == "unlink":
            made.append(linked(href, "".join(words)))
            href = ""
        elif piece.kind == "image":
            made.append(
                linked(piece.href, f"{image} {piece.text}".strip()) if piece.href else safe(f"{image} {piece.text}")
            )
        elif piece.kind == "text":
            made.extend(spoken(piece.text, orders))
        elif href:
            words.append(" ")
        else:
            made.append({"break": "<br>", "start": f"<{piece.text}>", "end": f"</{piece.text}>"}[piece.kind])
    return Markup("".join(made))  # noqa: S704 -- made of literals and of what `safe` escaped


def spoken(text: str, orders: Mapping[str, Mention]) -> Iterator[str]:
    for part in mentions.parts(text):
        known = orders.get(part.digits) if part.kind == "number" else None
        if known:
            yield ORDER % (safe(known.href), safe(part.text), safe(known.tone), safe(known.label))
        elif part.kind == "link" and (place := safe_link(part.text)):
            yield linked(place, part.text)
        else:
            yield safe(part.text)


def linked(href: str, text: str) -> str:
    """With the host that it leads to, unless the text begins with it."""
    told = text.strip() or href
    host = host_of(href)
    is_told = re.match(rf"(?:https?://)?{re.escape(host)}(?:[/?#]|$)", told, re.IGNORECASE)
    made = LINK % (safe(href), safe(told))
    return made if is_told else made + HOST % safe(host)


def host_of(href: str) -> str:
    return href.removeprefix("mailto:") if href.startswith("mailto:") else urlsplit(href).hostname or href


def safe(text: str) -> str:
    """Escaped, with marks for what cannot be seen or turns a line around. Spaces and ends of lines are left to the browser."""
    return str(escape(HIDDEN.sub(lambda found: found[0] if found[0] in "\t\n\r" else f"⟨U+{ord(found[0]):04X}⟩", text)))
