import pytest

from sync.addresses import BadAddress, normalise


@pytest.mark.parametrize(
    ("text", "url", "cut"),
    [
        ("https://panel.example", "https://panel.example", ""),
        (" https://Panel.Example:443/ ", "https://panel.example", ""),
        ("https://panel.example/adminapi/v2", "https://panel.example", "/adminapi/v2"),
        ("https://panel.example/admin/adminapi/v2/", "https://panel.example", "/admin/adminapi/v2"),
        ("https://panel.example/smm", "https://panel.example/smm", ""),
        ("https://panel.example:8443/smm/api/v2", "https://panel.example:8443/smm", "/api/v2"),
    ],
)
def test_an_address_is_kept_without_its_api_path(text, url, cut):
    address = normalise(text)
    assert (address.url, address.cut) == (url, cut)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("panel.example", "no scheme"),
        ("ftp://panel.example", "only https"),
        ("http://panel.example", "in the open"),
        ("https://", "no host"),
        ("https://me:secret@panel.example", "user name or password"),
        ("https://panel.example/?key=1", "after ? or #"),
        ("https://panel.example/a/../b", "'..'"),
        ("https://panel.example/%2e%2e/b", "'%'"),
        ("https://panel.example:99999", "cannot be read"),
        ("https://panel .example", "space"),
        ("https:\\\\panel.example", "space or a control"),
    ],
)
def test_an_address_that_cannot_be_used_says_why(text, told):
    with pytest.raises(BadAddress, match=told.replace("?", r"\?").replace("..", r"\.\.")):
        normalise(text)


def test_a_password_in_an_address_is_not_repeated():
    with pytest.raises(BadAddress) as refused:
        normalise("https://me:secret@panel.example")
    assert "secret" not in str(refused.value)


def test_a_private_panel_may_use_plain_http():
    assert normalise("http://127.0.0.1:9000/eu-1", private=True).url == "http://127.0.0.1:9000/eu-1"
