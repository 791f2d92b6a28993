"""How each call of the API can be refused, in its document: every status that it can meet, with the sentence that says what to do."""

from collections.abc import Mapping
from typing import Any

from litestar.handlers import BaseRouteHandler

from hyperpanel.api.asking import ANY, PUBLIC
from hyperpanel.api.errors import JSON, SENTENCES

WAIT = {"Retry-After": "Seconds to wait before the next call."}
NAMING = frozenset({"panel", "group", "profile"})
"""Parameters that name what may not be there."""

ALWAYS = (400, 401, 405, 429, 500, 503)
"""Refusals that any call with a key can meet."""

AMBIGUOUS = "Several panels of this key have this id: `panels` names them, and `panel` says which one is meant."


def refusals(path: str, method: str, operation: Mapping[str, Any], handler: BaseRouteHandler) -> dict[str, Any]:
    names = {one["name"] for one in operation["parameters"]}
    scope = handler.opt["scope"]
    statuses = {*(ALWAYS if scope != PUBLIC else (400, 405, 500))}
    if is_refused(operation):
        return {str(status): refusal(status) for status in sorted(statuses | {501})}
    if scope not in (PUBLIC, ANY):
        statuses.add(403)
    if method != "get":
        statuses |= {404, 409}
    if names & NAMING or "{" in path:
        statuses.add(404)
    if "since" in names:
        statuses |= {403, 410}
    if "requestBody" in operation:
        statuses.add(413)
    told = {str(status): refusal(status) for status in sorted(statuses)}
    if method == "get" and path.endswith("_id}"):
        told["409"] = refusal(409, AMBIGUOUS, panels=["eu-1", "us-2"])
    return told


def is_refused(operation: Mapping[str, Any]) -> bool:
    """One that never succeeds."""
    return not any(status.startswith("2") for status in operation["responses"])


def refusal(status: int, words: str = "", **more: Any) -> dict[str, Any]:
    words = words or SENTENCES[status]
    example = {
        "data": [],
        "error_message": words.replace("`", ""),
        "error_code": status,
        "error_id": "7f3k-m2qa",
        **more,
    }
    told = {
        "description": words,
        "content": {JSON: {"schema": {"$ref": "#/components/schemas/Refusal"}, "example": example}},
    }
    return told | ({"headers": headers_of(WAIT)} if status in (429, 503) else {})


def headers_of(told: Mapping[str, str]) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 0}
    return {name: {"description": words, "required": True, "schema": schema} for name, words in told.items()}
