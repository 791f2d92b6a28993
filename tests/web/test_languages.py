"""Catalogues, and which of them a person gets."""

import pytest

from hyperpanel.web.languages import PSEUDO, chosen, load
from sync.verdicts import TROUBLES

LANGUAGES = load(pseudo_rtl=True)


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("tr", "tr"),
        ("tr-TR,tr;q=0.9", "tr"),
        ("de,fr;q=0.9,tr;q=0.1", "tr"),
        ("en;q=0.5,tr;q=0.6", "tr"),
        ("tr;q=0,en", "en"),
        ("", "en"),
        ("xx;q=broken,,;q=1,\x00", "en"),
        ("*", "en"),
        ("a" * 100_000, "en"),
    ],
)
def test_a_browser_gets_the_best_that_is_had(accepted, code):
    assert chosen(LANGUAGES, None, accepted, "en").code == code


def test_what_a_person_chose_comes_first():
    assert chosen(LANGUAGES, "en", "tr", "tr").code == "en"


def test_the_made_up_language_is_there_for_tests_alone():
    assert PSEUDO not in load()


def test_the_made_up_language_keeps_the_places_of_values():
    assert LANGUAGES[PSEUDO].say("%(number)s read", number="12").startswith("12 ")


@pytest.mark.parametrize("code", TROUBLES)
def test_every_trouble_has_a_turkish_sentence(code):
    sentence = TROUBLES[code][1]
    assert LANGUAGES["tr"].texts.gettext(sentence) != sentence
