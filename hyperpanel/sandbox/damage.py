"""What faults put in the place of a whole answer."""

from email.utils import formatdate

from hyperpanel.sandbox.bodies import BODIES
from hyperpanel.sandbox.exchange import HTML, Answer
from hyperpanel.sandbox.faults import Fault
from hyperpanel.sandbox.protocol import refusal
from hyperpanel.sandbox.switches import Switches

ABSURD = 10**9  # seconds that a Retry-After asks for at its worst
CHALLENGE = b"""<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title>
<meta http-equiv="refresh" content="390"></head><body><h1>Checking your browser before you go on</h1>
<noscript>Enable JavaScript and cookies to continue</noscript></body></html>"""
WEBSITE = b"""<!DOCTYPE html><html lang="en"><head><title>Welcome</title><meta name="robots" content="index"></head>
<body><h1>A shop like any other</h1><form action="/login"><input name="login"></form></body></html>"""
STRANGERS = {  # what answers like this is no Perfect Panel with an Admin API v2
    "website": Answer(200, WEBSITE, HTML),
    "admin_v1": Answer(200, b'{"status":"fail","error":"bad_action"}'),
    "rental_panel": Answer(200, b'{"error":"bad_auth"}'),
    "socpanel": Answer(200, b'{"count":1,"items":[{"id":1,"status":"active","currency":"USD"}]}'),
}
WORDS = {
    "401": "Unauthorized: the API key is not valid.", "403": "Forbidden.", "429": "Too many requests.",
    "500": "Internal Server Error", "502": "Bad Gateway", "503": "Service Unavailable", "504": "Gateway Timeout",
}  # fmt: skip


def instead(fault: Fault, switches: Switches, path: str, now: float) -> Answer | None:
    """The answer that takes the place of the fair one; None where the fault leaves that be."""
    kind = fault.kind
    if kind == "429":
        return too_fast(fault.retry_after or switches.retry_after, fault.seconds, now)
    if kind in ("401", "403"):
        return Answer(int(kind), refusal(int(kind), WORDS[kind]))
    if kind in WORDS:
        return Answer(int(kind), f"<html><head><title>{kind} {WORDS[kind]}</title></head></html>".encode(), HTML)
    return STRANGERS.get(kind) or _odd(kind, path)


def _odd(kind: str, path: str) -> Answer | None:
    match kind:
        case "challenge" | "challenge_403":
            return Answer(403 if kind == "challenge_403" else 200, CHALLENGE, HTML)
        case "redirect":
            return Answer(302, b"", HTML, {"location": f"https://parked.example{path}"})
        case "401_in_200" | "403_in_200":
            return Answer(200, refusal(int(kind[:3]), WORDS[kind[:3]]))
        case "error_envelope":
            return Answer(200, refusal(7, "Something went wrong, please try again later."))
        case _:
            return BODIES[kind]() if kind in BODIES else None


def too_fast(form: str, seconds: float, now: float) -> Answer:
    """429 with one of the four ways to say when: not at all, in seconds, as a date, absurdly."""
    asked = {
        "seconds": {"retry-after": str(max(1, round(seconds)))},
        "date": {"retry-after": formatdate(now + max(1, seconds), usegmt=True)},
        "absurd": {"retry-after": str(ABSURD)},
    }
    return Answer(429, refusal(429, WORDS["429"]), headers=asked.get(form, {}))
