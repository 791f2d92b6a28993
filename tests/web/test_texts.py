"""Other people's text made safe to look at."""

import pytest

from hyperpanel.web.texts import safe_link, shown


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("login", "login"),
        ("şükrü_ağaoğlu", "şükrü_ağaoğlu"),
        ("علی_رضایی", "علی_رضایی"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("a\u2066b\u2069", "a⟨U+2066⟩b⟨U+2069⟩"),
        ("a\u200bb\ufeff", "a⟨U+200B⟩b⟨U+FEFF⟩"),
        ("a\nb\x1b[31m", "a⟨U+000A⟩b⟨U+001B⟩[31m"),
        ("\U000e0041", "⟨U+E0041⟩"),
        (None, None),
    ],
)
def test_what_cannot_be_seen_is_shown_as_a_mark(text, seen):
    assert shown(text) == seen


def test_a_long_text_is_cut_and_says_so():
    assert shown("x" * 300, 10) == "x" * 9 + "…"


@pytest.mark.parametrize(
    "link",
    [
        "https://www.instagram.com/p/C8abcdEFGhi/",
        "http://t.me/+Qw3rTy",
        "https://host.example:8443/a?b=c#d",
        "https://xn--80ak6aa92e.example/",
    ],
)
def test_a_plain_web_address_can_be_followed(link):
    assert safe_link(link) == link


@pytest.mark.parametrize(
    "link",
    [
        "",
        None,
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " https://host.example",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//host.example/x",
        "/orders",
        "https://user:pass@host.example/",
        "https://host.example\\@evil.example/",
        "https://evil\u202e.example/",
        "https://аpple.example/",
        "https://localhost/",
        "https://host.example:99999/",
        "https://[::1]/",
        "https://" + "a" * 3000 + ".example/",
    ],
)
def test_anything_else_stays_text(link):
    assert safe_link(link) is None
