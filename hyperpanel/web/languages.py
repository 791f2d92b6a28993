"""The console's languages, from message catalogues that are read at start: nothing has to be compiled after an edit.

Texts stand in English where they are used. `N_` and `NN_` mark those that are kept in a table and translated later.
"""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from gettext import GNUTranslations, NullTranslations
from typing import Any

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from hyperpanel.paths import LOCALE

NAMES = {"en": "English", "tr": "Türkçe"}
PSEUDO = "ar-XB"
"""The code that browsers and CLDR know for a made-up right-to-left language: English in Arabic dress, for tests."""


def N_(text: str) -> str:
    return text


def NN_(one: str, many: str) -> tuple[str, str]:
    """The same of a text that counts."""
    return one, many


@dataclass(frozen=True, eq=False)
class Language:
    """One catalogue, and the locale by which numbers and dates are written."""

    code: str
    name: str
    direction: str
    locale: Locale
    texts: NullTranslations

    def say(self, text: str, **values: Any) -> str:
        return self.texts.gettext(text) % values

    def count(self, one: str, many: str, n: int, **values: Any) -> str:
        """`n` chooses the form; what is shown of it is among the values, written in the locale's way."""
        return self.texts.ngettext(one, many, n) % values


Languages = Mapping[str, Language]


def load(pseudo_rtl: bool = False) -> Languages:
    found = {code: Language(code, name, "ltr", Locale(code), texts(code)) for code, name in NAMES.items()}
    if pseudo_rtl:
        found[PSEUDO] = Language(PSEUDO, "Pseudo", "rtl", Locale("en"), Pseudo())
    return found


def texts(code: str) -> NullTranslations:
    place = LOCALE / code / "LC_MESSAGES" / "messages.po"
    if code == "en" or not place.exists():
        return NullTranslations()
    compiled = io.BytesIO()
    with place.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)


def chosen(languages: Languages, wanted: str | None, accepted: str, fallback: str) -> Language:
    """What the person chose, else the first that the browser asks for and is had, else the installation's."""
    for code in (wanted or "", *asked_for(accepted), fallback):
        if code in languages:
            return languages[code]
    return languages["en"]


def asked_for(accepted: str) -> list[str]:
    """The codes of an Accept-Language header, best first; a region counts as its language."""
    ranked = []
    for place, part in enumerate(accepted[:200].split(",")):
        code, _, quality = part.strip().partition(";q=")
        ranked.append((-float(quality) if re.fullmatch(r"[01](\.\d{1,3})?", quality) else -1.0, place, code))
    return [code.partition("-")[0].lower() for weight, _, code in sorted(ranked) if weight]


class Pseudo(NullTranslations):
    """Every text changed and turned around, its placeholders kept: what stays Latin on a page went past the
    catalogue."""

    SHAPES = str.maketrans("aeiouAEIOU", "اهیوئآعإؤأ")

    def gettext(self, message: str) -> str:
        parts = re.split(r"(%\(\w+\)s|%%|\{\w+\})", message)
        return "".join(part if part[:1] in ("%", "{") else part.translate(self.SHAPES) for part in parts)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)
