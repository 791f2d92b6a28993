"""A panel's address as owners paste it, and as it is kept: scheme, host, port and path; no API path, no user, no query."""

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

API_PATHS = ("/admin/adminapi/v2", "/adminapi/v2", "/adminapi/v1", "/api/v2")
"""Endings that owners paste along with the address; the connector adds its own."""


SENTENCES = {
    "no_host": "The address has no host name. Write it as https://panel.example.",
    "user": "The address holds a user name or password. Leave it out.",
    "query": "The address has a part after ? or #. Leave it out.",
    "sign": "The address holds a space or a control character.",
    "no_scheme": "The address has no scheme. Write it as https://{text}.",
    "unreadable": "The address cannot be read. Write it as https://panel.example.",
    "path": "The path of the address holds '..', '//' or '%'. Write it plainly.",
    "scheme": "The address begins with {scheme}://, but only https:// is spoken here.",
    "open": (
        "The address begins with http://, which would send the key in the open. Use https://, or allow a private address for a "
        "panel on your own network."
    ),
    "long": "The address is longer than {most} characters.",
}
LONGEST = 500


class BadAddress(ValueError):
    """The address cannot be used; the text says why and what to do. `code` is a key of SENTENCES, `details` fill it."""

    def __init__(self, code: str, **details: str | int) -> None:
        self.code = code
        self.details = details
        super().__init__(SENTENCES[code].format(**details))


@dataclass(frozen=True, slots=True)
class Address:
    """`url` has no slash at its end; `cut` is the API path that was taken off, to be named to the person."""

    url: str
    cut: str = ""


def normalise(text: str, *, private: bool = False) -> Address:
    """Raises BadAddress. Plain http needs `private`, since a key would travel in the open."""
    parts = split(text.strip())
    check_scheme(parts, private)
    host = (parts.hostname or "").rstrip(".").lower()
    if not host:
        raise BadAddress("no_host")
    if parts.username or parts.password:
        raise BadAddress("user")
    if parts.query or parts.fragment:
        raise BadAddress("query")
    path, cut = without_api_path(parts.path.rstrip("/"))
    return Address(f"{parts.scheme.lower()}://{authority(host, parts)}{path}", cut)


def split(text: str) -> SplitResult:
    if len(text) > LONGEST:
        raise BadAddress("long", most=LONGEST)
    if any(ord(letter) <= 32 or ord(letter) == 127 for letter in text) or "\\" in text:
        raise BadAddress("sign")
    if "://" not in text:
        raise BadAddress("no_scheme", text=text or "panel.example")
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise BadAddress("unreadable") from None
    if any(step in (".", "..") for step in parts.path.split("/")) or "//" in parts.path or "%" in spaced(parts.path):
        raise BadAddress("path")
    return parts


def spaced(path: str) -> str:
    """A console's panel may have a name of several words."""
    return path.replace("%20", " ")


def check_scheme(parts: SplitResult, private: bool) -> None:
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https"):
        raise BadAddress("scheme", scheme=scheme)
    if scheme == "http" and not private:
        raise BadAddress("open")


def authority(host: str, parts: SplitResult) -> str:
    shown = f"[{host}]" if ":" in host else host
    standard = {"http": 80, "https": 443}[parts.scheme.lower()]
    return shown if parts.port in (None, standard) else f"{shown}:{parts.port}"


def without_api_path(path: str) -> tuple[str, str]:
    """Any other path is kept: a panel may live below one."""
    for ending in API_PATHS:
        if path.lower().endswith(ending):
            return path[: -len(ending)], path[-len(ending) :]
    return path, ""
