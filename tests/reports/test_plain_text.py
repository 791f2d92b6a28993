"""What a reader sees of a message: markup goes, entities become letters, spaces become one."""

import polars as pl
import pytest

from reports.plain_text import outside_links, plain

SEEN = {
    "<p>Hello&nbsp;there</p><p>you</p>": "Hello there you",
    "one<br>two<br/>three": "one two three",
    "a<b>b</b>c": "abc",
    "3 < 4 and 5 > 2": "3 < 4 and 5 > 2",
    "I <3 this": "I <3 this",
    "&lt;b&gt; is bold &amp;amp;": "<b> is bold &amp;",
    '<a title="x > y" href="/z">here</a>': "here",
    "<!-- <b>no</b> -->yes<script>no</script><STYLE>no</STYLE>": "yes",
    " \t\n ok \u00a0 ": "ok",
    "o\u200bk\u2060\ufeff": "ok",
    "o\u034f\u115f\u1160\u2800\u3164\ufe00\ufe0f\uffa0\U000e0020\U000e01efk": "ok",
    "<img src='x.png'>": "",
    "<p>": "",
    "<p an unended one": "<p an unended one",
    "": "",
}


@pytest.mark.parametrize(("body", "seen"), SEEN.items(), ids=range(len(SEEN)))
def test_a_body_is_what_can_be_read_of_it(body, seen):
    assert plain(pl.Series([body])).to_list() == [seen]


def test_bodies_stay_in_their_order():
    assert plain(pl.Series(["a", "&lt;", "b", "&gt;"])).to_list() == ["a", "<", "b", ">"]


def test_no_body_at_all_is_no_trouble():
    assert plain(pl.Series([], dtype=pl.String)).to_list() == []


def test_the_words_of_a_link_to_elsewhere_are_not_the_writers():
    body = '<a href="https://shop.example/1">2274209</a> 2274210 <a class=x href=/o>2274211</a>'
    assert outside_links(pl.Series([body])).to_list() == ["2274210 2274211"]


def test_a_body_of_nothing_but_open_brackets_takes_no_longer():
    assert plain(pl.Series(["<" * 200_000 + "<a href=https://" * 2_000])).str.len_chars()[0] > 200_000
