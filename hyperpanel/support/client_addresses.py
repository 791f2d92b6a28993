"""Where a request comes from, seen through the proxies that are ours."""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network


def client_address(peer: str, forwarded: str, proxies: Sequence[str]) -> str:
    """The peer; or, where that is a proxy of ours, the nearest address of `forwarded` (its X-Forwarded-For) that is none."""
    if not is_one_of(peer, proxies):
        return peer
    for hop in reversed(forwarded.split(",")):
        if hop.strip() and not is_one_of(hop.strip(), proxies):
            return hop.strip()[:64]
    return peer


def is_one_of(address: str, networks: Sequence[str]) -> bool:
    try:
        return any(ip_address(address) in ip_network(item, strict=False) for item in networks)
    except ValueError:
        return False
