"""Letters and digits that people take for the same: İ, I, ı and i; ي and ی; ۲, ٢ and 2; é and e. For searching in texts, never for names.

Both databases and Python fold by one table. SQLite calls our function; PostgreSQL translates, since its own lower() depends on the locale
that its data directory was made with.
"""

import unicodedata
from typing import Any

from sqlalchemy import ColumnElement, Engine, Text, event
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

SCRIPTS = ((0x41, 0x5B), (0xC0, 0x180), (0x218, 0x21C), (0x386, 0x3CF), (0x400, 0x460), (0xFF21, 0xFF5B))
"""Latin with the letters of Europe and Turkey, Greek, Cyrillic, and the wide forms. PostgreSQL looks through all of them for each letter of
a text, so rare ones are left out."""

DIGITS = ((0x660, 0x66A), (0x6F0, 0x6FA), (0x966, 0x970), (0xFF10, 0xFF1A))
LATIN = {"İ": "i", "I": "i", "ı": "i", "Ł": "l", "ł": "l", "Ø": "o", "ø": "o", "Đ": "d", "đ": "d"}
ARABIC = {"ك": "ک", "ي": "ی", "ى": "ی", "ئ": "ی", "ة": "ه", "ۀ": "ه", "أ": "ا", "إ": "ا", "آ": "ا", "ؤ": "و"}
UNSEEN = "\u00ad\u0640\u200b\u200c\u200d" + "".join(
    map(chr, (*range(0x300, 0x305), 0x306, 0x307, 0x308, 0x30C, 0x327, *range(0x64B, 0x653)))
)
"""What a word is written with or without: joiners, a long stroke, marks over and under letters."""


def plain(sign: str) -> str:
    """A letter without its case and marks, where that is one letter."""
    base = unicodedata.normalize("NFKD", sign)[:1].lower()
    return base if len(base) == 1 else sign


def table() -> dict[int, str]:
    letters = {code: plain(chr(code)) for first, end in SCRIPTS for code in range(first, end) if chr(code).isalpha()}
    digits = {code: str(unicodedata.decimal(chr(code))) for first, end in DIGITS for code in range(first, end)}
    folded = letters | digits | {ord(sign): alike for sign, alike in (LATIN | ARABIC).items()}
    return {code: alike for code, alike in folded.items() if chr(code) != alike}


TABLE = table()
TRANSLATION: dict[int, str | None] = {**TABLE, **dict.fromkeys(map(ord, UNSEEN))}
FROM = "".join(map(chr, TABLE)) + UNSEEN
TO = "".join(TABLE.values())


def fold(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(TRANSLATION)


class contains(FunctionElement[bool]):
    """Whether a text holds another, which is folded already."""

    inherit_cache = True

    def __init__(self, text: ColumnElement[str], sought: ColumnElement[str]) -> None:
        super().__init__(text, sought)


@compiles(contains)
def _sqlite(element: contains, compiler: Any, **how: Any) -> str:
    text, sought = element.clauses
    return f"instr(hp_fold({compiler.process(text, **how)}), {compiler.process(sought, **how)}) > 0"


@compiles(contains, "postgresql")
def _postgresql(element: contains, compiler: Any, **how: Any) -> str:
    text, sought = element.clauses
    signs = [compiler.render_literal_value(value, Text()) for value in (FROM, TO)]
    return (
        f"strpos(translate({compiler.process(text, **how)}, {', '.join(signs)}), {compiler.process(sought, **how)}) > 0"
    )


def fold_value(text: str | None) -> str | None:
    return None if text is None else fold(text)


def teach(engine: Engine) -> None:
    """SQLite's connections learn the function; PostgreSQL needs none."""
    if engine.dialect.name == "sqlite":
        event.listen(
            engine,
            "connect",
            lambda connection, _: connection.create_function("hp_fold", 1, fold_value, deterministic=True),
        )
