"""What every answer of the web process has, page or call: the security headers, and none of its body where HEAD asked.

HEAD is GET to all that is inside: health checks ask so, and routes know only GET.
"""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Any], Awaitable[None]]
POLICY = "; ".join(
    (
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "img", "font", "connect")),
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
NO_STORE = (b"cache-control", b"no-store")


def as_get(scope: Any) -> Any:
    """The state is shared with the request as it came: its line in the log has the method that was asked."""
    scope.setdefault("state", {})
    return {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope


def bodiless(send: Send) -> Send:
    """The headers are those that GET would have got."""

    async def answer(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return answer


def header(scope: Any, name: bytes) -> str:
    """Empty where there is none."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def with_headers(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """What an answer says of caching stands; one that says nothing is not kept."""
    given = list(headers)
    cached = any(name.lower() == b"cache-control" for name, _ in given)
    return [*given, *RAW_HEADERS, *(() if cached else (NO_STORE,))]
