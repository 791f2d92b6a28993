"""The templates as text, read with the console's own syntax; nothing is rendered here."""

import re
from functools import cache

from jinja2 import Environment, FileSystemLoader

from hyperpanel.paths import TEMPLATES


@cache
def jinja() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), extensions=["jinja2.ext.i18n"], autoescape=True)


def source(template: str) -> str:
    return (TEMPLATES / template).read_text(encoding="utf-8")


def with_parts(template: str) -> str:
    """A template's text with that of the parts whose macros it takes."""
    text = source(template)
    return text + "".join(map(source, re.findall(r'{% from "([^"]+)"', text)))


def templates() -> list[str]:
    return sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
