"""What a provider's refusal means, by its status and by what its body says: the same number means different things at different vendors.

An empty account is 402 here, 429 there, 400 elsewhere; a question that is too long is a 400 whose words alone tell it from a wrong one.
Nothing of the body is kept or logged: it may repeat the key, or the question.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hyperpanel.ai.client import CallTrouble
from sync.http import http_date

TOO_LONG = re.compile(
    r"context.{0,20}(length|size|window)|too (long|large)|maximum.{0,40}(token|length)|string_above_max_length", re.I
)
NO_CREDIT = re.compile(r"insufficient_quota|billing|credit balance|exceeded your current quota", re.I)
NO_MODEL = re.compile(
    r"model.{0,80}(not found|does not exist|not exist|unknown)|(unknown|invalid) model|model_not_found", re.I
)
LOUD = 400
BY_WORDS = {"not_allowed": NO_CREDIT, "too_long": TOO_LONG, "no_model": NO_MODEL}
TALKATIVE = frozenset({400, 422, 429, 500, 501})
"""What comes with these can be told by the words alone."""

OF_STATUS = {
    401: "key_refused",
    402: "not_allowed",
    403: "not_allowed",
    404: "no_model",
    408: "timeout",
    413: "too_long",
    429: "limited",
    501: "broken",
    503: "overloaded",
    529: "overloaded",
}
OF_TYPE = {
    "authentication_error": "key_refused",
    "permission_error": "not_allowed",
    "billing_error": "not_allowed",
    "not_found_error": "no_model",
    "rate_limit_error": "limited",
    "rate_limit_exceeded": "limited",
    "overloaded_error": "overloaded",
    "overloaded": "overloaded",
    "api_error": "server",
    "server_error": "server",
    "timeout_error": "timeout",
}
AGAIN = frozenset({"overloaded", "server", "limited"})


def refused(status: int, headers: Mapping[str, str], body: Any, now: datetime) -> CallTrouble:
    """An answer that is none."""
    kind = told(status, words(body))
    if kind == "limited":
        after = retry_after(headers, now)
        return CallTrouble(kind, may_repeat=True, after=after, seconds=after, is_free=True)
    if kind == "overloaded":
        return CallTrouble(kind, may_repeat=True, after=retry_after(headers, now), is_free=True)
    return CallTrouble(kind, may_repeat=kind == "server", is_too_modern=kind == "broken", is_free=True)


def told(status: int, said: str) -> str:
    """`broken`: the server does not understand something of the question, which is ours to mend."""
    if 300 <= status < 400:
        return "unreachable"
    if status in TALKATIVE:
        for kind, pattern in BY_WORDS.items():
            if pattern.search(said):
                return kind
    return OF_STATUS.get(status, "server" if status >= 500 else "broken")


def interrupted(body: Any) -> CallTrouble:
    """An error in the middle of an answer: there is no status then, or only that of the beginning."""
    error = inner(body)
    named = next((OF_TYPE[str(error.get(name))] for name in ("type", "code") if str(error.get(name)) in OF_TYPE), "")
    kind = named or ("too_long" if TOO_LONG.search(words(body)) else "server")
    return CallTrouble(kind, may_repeat=kind in AGAIN)


def inner(body: Any) -> Mapping[str, Any]:
    error = body.get("error", body) if isinstance(body, dict) else body
    return error if isinstance(error, dict) else {"message": error}


def words(body: Any) -> str:
    error = inner(body)
    return " ".join(str(error.get(name, ""))[:LOUD] for name in ("type", "code", "message"))


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """In seconds, as one of three spellings has it; None where it is absent or absurd."""
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        text = headers.get(name, "").strip()
        if re.fullmatch(r"\d{1,9}(\.\d{1,6})?", text):
            seconds = float(text) / unit
            return seconds if seconds <= 86_400 else None
    moment = http_date(headers.get("retry-after"))
    return max(0.0, (moment - now).total_seconds()) if moment else None
