"""What others wrote, made harmless: nothing but a few elements comes out, whatever goes in; and what was said stays readable."""

import ast
import re
from html.parser import HTMLParser

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperpanel.paths import ROOT
from hyperpanel.sandbox import hostile
from hyperpanel.web import bodies
from hyperpanel.web.bodies import MOST_TAGS, Mention
from tests.support.payloads import PAYLOADS

ORDER = Mention("/orders/eu-1/2274209", "ok", "Completed")
ALLOWED = {
    **{tag: set[str]() for tag in ("b", "i", "em", "strong", "p", "br", "ul", "ol", "li", "code", "pre", "blockquote")},
    "a": {"class", "href", "target", "rel"},
    "span": {"class"},
    "bdi": {"class", "dir"},
}
BAD = {
    "script",
    "style",
    "img",
    "svg",
    "math",
    "form",
    "input",
    "button",
    "iframe",
    "div",
    "textarea",
    "video",
    "base",
    "meta",
}
PLACE = re.compile(r"(https?://[a-z0-9.-]+|mailto:[\w.+-]+@[a-z0-9.-]+$|/orders/eu-1/2274209$)", re.IGNORECASE)
CLASSES = {"out", "host", "named", "mention", "status status-ok"}


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in ALLOWED or set(given) - ALLOWED[tag]:
            self.faults.append(f"{tag} {given}")
        if tag == "a" and not PLACE.match(given.get("href") or ""):
            self.faults.append(f"leads to {given.get('href')}")
        if tag == "a" and given["class"] == "out" and given["rel"] != "noopener noreferrer nofollow":
            self.faults.append("without rel")
        if "class" in given and given["class"] not in CLASSES:
            self.faults.append(f"is {given['class']}")

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.faults.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.faults.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.faults.append("instruction")

    def unknown_decl(self, data: str) -> None:
        self.faults.append("declaration")


def drawn(body: str) -> str:
    return str(bodies.drawn(bodies.read(body), {"2274209": ORDER}, "Image"))


def seen(html: str) -> Seen:
    reader = Seen()
    reader.feed(html)
    reader.close()
    return reader


def as_browsers_read_it(html: str) -> str:
    """Parsed by another parser, one that follows the standard, and that lets through what must not be there."""
    attributes = {tag: set(names) for tag, names in ALLOWED.items() if names}
    return nh3.clean(
        html,
        tags=set(ALLOWED) | BAD,
        clean_content_tags=set(),
        attributes=attributes,
        generic_attribute_prefixes={"on", "hx-", "data-", "sty", "id", "src"},
        link_rel=None,
        url_relative="pass_through",
    )


def faults(body: str) -> list[str]:
    html = drawn(body)
    again = as_browsers_read_it(html)
    return [*seen(html).faults, *seen(again).faults, *(["another text"] if seen(again).text != seen(html).text else [])]


def test_there_are_over_two_hundred_ways():
    assert len(set(PAYLOADS)) > 200


def test_only_a_few_elements_come_out():
    found = {body: faults(body) for body in (*PAYLOADS, *hostile.BODIES)}
    assert {body: some for body, some in found.items() if some} == {}


PIECES = (
    st.sampled_from(PAYLOADS)
    | st.text(alphabet=st.sampled_from("<>/ =\"'`&;:#!-ahrefonsvgimgscript0129\u202e\u200b\n"), max_size=40)
    | st.text(max_size=20)
)


@given(st.lists(PIECES, max_size=6).map("".join))
def test_whatever_is_put_together_stays_harmless(body):
    assert faults(body) == []


@given(st.text())
def test_a_text_without_tags_is_the_text(text):
    plain = re.sub(r"[<&]", "", text)
    said = "".join(piece.text if piece.kind == "text" else "\n" for piece in bodies.read(plain))
    assert said == re.sub(r"\r\n?", "\n", plain)


SAID = {
    "two\nlines": "two<br>lines",
    "<p>where is <b>it</b></p>": "<p>where is <b>it</b></p>",
    "<div>one</div><div>two</div>": "one<br>two<br>",
    "<h1>Big</h1>small": "Big<br>small",
    "a &amp; b &lt;3 Tom & Jerry": "a &amp; b &lt;3 Tom &amp; Jerry",
    "2 < 3 and a <b": "2 &lt; 3 and a &lt;b",
    "<p>\u202eevil</p>": "<p>⟨U+202E⟩evil</p>",
    "<p>می\u200cخواهم 👩\u200d💻</p>": "<p>می\u200cخواهم 👩\u200d💻</p>",
    "<script>alert(1)</script>hello": "hello",
    "unclosed <b>bold": "unclosed <b>bold</b>",
}


