"""The console's scripts leave as two files, in each of which they see each other without importing."""

import gzip
import re
from collections import Counter

import pytest

from hyperpanel.paths import STATIC, TEMPLATES
from hyperpanel.web.assets import AI_SCRIPT, AI_SCRIPTS, SCRIPT, SCRIPTS, Assets

PLACES = [place for folder in (SCRIPTS, AI_SCRIPTS) for place in sorted((STATIC / folder).glob("*.js"))]
SENT = {name: Assets(STATIC).files[name].body.decode() for name in (SCRIPT, AI_SCRIPT)}
SHARED = "0-dom.js"
TOP = re.compile(r"^(?:async )?(?:const|let|function) ([\w, =]+)", re.MULTILINE)
IMPORTED = re.compile(r'^import (?:{ ([^}]+) } from )?"\./([\w.-]+)";$', re.MULTILINE)
EXPORTED = re.compile(r"^export (?:const|let|function) (\w+)", re.MULTILINE)


@pytest.mark.parametrize("name", SENT)
def test_no_two_have_the_same_name_at_the_top(name):
    names = [part.split("=")[0].strip() for found in TOP.findall(SENT[name]) for part in found.split(",")]
    assert [name for name, times in Counter(names).items() if times > 1] == []


@pytest.mark.parametrize("name", SENT)
def test_nothing_is_left_of_the_seams(name):
    assert re.findall(r"^(?:import|export)\b.*", SENT[name], re.MULTILINE) == []


def test_what_is_imported_comes_before_and_is_there():
    for place in PLACES:
        for names, other in IMPORTED.findall(place.read_text(encoding="utf-8")):
            assert other < place.name
            source = STATIC / SCRIPTS / other if other == SHARED else place.parent / other
            exported = EXPORTED.findall(source.read_text(encoding="utf-8"))
            assert set(filter(None, names.split(", "))) <= set(exported)


def test_they_stay_small():
    assert len(gzip.compress(SENT[SCRIPT].encode(), 9)) < 8000
    assert len(gzip.compress(SENT[AI_SCRIPT].encode(), 9)) < 4000
    assert [place.name for place in PLACES if len(place.read_text(encoding="utf-8").splitlines()) > 200] == []


def test_they_hold_no_words_for_people():
    """Words are the templates': a string with a space in it is a selector, or it is to be translated."""
    told = [re.findall(r"\b(?:say|alert|confirm)\(\s*[\"'`]\w", sent) for sent in SENT.values()]
    assert told == [[], []]


def test_a_page_that_may_show_what_asks_a_model_loads_its_script():
    asks = {
        place
        for place in TEMPLATES.rglob("*.html")
        if re.search(r"parts/ai_(?:message|analysis|prompt_beside)", place.read_text())
    }
    assert len(asks) > 2
    for place in asks - set((TEMPLATES / "parts").iterdir()):
        assert "static('ai.js')" in place.read_text()
