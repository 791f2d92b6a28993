"""Markdown that staff write, for notes and announcements: read as CommonMark without raw HTML and without pictures, then put through the same
sieve as what customers write (bodies.py), which draws every link anew and lets nothing else through."""

from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

from hyperpanel.web import bodies
from hyperpanel.web.bodies import Piece

LONGEST, MOST_SENT = 10_000, 1_000_000
"""Characters that are kept; and bytes that are read, so that a text too long comes back with what is wrong and is not lost."""


def reader() -> MarkdownIt:
    """A line that ends is a line that ends: notes are jotted down. A heading is a strong line: pages have headings of their own."""
    made = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable("image")
    made.add_render_rule("heading_open", heading_open)
    made.add_render_rule("heading_close", heading_close)
    return made


def heading_open(_self: RendererHTML, _tokens: Sequence[Token], _at: int, _options: Any, _env: Any) -> str:
    return "<p><strong>"


def heading_close(_self: RendererHTML, _tokens: Sequence[Token], _at: int, _options: Any, _env: Any) -> str:
    return "</strong></p>"


READER = reader()


def drawn(text: str) -> Markup:
    """What consists of signs alone, which Markdown shows nothing of, is shown as it was typed."""
    pieces = bodies.read(READER.render(text))
    if not bodies.says_something(pieces):
        pieces = [Piece("start", "p"), *bodies.lines(text), Piece("end", "p")]
    return bodies.drawn(pieces, {}, "")


def tidy(text: str) -> str:
    """As it is kept: line ends alike, nothing around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
