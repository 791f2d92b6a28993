"""The two cookies: the session's token, and a long-lived one that tells a browser that was here before from a
stranger's.

Both carry the __Host- prefix: only this very host can have set them, over https. Plain http is for one's own machine,
and then they cannot be so named.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address

from litestar.datastructures import Cookie

from hyperpanel.config import Web
from hyperpanel.errors import BadSettings

DEVICE_LASTS = timedelta(days=365)


@dataclass(frozen=True)
class Cookies:
    """`secure` is False on plain http only."""

    secure: bool

    @property
    def session(self) -> str:
        return "__Host-hyperpanel" if self.secure else "hyperpanel"

    @property
    def device(self) -> str:
        return f"{self.session}-device"

    def made(self, name: str, value: str, lasts: timedelta) -> Cookie:
        return Cookie(
            key=name,
            value=value,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="strict",
            max_age=int(lasts.total_seconds()),
        )

    def gone(self, name: str) -> Cookie:
        return self.made(name, "", timedelta(0))


def of(web: Web) -> Cookies:
    """Raises BadSettings where passwords would go over a network in the clear."""
    if web.plain_http and not is_loopback(web.host):
        raise BadSettings(
            f"web.plain_http works on this machine only, and web.host is {web.host}. "
            "Put a TLS proxy in front and leave web.plain_http out, or set web.host to 127.0.0.1."
        )
    return Cookies(secure=not web.plain_http)


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def new_token() -> str:
    return secrets.token_urlsafe(32)


def form_token(device: str) -> str:
    """What the sign-in form repeats: nobody is signed in yet, so it is bound to the browser."""
    return hmac.new(device.encode(), b"hyperpanel sign-in form", "sha256").hexdigest()
