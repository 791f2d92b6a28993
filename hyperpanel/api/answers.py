"""A call that ended badly, as an envelope: a sentence that says what to do next, a code, and a number that the log repeats.

What a key may not see is answered as what is not there, byte for byte but for that number.
"""

from typing import Any

import msgspec
from litestar import Response
from litestar.connection import Request
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import Scope

from hyperpanel.api import wrong_values
from hyperpanel.api.errors import JSON, NO_SUCH_PATH, SENTENCES, Answered, NoSuchPath
from hyperpanel.client.envelopes import Refusal
from hyperpanel.errors import HyperpanelError
from hyperpanel.support import error_numbers

KNOWN = SENTENCES.keys() | {NoSuchPath.status}
BUSY_FOR = 5


def answer(request: Request[Any, Any, Any], problem: Exception) -> Response[bytes]:
    problem = translated(request, problem)
    status = error_numbers.status_of(problem, KNOWN)
    headers = {"Retry-After": str(BUSY_FOR)} if status == 503 else {}
    if isinstance(problem, Answered):
        headers |= problem.headers
    body = msgspec.json.encode(refusal(request.scope, problem, status))
    return Response(body, status_code=status, media_type=JSON, headers=headers)


def translated(request: Request[Any, Any, Any], problem: Exception) -> Exception:
    """What Litestar itself raises, in our words."""
    if isinstance(problem, ValidationException):
        return wrong_values.told(request, problem)
    if isinstance(problem, HTTPException) and problem.status_code == 404:
        return NoSuchPath()
    return problem


def refusal(scope: Scope, problem: Exception, status: int) -> Refusal:
    if isinstance(problem, NoSuchPath):
        return Refusal(error_message=problem.sentence, error_code=NO_SUCH_PATH)
    number = error_numbers.numbered(scope, problem, status)
    told = problem.told if isinstance(problem, Answered) else {}
    return Refusal(error_message=sentence(problem, status), error_code=status, error_id=number, **told)


def sentence(problem: Exception, status: int) -> str:
    if isinstance(problem, Answered):
        return problem.sentence or SENTENCES[status]
    if isinstance(problem, HyperpanelError) and status not in (404, 500):
        return str(problem) or SENTENCES[status]
    return SENTENCES[status]
