"""Order numbers in what people write: 6 to 10 digits by themselves, in any script; not those of links, telephones, dates or receipts.

A word at a time, so that no text, however long or odd, takes more than a look at each of its signs.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

FEWEST, MOST = 6, 10
WORDS = re.compile(r"\S+")
ODD = re.compile(r"\d|https?://|www\.", re.IGNORECASE)
"""What makes a word worth a closer look."""

ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)
BARE_ADDRESS = re.compile(r"\W{0,3}[\w-]{1,63}(?:\.[\w-]{1,63}){1,9}[/?]")
NUMBER = re.compile(r"(?<![\w+/=&?@])(?<!\d[.:-])\d+(?!\w|[/=@]|[.:-]\d)")
AFTER_A_LINK = ".,;:!?)]}'\"»”’،؛؟…"


class Part(NamedTuple):
    """A piece of a text. `kind`: text, link (an address, followed or not) or number, whose digits are `digits`."""

    kind: str
    text: str
    digits: str = ""


def parts(text: str, fewest: int = FEWEST) -> Iterator[Part]:
    """All pieces in order; together they are the text."""
    done = 0
    for found in WORDS.finditer(text):
        word = found[0]
        if not ODD.search(word):
            continue
        yield from plain(text[done : found.start()])
        done = found.end()
        if address := ADDRESS.search(word):
            yield from numbered(word[: address.start()], fewest)
            yield from linked(word[address.start() :])
        elif BARE_ADDRESS.match(word):
            yield Part("link", word)
        else:
            yield from numbered(word, fewest)
    yield from plain(text[done:])


def linked(word: str) -> Iterator[Part]:
    """A full stop behind an address ends the sentence."""
    link = word.rstrip(AFTER_A_LINK)
    yield Part("link", link)
    if len(link) < len(word):
        yield Part("text", word[len(link) :])


def numbered(word: str, fewest: int) -> Iterator[Part]:
    done = 0
    for found in NUMBER.finditer(word):
        if fewest <= len(found[0]) <= MOST:
            yield from plain(word[done : found.start()])
            yield Part("number", found[0], latin(found[0]))
            done = found.end()
    yield from plain(word[done:])


def plain(text: str) -> Iterator[Part]:
    if text:
        yield Part("text", text)


def latin(number: str) -> str:
    return "".join(str(unicodedata.decimal(sign)) for sign in number)
