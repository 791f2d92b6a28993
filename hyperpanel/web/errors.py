"""Every way a request can end badly, as one page: what happened, what to do next, and a number that the log repeats.

What a person may not see looks exactly like what is not there.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import structlog
from litestar import Response
from litestar.connection import Request
from litestar.enums import MediaType

from hyperpanel.errors import HyperpanelError
from hyperpanel.support import error_numbers
from hyperpanel.web.addresses import START, came_from, local
from hyperpanel.web.frame import frame
from hyperpanel.web.languages import N_
from hyperpanel.web.render import page, see_other
from hyperpanel.web.visits import Visit, visit_of

LOG = structlog.get_logger("hyperpanel.web")
WORDS = {
    400: (N_("This address or form is damaged"), N_("Go back and try once more. Nothing was changed.")),
    403: (N_("This is not allowed"), N_("Your role does not include it, or the page was not sent by this console.")),
    404: (N_("There is no such page"), N_("The address may be mistyped, or what it names is gone or not for you.")),
    405: (N_("This cannot be done here"), N_("Go back and try once more. Nothing was changed.")),
    409: (N_("Somebody else was first"), N_("Load the page again to see how things stand now.")),
    413: (N_("This is too much at once"), N_("Send less, and try again. Nothing was changed.")),
    422: (N_("This address is damaged"), N_("Start again from the list.")),
    429: (N_("Too many requests"), N_("Wait a little, then try again.")),
    500: (N_("Something broke here"), N_("It is our bug, and it is in the log. Nothing was changed.")),
    503: (N_("The database is busy"), N_("Nothing was changed. Try again in a moment.")),
}


class SignInFirst(HyperpanelError):
    """Nobody is signed in, or not any more."""

    status = 401


@dataclass(frozen=True)
class Show:
    status: int
    heading: str
    sentence: str
    number: str
    href: str
    action: str


def answer(request: Request[Any, Any, Any], problem: Exception) -> Response[Any]:
    if isinstance(problem, SignInFirst):
        return to_sign_in(request)
    status = error_numbers.status_of(problem, WORDS)
    number = error_numbers.numbered(request.scope, problem, status)
    content, media_type = shown(request.scope["state"].get("visit"), status, number)
    headers = {"Vary": "HX-Request", **({"Retry-After": "5"} if status == 503 else {})}
    return Response(content, status_code=status, media_type=media_type, headers=headers)


def to_sign_in(request: Request[Any, Any, Any]) -> Response[Any]:
    """A page goes there at once; a part of a page has the browser go, and come back to where it was; a page that listens finds out by
    asking for its parts."""
    if request.headers.get("hx-request") == "true":
        onward = local(came_from(request) or START)
        headers = {"HX-Redirect": f"/sign-in?next={quote(onward, safe='')}"}
        return Response("", status_code=401, media_type=MediaType.TEXT, headers=headers)
    if request.headers.get("accept") == "text/event-stream":
        return Response("", status_code=401, media_type=MediaType.TEXT)
    onward = str(visit_of(request).url) if request.method == "GET" else START
    return see_other(f"/sign-in?next={quote(onward, safe='')}")


def shown(visit: Visit | None, status: int, number: str) -> tuple[str, MediaType]:
    """In English where it went wrong before it was known who asks."""
    if visit is None:
        return "{}. {} {}".format(*WORDS[status], number), MediaType.TEXT
    heading, sentence = (visit.say(text) for text in WORDS[status])
    view = Show(status, heading, sentence, number, START, visit.say("Go to the dashboard"))
    try:
        return page(visit, frame(visit, "errors.show", heading), "errors/show.html", view), MediaType.HTML
    except Exception as problem:
        LOG.error("the error page itself", error=number, exc_info=problem)
        return f"{heading}. {sentence} {number}", MediaType.TEXT
