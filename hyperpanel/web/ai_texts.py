"""A message's words as a model is given them: what a reader sees of it, line by line, without markup and without what nobody sees."""

import re
from collections.abc import Iterator, Sequence

from hyperpanel.web.bodies import BLOCKS, Piece
from hyperpanel.web.texts import HIDDEN

SPACES = re.compile(r"[^\S\n]+")
EDGES = re.compile(r" ?\n ?")
EMPTY_LINES = re.compile(r"\n{3,}")


def text_of(pieces: Sequence[Piece]) -> str:
    text = SPACES.sub(" ", "".join(words(pieces)))
    return EMPTY_LINES.sub("\n\n", EDGES.sub("\n", text)).strip()


def words(pieces: Sequence[Piece]) -> Iterator[str]:
    """Line ends count where they were typed as such, inside of `pre`; elsewhere a browser shows a space."""
    pre = 0
    for piece in pieces:
        if piece.kind in ("start", "end"):
            pre += (piece.text == "pre") * (1 if piece.kind == "start" else -1)
            yield "\n" if piece.text in BLOCKS else ""
        elif piece.kind == "break":
            yield "\n"
        elif piece.kind in ("text", "image"):
            seen = HIDDEN.sub(lambda found: found[0] if found[0] in "\t\n\r" else "", piece.text)
            yield seen if pre else re.sub(r"\s+", " ", seen)
