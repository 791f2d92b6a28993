"""The templates, compiled once for each language.

A page writes a thousand values and says a hundred texts. Jinja wraps each value in an object of its own and asks the catalogue for each text
every time, which was half of what a page cost: so texts are put in before compiling, and values are written without the wrapping.
"""

import json
import re
from collections.abc import Callable, Hashable
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from jinja2.runtime import Macro
from markupsafe import Markup, escape

from hyperpanel.paths import TEMPLATES
from hyperpanel.web.assets import Assets
from hyperpanel.web.languages import Language, Languages

MOST_KEPT = 10_000
"""About as many kilobytes, for each language."""


SPECIAL = re.compile("[&<>\"']")
"""What `escape` changes, and nothing else does it change."""

PLAIN_TEXT = re.compile(r"{% trans %}([^{%\n]+){% endtrans %}")
PLAIN_CALL = re.compile(r"""(?<![\w.])_\((?:"([^"\\%\n]+)"|'([^'\\%\n]+)')\)""")


class Said(FileSystemLoader):
    """Texts that take no values are put into the source. They count as text and are escaped, whoever wrote them."""

    def __init__(self, say: Callable[[str], str]) -> None:
        super().__init__(TEMPLATES)
        self.say = say

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, place, is_current = super().get_source(environment, template)
        return self.put_in(source), place, is_current

    def put_in(self, source: str) -> str:
        source = PLAIN_TEXT.sub(lambda found: f"{{{{ {self.literal(found[1])} }}}}", source)
        return PLAIN_CALL.sub(lambda found: self.literal(found[1] or found[2]), source)

    def literal(self, text: str) -> str:
        return json.dumps(self.say(text), ensure_ascii=False)


def written(value: Any) -> str:
    """A value as it stands in a page: `escape`, which is asked only where there is something to change."""
    if type(value) is Markup or (type(value) is str and SPECIAL.search(value) is None):
        return value
    return escape(value)


class Writer(CodeGenerator):
    """Values go through `written`."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.written(")


class Escaping(Environment):
    code_generator_class = Writer
    written = staticmethod(written)


class Lean(Extension):
    """Templates are indented for those who edit them; a list of a hundred rows need not carry that a thousand times."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return re.sub(r"^[ \t]+|\n(?=\s*\n)", "", source, flags=re.MULTILINE)


BETWEEN_CELLS = re.compile(r"(?<=>)\s+(?=</?t[dhr]\b)|(?<=<td>)\s+|\s+(?=</t[dh]>)")
"""Line ends between the cells of a row are a node each for the browser, and mean nothing."""


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
            made = self.made[key] = Markup(BETWEEN_CELLS.sub("", macro(*given)))  # noqa: S704 -- a macro's own, escaped in it
        return made


class Pages:
    def __init__(self, languages: Languages, assets: Assets) -> None:
        self.environments = {code: environment(language, assets) for code, language in languages.items()}

    def template(self, language: Language, name: str) -> Template:
        return self.environments[language.code].get_template(name)


def environment(language: Language, assets: Assets) -> Environment:
    made = Escaping(
        loader=Said(language.texts.gettext),
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
