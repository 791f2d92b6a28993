"""Cuts `static/vendor/tabler.css` out of @tabler/core's `tabler.min.css`: run it when the version changes.

The whole file is 635 kB, carries `data:` images that our content policy refuses, and comes twice,
once for each direction. What is kept are the families our pages build on, with physical
properties turned into logical ones, so that one file serves left-to-right and right-to-left.

    npm pack @tabler/core && tar xf tabler-core-*.tgz
    python tests/web/vendor/trim_tabler.py package/dist/css/tabler.min.css > static/vendor/tabler.css
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

CLASSES = re.compile(
    r"\.(btn|form-control|form-label|form-select|form-text|form-hint|invalid-feedback|is-invalid"
    r"|input-group|table|badge|alert|empty|visually-hidden|text-truncate)(?![a-z])"
)
DROPPED = re.compile(
    r"theme|\.btn-(?!primary|danger|link|sm|icon|close|group|list|ghost-|outline-|check)|\.was-valid|:valid|is-valid|animat"
    r"|flush|floating|striped|nowrap|-mobile|table-(?!responsive|hover|active)|color-input"
    r"|btn-(outline|ghost)-(?!secondary|danger)|dropdown|card|page|markdown|toast|tag|accordion"
    r"|table-responsive-|btn-group-vertical|\.bg-|datagrid|calendar|input-icon|nav|-color|-lt|tblr-dark"
)
ELEMENTS = re.compile(r"(?:\*|::?[a-z-]+|[a-z0-9]+|\[(?:type|hidden|role|list)[^]]*\]|[:()>, ]|not)+")
LOGICAL = (
    (r"(margin|padding|border)-left(?=[-:])", r"\1-inline-start"),
    (r"(margin|padding|border)-right(?=[-:])", r"\1-inline-end"),
    (r"border-top-left-radius", "border-start-start-radius"),
    (r"border-top-right-radius", "border-start-end-radius"),
    (r"border-bottom-left-radius", "border-end-start-radius"),
    (r"border-bottom-right-radius", "border-end-end-radius"),
    (r"(?<=[;{])left:", "inset-inline-start:"),
    (r"(?<=[;{])right:", "inset-inline-end:"),
    (r"text-align:left", "text-align:start"),
    (r"text-align:right", "text-align:end"),
)


def rules(css: str) -> Iterator[tuple[str, str]]:
    """Selector and body of each rule of minified CSS; strings may hold braces."""
    at = 0
    while (opening := css.find("{", at)) >= 0:
        depth, end = 1, opening + 1
        while depth:
            token = re.compile(r"\"[^\"]*\"|'[^']*'|.", re.DOTALL).match(css, end)
            assert token
            depth += {"{": 1, "}": -1}.get(token[0], 0)
            end = token.end()
        yield css[at:opening].strip(), css[opening + 1 : end - 1]
        at = end


def wanted(selector: str) -> bool:
    if DROPPED.search(selector) or selector.startswith("@"):
        return False
    return bool(CLASSES.search(selector) or ELEMENTS.fullmatch(selector) or selector.startswith(":root"))


def parts(selector: str) -> str:
    """Only the wanted ones of `a,.b,.c`."""
    return ",".join(one for one in re.split(r",(?![^(]*\))", selector) if wanted(one.strip()))


def trim(css: str) -> str:
    kept: list[str] = []
    for selector, body in rules(re.sub(r"/\*.*?\*/|@charset[^;]*;", "", css, flags=re.DOTALL)):
        lines = [line for line in re.split(r";(?![^(]*\))", body) if "data:" not in line]
        if (left := parts(selector)) and lines:
            kept.append(f"{left}{{{';'.join(lines)}}}")
    text = "\n".join(kept)
    for physical, logical in LOGICAL:
        text = re.sub(physical, logical, text)
    return without_unread_variables(text)


def without_unread_variables(text: str) -> str:
    """A variable is kept only while some rule that is kept reads it."""
    while (lean := without(text, set(re.findall(r"var\((--[\w-]+)", text)))) != text:
        text = lean
    return re.sub(r"\n?[^\n{}]+\{\}", "", text).replace(";}", "}").strip() + "\n"


def without(text: str, read: set[str]) -> str:
    return re.sub(r"(?<=[;{])(--[\w-]+):[^;{}]*;?", lambda found: found[0] if found[1] in read else "", text)


if __name__ == "__main__":
    source = Path(sys.argv[1]).read_text(encoding="utf-8")
    banner = re.search(r"/\*!.*?\*/", source, re.DOTALL)
    print(banner[0] if banner else "")
    print("/* Cut down and made direction-neutral by tests/web/vendor/trim_tabler.py. */")
    print(trim(source), end="")
