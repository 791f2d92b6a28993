"""Settings that would silently do nothing are refused at the start, in one sentence."""

import pytest

from hyperpanel.app import check
from hyperpanel.config import Web
from hyperpanel.errors import BadSettings
from hyperpanel.web import languages

KNOWN = languages.load(False)


@pytest.mark.parametrize("proxy", ["", "proxy.example", "10.0.0.0/99", "10.0.0.1:80", "::1%", "http://10.0.0.1"])
def test_a_proxy_that_is_no_address_is_refused(proxy):
    with pytest.raises(BadSettings, match=r"web\.proxies cannot hold"):
        check(Web(proxies=("127.0.0.1", proxy)), KNOWN)


@pytest.mark.parametrize(
    "url", ["console.example", "https://", "//console.example", "ftp://console.example", "http://["]
)
def test_a_public_address_without_scheme_and_host_is_refused(url):
    with pytest.raises(BadSettings, match=r"web\.public_url .* is no web address"):
        check(Web(public_url=url), KNOWN)


def test_addresses_networks_and_a_whole_address_are_accepted():
    check(Web(proxies=("127.0.0.1", "10.1.2.3/8", "::1", "2001:db8::/32"), public_url="https://console.example"), KNOWN)
