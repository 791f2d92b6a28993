"""What the help has to say, read once at start: templates/help/<language>/<number>-<topic>.md, the number's first digit being its part.

The texts are ours, so their HTML goes into pages as it is; raw HTML in them is not taken all the same. Links name topics and
pictures by their files, so that the texts can be read where they lie too, and pages of the console by their address (`/orders`).
"""

import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

from hyperpanel.db.folding import fold
from hyperpanel.paths import TEMPLATES
from hyperpanel.web.assets import Assets
from hyperpanel.web.languages import N_

FOLDER = TEMPLATES / "help"
PICTURES = "pictures/help/"
PARTS = {
    "1": N_("Find something"),
    "2": N_("Know how sure it is"),
    "3": N_("Work quickly"),
    "4": N_("Set up and look after"),
    "5": N_("See how it goes"),
}
FALLBACK = "en"
NOT_WORD = re.compile(r"[^\w]+")
SNIPPET = 80


@dataclass(frozen=True)
class Topic:
    """`lead` is its first paragraph; `folded` all of its words, for searching."""

    name: str
    part: str
    title: str
    lead: str
    body: Markup
    plain: str
    folded: str


Topics = Mapping[str, Mapping[str, Topic]]
"""By language, then by name, in the order of their numbers."""


def load(assets: Assets) -> Topics:
    reader = markdown(assets)
    return {
        folder.name: {topic.name: topic for topic in (read(reader, place) for place in sorted(folder.glob("*.md")))}
        for folder in sorted(FOLDER.iterdir())
        if folder.is_dir()
    }


def read(reader: MarkdownIt, place: Path) -> Topic:
    title, _, rest = place.read_text(encoding="utf-8").removeprefix("# ").partition("\n")
    tokens = reader.parse(rest)
    texts = [text_of(token) for token in tokens if token.type == "inline"]
    plain = " ".join([title, *texts])
    body = Markup(reader.renderer.render(tokens, reader.options, {"language": place.parent.name}))  # noqa: S704 -- our own texts
    return Topic(named(place.name), place.name[0], title.strip(), texts[0], body, plain, fold(plain))


def named(file: str) -> str:
    return file.partition("-")[2].removesuffix(".md")


def text_of(token: Token) -> str:
    """A picture's words are those that are read aloud in its place."""
    return "".join(" " if child.type == "softbreak" else child.content for child in token.children or ())


def markdown(assets: Assets) -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    rules: dict[str, Any] = {"link_open": link, "heading_open": heading, "image": picture, "table_open": table}
    for name, rule in rules.items():
        made.add_render_rule(name, rule)
    made.options["assets"] = assets
    return made


def link(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    href = str(tokens[at].attrs["href"])
    tokens[at].attrSet("href", href if href.startswith("/") else f"/help/{named(href)}")
    return self.renderToken(tokens, at, options, env)


def heading(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    tokens[at].attrSet("id", NOT_WORD.sub("-", tokens[at + 1].content.lower()).strip("-"))
    return self.renderToken(tokens, at, options, env)


def table(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    tokens[at].attrSet("class", "told-table")
    return self.renderToken(tokens, at, options, env)


def picture(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    """Its size goes along, so that nothing moves when it comes. One that is not there yet is left out: it is taken from a console that runs."""
    name = f"{PICTURES}{env['language']}/{Path(str(tokens[at].attrs['src'])).name}"
    if name not in options["assets"].files:
        return ""
    width, height = size_of(options["assets"].files[name].body)
    address = options["assets"].address(name)
    alt = Markup.escape(tokens[at].content)
    return f'<img src="{address}" alt="{alt}" width="{width}" height="{height}" loading="lazy" decoding="async">'


def size_of(body: bytes) -> tuple[int, int]:
    """Of a PNG; a page shows it no wider than its text."""
    width, height = struct.unpack(">II", body[16:24])
    return width, height


def of_language(topics: Topics, language: str) -> tuple[str, Mapping[str, Topic]]:
    """In English where nobody has written it in theirs."""
    return (language, topics[language]) if language in topics else (FALLBACK, topics[FALLBACK])


def sought(topics: Mapping[str, Topic], words: str) -> list[Topic]:
    """Those that hold every word; the ones with a word in their title first."""
    wanted = fold(words).split()
    found = [topic for topic in topics.values() if all(word in topic.folded for word in wanted)]
    return sorted(found, key=lambda topic: not any(word in fold(topic.title) for word in wanted))


def snippet(topic: Topic, words: str) -> str:
    """The place where the first word stands. Folding keeps a text's length but for marks, which our texts do not have."""
    first = next(iter(fold(words).split()), "")
    at = topic.folded.find(first, len(topic.title))
    if at < 0 or len(topic.folded) != len(topic.plain):
        return topic.lead
    start, end = max(0, at - SNIPPET), at + SNIPPET
    cut = topic.plain[start:end].strip()
    return f"{'…' if start else ''}{cut}{'…' if end < len(topic.plain) else ''}"
