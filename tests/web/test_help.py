"""Help in the person's language, found by their words, with nothing in it that is not so."""

import re

import pytest
from babel.messages.pofile import read_po

from hyperpanel.paths import LOCALE, STATIC
from hyperpanel.web.assets import Assets
from hyperpanel.web.frame import PAGES, TOPICS
from hyperpanel.web.help_topics import FOLDER, PARTS, PICTURES, load
from hyperpanel.web.languages import NAMES
from tests.support.texts import messages

KNOWN = load(Assets(STATIC))
WITHOUT_TOPIC = {"help.index", "styleguide.index"}
MOST_PICTURES = 85_000
"""A first visit brings about 110 kB of style, script and letters, and is to stay below 200."""

HEADING = re.compile(r"^(#+) ", re.MULTILINE)
BOLD = re.compile(r"\*\*(.+?)\*\*")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)]+)\)")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
TEXTS = {(place.parent.name, place.name): place.read_text(encoding="utf-8") for place in sorted(FOLDER.glob("*/*.md"))}
EACH = pytest.mark.parametrize("text", TEXTS.values(), ids=["/".join(key) for key in TEXTS])


async def test_index_lists_every_topic_with_its_first_sentence(ana):
    page = (await ana.get("/help")).text
    assert all(f'href="/help/{name}"' in page for name in KNOWN["en"])
    assert "Either number will do" in page


@pytest.mark.parametrize(
    ("words", "topic"), [("AMBER", "how-old"), ("stuck order", "is-it-stuck"), ("key refused", "late-or-refused")]
)
async def test_index_finds_topics_by_their_words(ana, words, topic):
    part = (await ana.part(f"/help?q={words}", "topics")).text
    assert f'href="/help/{topic}"' in part
    assert part.count("<li>") < len(KNOWN["en"])


async def test_index_folds_what_is_sought(ana):
    await ana.post("/preferences", data={"language": "tr"})
    assert 'href="/help/find-an-order"' in (await ana.get("/help?q=SIPARIS")).text


@pytest.mark.parametrize("words", ["zzz", "order zzz", "<script>", "\u200d", "a" * 500])
async def test_index_says_what_to_do_when_nothing_is_found(ana, words):
    answer = await ana.get("/help", params={"q": words})
    assert answer.status_code == 200
    assert "<script>" not in answer.text.partition("<main")[2]


async def test_index_speaks_english_where_nobody_wrote_it_in_theirs(ana):
    await ana.post("/preferences", data={"language": "ar-XB"})
    assert re.search(r'<ul\s+lang="en" dir="ltr">', (await ana.get("/help")).text)


async def test_show_tells_of_one_thing_and_leads_on(ana):
    page = (await ana.get("/help/how-old")).text
    assert "<table" in page
    assert 'href="/help/late-or-refused"' in page
    assert 'href="/settings/sync"' in page


@pytest.mark.parametrize("topic", ["none", "..%2fen", "22-how-old"])
async def test_show_knows_no_other_topics(ana, topic):
    assert (await ana.get(f"/help/{topic}")).status_code == 404


async def test_a_page_leads_to_its_topic(ana):
    assert 'href="/help/find-an-order"' in (await ana.get("/orders")).text


def test_every_page_of_the_navigation_has_a_topic():
    assert {page for page, *_ in PAGES} - WITHOUT_TOPIC - set(TOPICS) == set()
    assert set(TOPICS.values()) - set(KNOWN["en"]) == set()


@pytest.mark.parametrize("language", sorted(set(NAMES) - {"en"}))
def test_every_language_has_the_same_topics_built_the_same_way(language):
    built = {code: {name: shape(text) for (of, name), text in TEXTS.items() if of == code} for code in ("en", language)}
    assert built[language] == built["en"]


def shape(text: str) -> tuple[object, ...]:
    """Headings, lines of tables and lists, and where links and pictures lead."""
    lines = [
        line[:2].strip()
        for line in text.splitlines()
        if line.startswith(("|", "- ", "1", "2", "3", "4", "5", "6", "7"))
    ]
    return (
        HEADING.findall(text),
        lines,
        LINK.findall(text),
        [path.rpartition("/")[2] for _, path in PICTURE.findall(text)],
    )


@EACH
def test_every_link_leads_somewhere(text):
    known = {path for _, _, path, _, _ in PAGES} | {"/preferences"} | {name for _, name in TEXTS}
    assert set(LINK.findall(text)) - known == set()


@pytest.mark.parametrize("key", TEXTS, ids="/".join)
def test_every_picture_is_there_and_said_in_words(key):
    pictures = PICTURE.findall(TEXTS[key])
    assert all(alt for alt, _ in pictures)
    assert sum((FOLDER / key[0] / path).stat().st_size for _, path in pictures) <= MOST_PICTURES


def test_no_picture_is_left_over():
    shown = {
        (FOLDER / language / path).resolve()
        for (language, _), text in TEXTS.items()
        for _, path in PICTURE.findall(text)
    }
    assert set((STATIC / PICTURES).glob("*/*.png")) == shown


@pytest.mark.parametrize("language", sorted(NAMES))
def test_words_of_the_interface_are_those_of_the_interface(language):
    """What is bold is on the screen, in these letters."""
    said = {word for (of, _), text in TEXTS.items() if of == language for word in BOLD.findall(text)}
    assert sorted(said - interface(language)) == []


def interface(language: str) -> set[str]:
    if language == "en":
        return {message.id for message in messages() if isinstance(message.id, str)}
    with open(LOCALE / language / "LC_MESSAGES" / "messages.po", "rb") as file:
        return {message.string for message in read_po(file, locale=language) if isinstance(message.string, str)}


def test_every_topic_is_in_a_part():
    assert {topic.part for topics in KNOWN.values() for topic in topics.values()} <= set(PARTS)
