"""Where a console's API is, from whatever address of it somebody pasted: the console itself, one of its panels, or the API."""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit, urlunsplit

from hyperpanel.client.errors import BadAddress

API = "/adminapi/v2"
ENDINGS = ("/admin" + API, API, "/admin/adminapi", "/adminapi")


def base_of(url: str, insecure: bool = False) -> str:
    """The address that paths of the API are put behind. Raises BadAddress: a key in plain text is for this machine alone, unless `insecure`."""
    parts = taken_apart(url.strip())
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host:
        raise BadAddress("This is no address of a console. Write it as https://console.example.")
    if parts.username is not None or parts.password is not None:
        raise BadAddress("The address holds a name or password. Write it without them.")
    if parts.scheme == "http" and not insecure and not is_loopback(host):
        raise BadAddress(f"http://{host} would carry the key in plain text. Use https, or say insecure=True.")
    return urlunsplit((parts.scheme, parts.netloc, rooted(parts.path), "", ""))


def taken_apart(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise BadAddress("This is no address of a console. Write it as https://console.example.") from None
    return parts


def rooted(path: str) -> str:
    bare = path.rstrip("/")
    for ending in ENDINGS:
        if bare.endswith(ending):
            bare = bare.removesuffix(ending).rstrip("/")
            break
    return bare + API


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
