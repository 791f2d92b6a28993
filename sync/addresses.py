"""A panel's address as owners paste it, and as it is kept: scheme, host, port and path; no API path, no user, no query."""

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

API_PATHS = ("/admin/adminapi/v2", "/adminapi/v2", "/adminapi/v1", "/api/v2")
"""Endings that owners paste along with the address; the connector adds its own."""


class BadAddress(ValueError):
    """The address cannot be used; the text says why and what to do."""


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
        raise BadAddress("The address has no host name. Write it as https://panel.example.")
    if parts.username or parts.password:
        raise BadAddress("The address holds a user name or password. Leave it out.")
    if parts.query or parts.fragment:
        raise BadAddress("The address has a part after ? or #. Leave it out.")
    path, cut = without_api_path(parts.path.rstrip("/"))
    return Address(f"{parts.scheme.lower()}://{authority(host, parts)}{path}", cut)


def split(text: str) -> SplitResult:
    if any(ord(letter) <= 32 or ord(letter) == 127 for letter in text) or "\\" in text:
        raise BadAddress("The address holds a space or a control character.")
    if "://" not in text:
        raise BadAddress(f"The address has no scheme. Write it as https://{text or 'panel.example'}.")
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise BadAddress("The address cannot be read. Write it as https://panel.example.") from None
    if any(step in (".", "..") for step in parts.path.split("/")) or "//" in parts.path or "%" in parts.path:
        raise BadAddress("The path of the address holds '..', '//' or '%'. Write it plainly.")
    return parts


def check_scheme(parts: SplitResult, private: bool) -> None:
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https"):
        raise BadAddress(f"The address begins with {scheme}://, but only https:// is spoken here.")
    if scheme == "http" and not private:
        raise BadAddress(
            "The address begins with http://, which would send the key in the open. Use https:// (or --private on your own network)."
        )


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
