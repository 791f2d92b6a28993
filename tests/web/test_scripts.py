"""The console's scripts leave as one file, in which they see each other without importing."""

import gzip
import re
from collections import Counter

from hyperpanel.paths import STATIC
from hyperpanel.web.assets import SCRIPT, SCRIPTS, Assets

PLACES = sorted((STATIC / SCRIPTS).glob("*.js"))
WHOLE = Assets(STATIC).files[SCRIPT].body.decode()
TOP = re.compile(r"^(?:async )?(?:const|let|function) ([\w, =]+)", re.MULTILINE)
IMPORTED = re.compile(r'^import (?:{ ([^}]+) } from )?"\./([\w.-]+)";$', re.MULTILINE)
EXPORTED = re.compile(r"^export (?:const|let|function) (\w+)", re.MULTILINE)


def test_no_two_have_the_same_name_at_the_top():
    names = [part.split("=")[0].strip() for found in TOP.findall(WHOLE) for part in found.split(",")]
    assert [name for name, times in Counter(names).items() if times > 1] == []


def test_nothing_is_left_of_the_seams():
    assert re.findall(r"^(?:import|export)\b.*", WHOLE, re.MULTILINE) == []


def test_what_is_imported_comes_before_and_is_there():
    for place in PLACES:
        for names, other in IMPORTED.findall(place.read_text(encoding="utf-8")):
            assert other < place.name
            exported = EXPORTED.findall((STATIC / SCRIPTS / other).read_text(encoding="utf-8"))
            assert set(filter(None, names.split(", "))) <= set(exported)


def test_they_stay_small():
    assert len(gzip.compress(WHOLE.encode(), 9)) < 8000
    assert [place.name for place in PLACES if len(place.read_text(encoding="utf-8").splitlines()) > 200] == []


def test_they_hold_no_words_for_people():
    """Words are the templates': a string with a space in it is a selector, or it is to be translated."""
    told = re.findall(r"\b(?:say|alert|confirm)\(\s*[\"'`]\w", WHOLE)
    assert told == []
