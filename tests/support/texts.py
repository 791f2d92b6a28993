"""The texts a person reads, found in the sources: messages for the catalogues, and text that forgot to be one."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

from hyperpanel.paths import ROOT, TEMPLATES
from sync.addresses import SENTENCES
from sync.connectors import sentences
from sync.verdicts import TROUBLES
from tests.support.templates import jinja

METHODS = [("**.py", "python"), ("**.html", "jinja2")]
OPTIONS = {"**.html": {"newstyle_gettext": "true", "silent": "false"}}
HYPERPANEL = ROOT / "hyperpanel"
SPOKEN = DEFAULT_KEYWORDS | {"say": None, "count": (1, 2), "NN_": (1, 2)}
LETTERS = re.compile(r"[^\W\d_]{2,}")
READ_ALOUD = {
    "alt",
    "aria-label",
    "aria-description",
    "aria-placeholder",
    "aria-roledescription",
    "label",
    "placeholder",
}
SHOWN = READ_ALOUD | {"title"}
UNTRANSLATED = {"kbd", "code", "script", "style"}  # keys and code are the same in every language
NAMES = {"hyperpanel"}
HOLE = "\ufffc"  # stands where an expression was


def messages() -> Catalog:
    """Every message of the templates and of the Python sources, and the sentences of the engine's troubles and of bad addresses.

    Only the console speaks by `say` and `count`.
    """
    catalog = Catalog()
    for folder, keywords in ((HYPERPANEL, DEFAULT_KEYWORDS), (HYPERPANEL / "web", SPOKEN), (TEMPLATES, SPOKEN)):
        found = extract_from_dir(folder, METHODS, OPTIONS, keywords, comment_tags=())
        for file, line, message, comments, context in found:
            catalog.add(message, None, [(f"{folder.name}/{file}", line)], auto_comments=comments, context=context)
    for _, sentence in TROUBLES.values():
        catalog.add(sentence, None, [("sync/verdicts.py", 1)])
    for sentence in SENTENCES.values():
        catalog.add(sentence, None, [("sync/addresses.py", 1)])
    for sentence in (*sentences.SENTENCES.values(), *sentences.ABOUT.values()):
        catalog.add(sentence, None, [("sync/connectors/sentences.py", 1)])
    return catalog


def bare(text: str) -> list[str]:
    """Text of a template (its source) that a person would read and no catalogue knows."""
    reader = _Reader()
    reader.feed("".join(_outside_of_jinja(text)))
    reader.close()
    return reader.found


def _outside_of_jinja(text: str) -> Iterator[str]:
    """The template's own characters: a hole for each expression, nothing for what stands inside {% trans %}."""
    translated, tag = False, ""
    for _, kind, value in jinja().lex(text):
        if kind == "data" and not translated:
            yield value
        elif kind == "variable_begin" and not translated:
            yield HOLE
        elif kind == "block_begin":
            tag = ""
        elif kind == "name" and not tag:
            tag = value
            translated = tag == "trans" or (translated and tag != "endtrans")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        for name, value in attrs:
            if name in SHOWN:
                self._judge(value or "", f"{name}=")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not UNTRANSLATED & set(self.open[-1:]):
            self._judge(data, "")

    def _judge(self, text: str, where: str) -> None:
        if words := set(LETTERS.findall(text)) - NAMES:
            self.found.append(where + " ".join(sorted(words)))
