"""A parameter's wrong value, told: its name, what came, and what may stand there, as the document has it."""

import json
import re
from collections.abc import Mapping
from typing import Any

from litestar.connection import Request
from litestar.exceptions import ValidationException

from hyperpanel.api.errors import SENTENCES, BadAsk

NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?", re.ASCII)
MISSING = re.compile(r"Missing required (?:query )?parameter '(\w+)'")
LONGEST = 60
BODY = "data"
"""Litestar's name for the whole of it."""


def told(request: Request[Any, Any, Any], problem: ValidationException) -> BadAsk:
    extra: Any = problem.extra
    wrong = [one for one in extra if isinstance(one, dict)] if isinstance(extra, list) else []
    if not wrong:
        return missing(problem)
    known = parameters(request)
    sentences = [sentence(request, known, one) for one in wrong]
    return BadAsk(" ".join(sentences), sorted({str(one["key"]) for one in wrong if "key" in one} - {BODY}))


def missing(problem: ValidationException) -> BadAsk:
    found = MISSING.match(problem.detail)
    return BadAsk(f"{found[1]}: it must be given.", [found[1]]) if found else BadAsk(SENTENCES[400])


def parameters(request: Request[Any, Any, Any]) -> Mapping[str, Any]:
    """Of the call that was asked for, by name: the schema of each."""
    item = request.app.state.document["paths"].get(request.scope["path_template"], {})
    asked = item.get(request.method.lower(), {}).get("parameters", ())
    return {one["name"]: one["schema"] for one in asked}


def sentence(request: Request[Any, Any, Any], known: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    name = str(one.get("key", ""))
    if name in ("", BODY):
        return "The body: give what the API page says, as JSON."
    if name not in known or one.get("source") == "body":
        return f"{name}: {one.get('message', 'wrong')}."
    came = str(request.query_params.get(name, request.path_params.get(name, "")))
    return f"{name}: {shown(came)} is not allowed. Give {allowed(known[name])}."


def shown(came: str) -> str:
    short = came if len(came) <= LONGEST else came[:LONGEST] + "…"
    return short if NUMBER.fullmatch(short) else json.dumps(short, ensure_ascii=False)


def allowed(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return "one of " + ", ".join(str(word) for word in schema["enum"])
    if schema.get("type") in ("integer", "number"):
        return ("a whole number" if schema["type"] == "integer" else "a number") + bounds(schema)
    if schema.get("type") == "boolean":
        return "true or false"
    most = schema.get("maxLength")
    return f"a text of at most {most:.0f} signs" if most else "what the API page says"


def bounds(schema: Mapping[str, Any]) -> str:
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and most is not None:
        return f" from {least:.0f} to {most:.0f}"
    if least is not None:
        return f" from {least:.0f} on"
    return f" up to {most:.0f}" if most is not None else ""
