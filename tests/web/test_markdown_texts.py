"""Markdown of notes and announcements: nothing but a few elements comes out, whatever goes in; and nothing that was written is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperpanel.web.markdown_texts import drawn, tidy
from tests.support.payloads import PAYLOADS, PLACES
from tests.web.test_bodies import Seen


def judged(text: str) -> Seen:
    seen = Seen()
    seen.feed(str(drawn(text)))
    seen.close()
    return seen


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**b** *i* `c`", "<p><strong>b</strong> <em>i</em> <code>c</code></p>"),
        ("# Head\ntext", "<p><strong>Head</strong></p><p>text</p>"),
        ("one\ntwo", "<p>one<br>two</p>"),
        ("- one\n- two", "<ul><li>one</li><li>two</li></ul>"),
        ("> said", "<blockquote><p>said</p></blockquote>"),
        ("***", "<p>***</p>"),
        ("<b>x</b> & y", "<p>&lt;b&gt;x&lt;/b&gt; &amp; y</p>"),
    ],
)
def test_it_is_drawn_as_commonmark(text, html):
    assert str(drawn(text)).replace("\n", "") == html


def test_a_link_says_where_it_leads_and_gives_nothing_away():
    html = str(drawn("[here](https://a.example/x)"))
    assert 'href="https://a.example/x"' in html
    assert 'rel="noopener noreferrer nofollow"' in html
    assert "(a.example)" in html


def test_a_picture_is_a_link_and_nothing_is_loaded():
    html = str(drawn("![look](https://a.example/x.png)"))
    assert "<img" not in html
    assert 'href="https://a.example/x.png"' in html


@pytest.mark.parametrize("place", PLACES)
def test_a_link_leads_nowhere_that_is_not_safe(place):
    for text in (f"[x]({place})", f"[x](<{place}>)", f"<{place}>", f"[x]: {place}\n\n[x]", f"![x]({place})"):
        assert judged(text).faults == []


def test_raw_html_is_text():
    assert [fault for payload in PAYLOADS for fault in judged(payload).faults] == []


@given(st.text("<>[]()!*_`#-=+.&;:/\\\"'\n\t 1ax\u202e", max_size=120))
def test_whatever_is_typed_is_harmless(text):
    assert judged(text).faults == []


def test_what_has_only_signs_is_shown_as_it_was_typed():
    assert "[a]: " in judged("[a]: https://a.example").text


def test_a_text_is_kept_with_like_line_ends_and_nothing_around_it():
    assert tidy(" \r\none\r\ntwo\rthree\n\n") == "one\ntwo\nthree"
