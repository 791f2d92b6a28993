"""What reads like the name of a host in a translation and was not in its source: evil.zip, evil。com, evil.ｃom.

A sentence that ends without a space reads like one too and is refused with them, but where an ideographic full stop stands between letters
that no host's ending has: Chinese and Japanese are written so.
"""

import re
import unicodedata

HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\ufeff]")
SIGN = re.compile(r"⟦(\d+)⟧")
HOST = re.compile(r"(?<![\w-])[\w-]++(?:[.。][\w-]++)+")
BEHIND = re.compile(r"⟦(\d+)⟧(?:\.[^\W\d_]{2}|。[a-z]{2})")
"""A sign with an ending of its own, as in the points of a list: "1.likes"."""


def are_given(source: str, said: str, endings: frozenset[str]) -> bool:
    """Of an answer with its signs, held against what went out."""
    given, told = even(source), even(said)
    known = set(hosts(given, endings))
    points = {one[1] for one in BEHIND.finditer(given)}
    return all(one in known for one in hosts(told, endings)) and all(one[1] in points for one in BEHIND.finditer(told))


def even(text: str) -> str:
    return unicodedata.normalize("NFKC", HIDDEN.sub("", text)).casefold()


def hosts(text: str, endings: frozenset[str]) -> list[str]:
    return [one[0] for one in HOST.finditer(SIGN.sub(" ", text)) if is_host(one[0], endings)]


def is_host(found: str, endings: frozenset[str]) -> bool:
    """By any of its ends: `found` may go on with a further sentence."""
    labels = re.split("([.。])", found)
    return any(
        len(right) > 1 and (stop == "." or right in endings or (left[-1:].isascii() and right.isascii()))
        for left, stop, right in zip(labels[::2], labels[1::2], labels[2::2], strict=False)
    )
