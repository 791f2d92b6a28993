"""One request to one panel: the panel's limit first, then what goes wrong on purpose, then the API it is for."""

import re
import time
from email.utils import formatdate

from hyperpanel.sandbox import admin_api, damage, user_api
from hyperpanel.sandbox.exchange import HTML, Answer, Request
from hyperpanel.sandbox.faults import BYTES, Fault
from hyperpanel.sandbox.lists import LISTS
from hyperpanel.sandbox.panel import Panel, Seen
from hyperpanel.sandbox.wire import Caller, Receive, Scope, Send, hang, hear, packed, reset, speak, stammer

ADMIN = re.compile(r"^(?:/admin)?/adminapi/v2/(.*?)/?$")  # owners paste the longer form too
SECRETS = re.compile(r"((?:^|&)(?:key|token|api_key)=)[^&]*", re.IGNORECASE)
SHOP = b"<!DOCTYPE html><html><head><title>Panel</title></head><body><h1>Sign in</h1></body></html>"


async def visit(panel: Panel, scope: Scope, receive: Receive, send: Send) -> None:
    seen = _arrived(panel, scope)
    request = await hear(scope, receive, f"/{panel.name}")
    fault = None
    if not panel.window.take(seen.monotonic, panel.switches.rate_limit):
        answer = _too_fast(panel, seen.monotonic)
    else:
        fault = panel.faults.strike(request.path, _stream(request))
        if fault and fault.kind == "reset":
            return await reset(scope, receive)
        if fault and fault.kind == "timeout":
            await hang(receive, fault.seconds)
        answer = _answer(panel, request, fault)
    seen.status = answer.status
    if panel.switches.gzip:
        answer = packed(answer, request.headers.get("accept-encoding", ""))
    if fault and fault.kind in BYTES:
        return await stammer(fault.kind, fault.seconds, answer, _headers(panel), Caller(scope, receive, send))
    return await speak(send, answer, _headers(panel))


def _arrived(panel: Panel, scope: Scope) -> Seen:
    query = SECRETS.sub(r"\1…", scope["query_string"].decode("latin-1"))
    path = scope["path"].removeprefix(f"/{panel.name}") + (f"?{query}" if query else "")
    seen = Seen(time.monotonic(), time.time(), scope["method"], path, 0)
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
