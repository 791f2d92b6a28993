"""What went wrong, in the log: our bugs with where they happened, the rest in a word, each with a number that the answer repeats."""

import secrets
from collections.abc import Container
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from hyperpanel.errors import HyperpanelError

LOG = structlog.get_logger("hyperpanel.web")
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
BUSY = (OperationalError, PoolTimeout)


def status_of(problem: Exception, known: Container[int]) -> int:
    """Of those that there is an answer for."""
    if isinstance(problem, BUSY):
        return 503
    status = getattr(problem, "status", None) or getattr(problem, "status_code", None) or 500
    return status if status in known else 500 if status >= 500 else 400


def numbered(scope: Any, problem: Exception, status: int) -> str:
    """Into the log, in full, and with its number into the request's own line there."""
    number = new_number()
    scope["state"]["error"] = number
    note(problem, status, number)
    return number


def new_number() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def note(problem: Exception, status: int, number: str) -> None:
    """Our bugs with where they happened; the rest in a word. Never the request's own content."""
    if status == 500:
        LOG.error("bug", error=number, exc_info=problem)
    elif hasattr(problem, "status_code") or isinstance(problem, HyperpanelError):
        return
    else:
        LOG.warning("failed", error=number, problem=type(problem).__name__, why=reason(problem))


def reason(problem: Exception) -> str:
    """What the database said, so that a full disk is not taken for a busy one; without what was written."""
    said = str(problem.orig) if isinstance(problem, OperationalError) else ""
    return said.partition("\n")[0]