@pytest.mark.parametrize(("body", "html"), SAID.items(), ids=range(len(SAID)))
def test_what_was_said_is_told(body, html):
    assert drawn(body) == html


LINKS = {
    '<a href="https://evil.example/x">my screenshot</a>': ("https://evil.example/x", "my screenshot", "(evil.example)"),
    '<a href="https://evil.example">https://bank.example</a>': (
        "https://evil.example",
        "https://bank.example",
        "(evil.example)",
    ),
    '<a href="https://evil.example.bank/">evil.example</a>': (
        "https://evil.example.bank/",
        "evil.example",
        "(evil.example.bank)",
    ),
    '<a href="https://a.example/x"></a>': ("https://a.example/x", "https://a.example/x", None),
    "see https://a.example/x.": ("https://a.example/x", "https://a.example/x", None),
    '<img src="https://i.example/a.png" alt="shot">': ("https://i.example/a.png", "Image shot", "(i.example)"),
    '<a href="mailto:ana@a.example">write</a>': ("mailto:ana@a.example", "write", "(ana@a.example)"),
}


@pytest.mark.parametrize(("body", "told"), LINKS.items(), ids=range(len(LINKS)))
def test_a_link_tells_where_it_leads(body, told):
    html = drawn(body)
    href, text, host = told
    assert f'href="{href}" target="_blank" rel="noopener noreferrer nofollow">{text}</a>' in html
    assert (host in html) if host else ('class="host"' not in html)


def test_an_image_that_cannot_be_followed_is_a_word():
    assert drawn('<p><img src="data:image/png;base64,AAAA"></p>') == "<p>Image </p>"


def test_a_known_order_becomes_a_link_with_its_status_and_any_other_number_none():
    html = drawn("<p>refill 2274209, ۲۲۷۴۲۰۹ and 2274210</p>")
    assert html.count('href="/orders/eu-1/2274209"') == 2
    assert html.count("Completed") == 2
    assert " and 2274210" in html


def test_numbers_in_links_are_no_mentions():
    body = '<p>2274209 <a href="https://a.example/">2274210</a> https://a.example/2274211</p>'
    assert list(bodies.numbers(bodies.read(body))) == ["2274209"]


@pytest.mark.parametrize("body", ["<meta charset=x>", "   ", "<p></p>", "<script>1</script>"])
def test_a_body_that_says_nothing_is_known(body):
    assert not bodies.says_something(bodies.read(body))


@pytest.mark.parametrize("body", ["<div>" * 13_000 + "x", "<ul><li>" * 8_000 + "x", "<p>a<b>" * 9_000])
def test_a_heap_of_tags_is_read_without_them(body):
    pieces = bodies.read(body)
    assert len(body) > MOST_TAGS
    assert {piece.kind for piece in pieces} == {"text"}
    assert bodies.says_something(pieces)


def test_elements_stand_only_so_deep():
    assert drawn("<blockquote>" * 40 + "x" + "</blockquote>" * 40).count("<blockquote>") == bodies.DEEPEST


INTO_ANOTHER_LINK = (
    '<a href="https://one.example/">%s<table><tr><td><a href="https://two.example/">two</a></td></tr></table>%s</a>'
)
OUT_OF_ITS_PLACE = (
    "<li>x</li>",
    "<b><li>x</li></b>",
    "<p><li>x</li></p><ul></ul>",
    INTO_ANOTHER_LINK % ("<ol><li>", "</li></ol>"),
    INTO_ANOTHER_LINK % ("<blockquote>", "</blockquote>"),
)


@pytest.mark.parametrize("body", OUT_OF_ITS_PLACE)
def test_nothing_leaves_the_place_where_a_body_is_shown(body):
    page = f"<ol><li><div>{drawn(body)}</div><p>the page's own</p></li></ol>"
    assert nh3.clean(page, tags={*ALLOWED, "div"}, link_rel=None).endswith("</div><p>the page's own</p></li></ol>")


def test_a_link_in_a_link_is_part_of_it_and_no_word_is_lost():
    html = drawn(INTO_ANOTHER_LINK % ("before", "after"))
    assert re.sub(r"\s+", " ", seen(html).text) == "before two after (one.example)"
    assert html.count("<a ") == 1


MAKERS = {
    "bodies.py": "what others wrote",
    "help_topics.py": "our own texts",
    "templates.py": "what a macro drew",
    "styleguide.py": "what templates drew",
    "styleguide_parts.py": "samples",
}


def test_markup_is_made_in_few_places():
    sources = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "hyperpanel").rglob("*.py")}
    found = {
        name
        for name, source in sources.items()
        if "Markup(" in source
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Markup"
    }
    assert found <= set(MAKERS)
