"""Where a request comes from: only proxies of ours are believed."""

import pytest

from hyperpanel.support.client_addresses import client_address

PROXIES = ("10.0.0.0/8", "::1")
FORWARDED = [
    ("192.0.2.1", "203.0.113.9", "192.0.2.1"),
    ("10.0.0.7", "203.0.113.9", "203.0.113.9"),
    ("10.0.0.7", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
    ("10.0.0.7", "203.0.113.9, 10.1.2.3", "203.0.113.9"),
    ("10.0.0.7", "", "10.0.0.7"),
    ("::1", "2001:db8::5", "2001:db8::5"),
    ("not an address", "203.0.113.9", "not an address"),
]


@pytest.mark.parametrize(("peer", "header", "expected"), FORWARDED)
def test_only_our_proxies_are_believed(peer, header, expected):
    assert client_address(peer, header, PROXIES) == expected


def test_nobody_is_believed_unless_named():
    assert client_address("10.0.0.7", "203.0.113.9", ()) == "10.0.0.7"
