"""A message's words as a reader sees them, line by line: what a model is given, and by what a kept answer is found again."""

import pytest

from hyperpanel.web import bodies
from hyperpanel.web.ai_texts import text_of

TEXTS = {
    "plain\ntext  here": "plain\ntext here",
    "<p>one</p><p>two <b>bold</b></p>": "one\n\ntwo bold",
    "a<br>b<br/>c": "a\nb\nc",
    "<p>typed\nin  one line</p>": "typed in one line",
    "<pre>typed\nas two</pre>": "typed\nas two",
    "<ul><li>one</li><li>two</li></ul>": "one\n\ntwo",
    '<a href="https://x.example/a">here</a> &amp; there': "here & there",
    "se\u200ben \u202eters\u202c می\u200cشود": "seen ters می\u200cشود",
    "<script>alert(1)</script>": "",
    "  \n\n ": "",
}


@pytest.mark.parametrize("body", TEXTS)
def test_it_is_what_a_reader_sees(body):
    assert text_of(bodies.read(body)) == TEXTS[body]
