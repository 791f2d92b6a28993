"""The templates, compiled once at start for each language."""

import re
from collections.abc import Hashable
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.ext import Extension
from jinja2.runtime import Macro

from hyperpanel.paths import TEMPLATES
from hyperpanel.web.assets import Assets
from hyperpanel.web.languages import Language, Languages

MOST_KEPT = 10_000
"""About as many kilobytes, for each language."""


class Lean(Extension):
    """Templates are indented for those who edit them; a list of a hundred rows need not carry that a thousand times."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return re.sub(r"^[ \t]+|\n(?=\s*\n)", "", source, flags=re.MULTILINE)


class Kept:
    """What a macro made of its arguments, kept: a list that is asked for every few seconds is nearly all as it was.

    The macro may read nothing but its arguments and what is the same for all who read its language.
    """

    def __init__(self) -> None:
        self.made: dict[tuple[Any, ...], str] = {}

    def __call__(self, macro: Macro, *given: Hashable) -> str:
        key = (macro.name, *given)
        made = self.made.get(key)
        if made is None:
            if len(self.made) >= MOST_KEPT:
                self.made.clear()
            made = self.made[key] = macro(*given)
        return made


class Pages:
    def __init__(self, languages: Languages, assets: Assets) -> None:
        self.environments = {code: environment(language, assets) for code, language in languages.items()}

    def template(self, language: Language, name: str) -> Template:
        return self.environments[language.code].get_template(name)


def environment(language: Language, assets: Assets) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n", Lean],
        undefined=StrictUndefined,
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_callables(  # type: ignore[attr-defined] # the extension adds it
        language.texts.gettext, language.texts.ngettext, newstyle=True
    )
    made.globals["static"] = assets.address
    made.globals["kept"] = Kept()
    return made
