"""Letters as they are meant: a shop dresses its names in bold, boxed, keycap and small-capital signs, and writes digits of any script.

What is folded knows where each of its signs stood, because a reader wants to see the words as they were written.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

DRESSED = re.compile(
    r"(?:SMALL CAPITAL|NEGATIVE (?:SQUARED|CIRCLED) LATIN CAPITAL LETTER|SMALL LETTER DOTLESS) ([A-Z])"
)
KEYCAP = "\u20e3"
DROPPED = frozenset(["Mn", "Mc", "Me", "Cf", "Cc", "Sk", "Cn", "Co", "Cs"])
SPACES = frozenset("\t\n\r\v\f")
KNOWN = {
    **dict.fromkeys("⁄∕\\", "/"),
    **dict.fromkeys("−∼∽~", "-"),
    **dict.fromkeys("‘’ʼ´`", "'"),
    **dict.fromkeys("│┃║¦❘❙∣丨•·●", "|"),
    **dict.fromkeys("،٬、", ","),
    **{
        "٫": ".",
        "½": ".5",
        "¼": ".25",
        "¾": ".75",
        "🔟": "10",
        "∞": "∞",
        "♾": "∞",
        "♻": "♻",
        "ي": "ی",
        "ى": "ی",
        "ك": "ک",
        "ة": "ه",
    },
}
"""A fraction's own decomposition is a slash between numbers, which would read as a range."""


@dataclass(frozen=True)
class Folded:
    """`text`: small Latin letters and digits where such are meant; accents and decoration gone."""

    source: str
    pieces: list[str]
    text: str

    @cached_property
    def ends(self) -> list[int]:
        return list(accumulate(map(len, self.pieces)))

    def written(self, start: int, end: int) -> str:
        """The piece of the source that became text[start:end], with the marks that belong to its last letter."""
        if len(self.source) == len(self.text) and not self.pieces:
            return self.source[start:end]
        first, last = bisect_right(self.ends, start), bisect_right(self.ends, end - 1)
        while last + 1 < len(self.pieces) and not self.pieces[last + 1]:
            last += 1
        return self.source[first : last + 1]


class Folds(dict[str, str]):
    """Each sign folded once."""

    def __missing__(self, sign: str) -> str:
        self[sign] = meant(sign)
        return self[sign]


def meant(sign: str) -> str:
    if sign in KNOWN:
        return KNOWN[sign]
    if found := DRESSED.search(unicodedata.name(sign, "")):
        return found[1].lower()
    parts = unicodedata.normalize("NFKD", sign).casefold()
    if "⁄" in parts:
        return "|"
    if parts == sign and unicodedata.category(sign) == "No":
        return str(unicodedata.digit(sign, "|"))
    return "".join(map(plain, parts))


def plain(sign: str) -> str:
    if sign in KNOWN:
        return KNOWN[sign]
    kind = unicodedata.category(sign)
    if kind == "Nd":
        return str(unicodedata.decimal(sign))
    if kind == "Pd" or (kind[0] == "S" and "ARROW" in unicodedata.name(sign, "")):
        return "-"
    if kind == "So":
        return "|"
    if kind[0] == "Z" or sign in SPACES:
        return " "
    return "" if kind in DROPPED else sign


FOLDS = Folds()


def fold(text: str) -> Folded:
    if text.isascii() and text.isprintable():
        return Folded(text, [], text.lower().replace("~", "-").replace("\\", "/").replace("`", "'"))
    pieces = [FOLDS[sign] for sign in text]
    if KEYCAP in text:
        pieces = uncapped(text, pieces)
    return Folded(text, pieces, "".join(pieces))


def uncapped(text: str, pieces: list[str]) -> list[str]:
    """A keycap before a bare digit is a bullet of a list: `1️⃣ 2K` is not twelve thousand, nor is it without the space."""
    capped = [sign == KEYCAP for sign in text]
    following = [text[at + 1 : at + 2].isdigit() and KEYCAP not in text[at + 2 : at + 4] for at in range(len(text))]
    return [" " if cap and bare else piece for cap, bare, piece in zip(capped, following, pieces, strict=True)]
