"""What may be typed of a key: its name, what it may do, the addresses it may be used from, its limit and its life. For pages and commands."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network

from hyperpanel.errors import BadInput
from hyperpanel.support.people import is_plain
from hyperpanel.support.wanted import N_

LONGEST_NAME = 64
MOST_ADDRESSES = 50
FASTEST = 600_000
LONGEST_LIFE = 365
"""Days."""

NAME = N_("A name has 1 to 64 letters, digits, spaces and signs.")
NO_SCOPE = N_("Choose at least one thing that it may do.")
UNKNOWN_SCOPE = N_("There is no scope “{scope}”. Scopes: {known}.")
ADDRESS = N_("“{text}” is no address and no network. Write them like 192.0.2.7 or 2001:db8::/32.")
MANY_ADDRESSES = N_("Up to 50 addresses and networks.")
LIMIT = N_("Write a whole number from 1 to 600 000.")
LIFE = N_("A key lasts 1 to 365 days.")


@dataclass(frozen=True)
class Wanted:
    """`panel_ids` None is every panel that its owner sees."""

    name: str
    scopes: frozenset[str]
    panel_ids: frozenset[int] | None
    addresses: tuple[str, ...]
    per_minute: int
    lasts: timedelta


def name(text: str) -> str:
    shown = " ".join(text.split())
    if not 0 < len(shown) <= LONGEST_NAME or not is_plain(shown):
        raise BadInput(NAME, "name")
    return shown


def scopes(chosen: Iterable[str], known: Collection[str]) -> frozenset[str]:
    found = frozenset(chosen)
    for scope in sorted(found - set(known)):
        raise BadInput(UNKNOWN_SCOPE, "scopes", scope=scope[:40], known=", ".join(known))
    if not found:
        raise BadInput(NO_SCOPE, "scopes")
    return found


def addresses(text: str) -> tuple[str, ...]:
    """As they are compared: a network by its first address, an address without the length of its mask."""
    words = text.replace(",", " ").split()
    if len(words) > MOST_ADDRESSES:
        raise BadInput(MANY_ADDRESSES, "addresses")
    return tuple(dict.fromkeys(map(address, words)))


def address(word: str) -> str:
    try:
        network = ip_network(word, strict=False)
    except ValueError:
        raise BadInput(ADDRESS, "addresses", text=word[:60]) from None
    return str(network.network_address) if network.prefixlen == network.max_prefixlen else str(network)


def per_minute(text: str) -> int:
    digits = "".join(text.split())
    if not (digits.isascii() and digits.isdigit() and len(digits) <= len(str(FASTEST)) and 1 <= int(digits) <= FASTEST):
        raise BadInput(LIMIT, "per_minute")
    return int(digits)


def lasts(text: str) -> timedelta:
    """Days, also with a d after them."""
    digits = text.strip().removesuffix("d")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 3 and 1 <= int(digits) <= LONGEST_LIFE):
        raise BadInput(LIFE, "expires")
    return timedelta(days=int(digits))
