"""A page never mixes two languages: every text is a message, and the Turkish catalogue has them all."""

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from hyperpanel.paths import LOCALE
from tests.support.templates import source, templates
from tests.support.texts import bare, messages

LANGUAGES = ["tr"]
HOLES = re.compile(r"%\(\w+\)[sd]|{\w*}")


@cache
def asked() -> dict[str, Message]:
    return {key(message): message for message in messages() if message.id}


@cache
def told(language: str) -> Catalog:
    with open(LOCALE / language / "LC_MESSAGES" / "messages.po", "rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def answers(language: str) -> dict[str, Message]:
    return {key(message): message for message in told(language) if message.id}


def forms(text: object) -> list[str]:
    return [text] if isinstance(text, str) else [str(form) for form in text]  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language):
    done = {text for text, message in answers(language).items() if all(forms(message.string)) and not message.fuzzy}
    assert sorted(set(asked()) - done) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_left_over(language):
    assert sorted(set(answers(language)) - set(asked())) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_places_of_values(language):
    both = [(forms(message.id)[-1], form) for message in answers(language).values() for form in forms(message.string)]
    assert [pair for pair in both if set(HOLES.findall(pair[0])) != set(HOLES.findall(pair[1]))] == []


@pytest.mark.parametrize("template", templates())
def test_a_template_has_no_text_of_its_own(template):
    assert bare(source(template)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<p>Hello {{ name }}</p>", ["Hello"]),
        ('<a title="Close" href="/orders">{{ icon("x") }}</a>', ["title=Close"]),
        ("{% trans %}Hello{% endtrans %} <kbd>Enter</kbd> {{ _('there') }} · hyperpanel", []),
        ("{% trans n=3, count=n %}one{% pluralize %}{{ n }} many{% endtrans %}<b>left</b>", ["left"]),
    ],
)
def test_text_that_is_no_message_is_found(text, found):
    assert bare(text) == found
