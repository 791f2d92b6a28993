"""Whatever address of a console is pasted leads to its API, and none of them carries a key in the open."""

import pytest

from hyperpanel.client.addresses import base_of
from hyperpanel.client.errors import BadAddress


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://console.example", "https://console.example/adminapi/v2"),
        (" https://console.example/ ", "https://console.example/adminapi/v2"),
        ("https://console.example/p/eu-1", "https://console.example/p/eu-1/adminapi/v2"),
        ("https://console.example/adminapi/v2", "https://console.example/adminapi/v2"),
        ("https://panel.example/admin/adminapi/v2/", "https://panel.example/adminapi/v2"),
        ("https://console.example:8443/p/eu%201/?x=1#y", "https://console.example:8443/p/eu%201/adminapi/v2"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/adminapi/v2"),
        ("http://[::1]:8000", "http://[::1]:8000/adminapi/v2"),
        ("http://localhost", "http://localhost/adminapi/v2"),
    ],
)
def test_any_address_of_a_console_leads_to_its_api(url, base):
    assert base_of(url) == base


@pytest.mark.parametrize(
    "url", ["", "console.example", "ftp://console.example", "https://", "https://x:99999", "https://["]
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(BadAddress, match="no address of a console"):
        base_of(url)


@pytest.mark.parametrize("host", ["console.example", "10.0.0.5", "localhost.example", "127.0.0.1.example"])
def test_plain_http_is_for_this_machine_unless_told(host):
    with pytest.raises(BadAddress, match="plain text"):
        base_of(f"http://{host}")
    assert base_of(f"http://{host}", insecure=True) == f"http://{host}/adminapi/v2"


def test_a_password_in_an_address_is_refused_and_not_repeated():
    with pytest.raises(BadAddress) as refused:
        base_of("https://ana:secret@console.example")
    assert "secret" not in str(refused.value)
