"""One request to one panel: the panel's limit first, then what goes wrong on purpose, then the API it is for."""

import re
import time
from email.utils import formatdate
from functools import partial

from hyperpanel.sandbox import admin_api, damage, user_api
from hyperpanel.sandbox.exchange import HTML, Answer, Request
from hyperpanel.sandbox.faults import Fault
from hyperpanel.sandbox.lists import LISTS
from hyperpanel.sandbox.panel import Panel, Seen
from hyperpanel.sandbox.stammer import Caller, hang, stammer, tear
from hyperpanel.sandbox.wire import Receive, Scope, Send, hear, packed, speak

ADMIN = re.compile(r"^(?:/admin)?/adminapi/v2/(.*?)/?$")  # owners paste the longer form too
SECRETS = re.compile(r"((?:^|&)(?:key|token|api_key)=)[^&]*", re.IGNORECASE)
SHOP = b"<!DOCTYPE html><html><head><title>Panel</title></head><body><h1>Sign in</h1></body></html>"


async def visit(panel: Panel, scope: Scope, receive: Receive, send: Send) -> None:
    seen, caller = _arrived(panel, scope), Caller(scope, receive, send)
    request = await hear(scope, receive, f"/{panel.name}")
    if not panel.window.take(seen.monotonic, panel.switches.rate_limit):
        return await _say(panel, request, seen, caller, _too_fast(panel, seen.monotonic))
    fault = panel.faults.strike(request.path, _stream(request))
    if fault is not None and fault.place == "effect" and not await _outlast(panel, request, fault, caller):
        return None
    if fault is not None and fault.kind == "reset":
        return await tear(caller)
    return await _say(panel, request, seen, caller, _answer(panel, request, fault), fault)


async def _outlast(panel: Panel, request: Request, fault: Fault, caller: Caller) -> bool:
    """Nothing is heard of the request for so long; whether an answer comes then. What becomes of the request is another matter."""
    if fault.kind == "effect_applied":
        _answer(panel, request, None)
    if fault.kind == "effect_late" and request.method == "POST":
        panel.owe(fault.seconds, partial(_answer, panel, request, None))
    gone = await hang(caller.receive, fault.seconds)
    if fault.kind != "timeout" and not gone:
        await tear(caller)
    return fault.kind == "timeout"


async def _say(
    panel: Panel, request: Request, seen: Seen, caller: Caller, answer: Answer, fault: Fault | None = None
) -> None:
    seen.status = answer.status
    if panel.switches.gzip:
        answer = packed(answer, request.headers.get("accept-encoding", ""))
    if fault is not None and fault.place == "bytes":
        return await stammer(fault.kind, fault.seconds, answer, _headers(panel), caller)
    return await speak(caller.send, answer, _headers(panel))


def _arrived(panel: Panel, scope: Scope) -> Seen:
    query = SECRETS.sub(r"\1…", scope["query_string"].decode("latin-1"))
    path = scope["path"].removeprefix(f"/{panel.name}") + (f"?{query}" if query else "")
    seen = Seen(panel.clock.tick(), time.time(), scope["method"], path, 0)
    panel.log.append(seen)
    panel.counts["requests"] += 1
    panel.counts["pulls"] += seen.path.partition("?")[0].rstrip("/").endswith("/pull")  # with whatever key
    return seen


def _too_fast(panel: Panel, arrived: float) -> Answer:
    panel.counts["429"] += 1
    return damage.too_fast(panel.switches.retry_after, panel.window.wait(arrived), _now(panel))


def _answer(panel: Panel, request: Request, fault: Fault | None) -> Answer:
    if fault and (spoilt := damage.instead(fault, panel.switches, request.path, _now(panel))):
        return spoilt
    if found := ADMIN.match(request.path):
        return admin_api.answer(panel, request, found[1], fault)
    if request.path.rstrip("/") == "/api/v2":
        return user_api.answer(panel, request, fault)
    return Answer(200 if request.path in ("", "/") else 404, SHOP, HTML)


def _stream(request: Request) -> str | None:
    """Which list is asked for, if any."""
    if request.method == "POST":
        return "services" if request.form.get("action") == "services" else None
    found = ADMIN.match(request.path)
    return found[1] if found and found[1] in LISTS else None


def _headers(panel: Panel) -> dict[str, str]:
    return {} if panel.switches.date_header == "absent" else {"date": formatdate(_now(panel), usegmt=True)}


def _now(panel: Panel) -> float:
    """The time by the panel's own clock, as its Date header gives it."""
    return panel.clock.seconds() + panel.switches.clock_skew
