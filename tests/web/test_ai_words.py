"""Every trouble with a model has words with a next step, in each language, and what is known of it is told."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from hyperpanel.ai.asks import KINDS, PROVIDERS, AiTrouble
from hyperpanel.ai.client import CallTrouble
from hyperpanel.db import ai_providers, panels
from hyperpanel.db.ai_providers import Chosen, PanelUse, Provider
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.db.sessions import Session
from hyperpanel.web import languages
from hyperpanel.web.addresses import Address
from hyperpanel.web.ai_words import BUDGETS, ENGLISH, TITLES, WITH_PANEL, WORDS, plain, state, worded
from hyperpanel.web.formats import Formats, Signs
from hyperpanel.web.visits import Visit
from tests.support.staged import NOON

TURKISH = languages.load()["tr"]
UTC = ZoneInfo("UTC")


def said(kind: str, language=ENGLISH, **values: object) -> str:
    fmt = Formats(Signs(language), UTC, NOON)
    return worded(language, fmt, AiTrouble(kind, **values), "Europe/Istanbul")


def test_every_kind_of_trouble_has_words_and_no_other():
    assert set(WORDS) == KINDS
    assert set(TITLES) == set(PROVIDERS)
    assert {*WITH_PANEL, *BUDGETS} <= KINDS


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_words_are_whole_sentences_in_both_languages(kind):
    values = {"provider": "openai", "model": "m", "panel": "eu-1", "until": NOON + timedelta(hours=3), "seconds": 4}
    for told in ({}, values):
        english, turkish = said(kind, **told), said(kind, TURKISH, **told)
        assert english.endswith(".")
        assert turkish.endswith(".")
        assert english != turkish
        assert "%(" not in english + turkish
    assert said(kind) == plain(AiTrouble(kind))


@pytest.mark.parametrize(
    ("kind", "values", "part"),
    [
        ("unreachable", {"provider": "anthropic"}, "Anthropic cannot be reached."),
        ("unreachable", {"provider": "compatible"}, "The compatible server cannot be reached."),
        ("server", {}, "The provider failed"),
        ("none", {"provider": ""}, "AI is not set up."),
        ("none", {"provider": "anthropic"}, "Anthropic is not set up."),
        ("no_model", {"provider": "openai", "model": "m\u202e"}, "OpenAI does not know the model m⟨U+202E⟩."),
        ("limited", {"provider": "openai", "seconds": 90}, "Try again in 1 min."),
        ("off", {"panel": "eu-1"}, "AI is off for eu-1."),
        ("panel_budget", {"panel": "eu-1"}, "Today’s AI budget of eu-1 is used up. It begins again at midnight;"),
        ("day_budget", {"until": NOON + timedelta(hours=3)}, "at midnight (Europe/Istanbul), in 3 h;"),
        ("day_budget", {"until": NOON + timedelta(hours=3), "zone": "UTC"}, "at midnight (UTC), in 3 h;"),
        ("panel_budget", {"is_unpriced": True}, "what this provider costs is not known"),
    ],
)
def test_what_is_known_is_told(kind, values, part):
    assert part in said(kind, **values)


def test_how_long_a_provider_wants_to_be_left_alone_is_told():
    trouble = CallTrouble("limited", after=20.0, provider="openai")
    assert plain(trouble) == "OpenAI was asked too often. Try again in 20 s."


async def of_eu(staged, name: str) -> str | None:
    """As this person is told of it."""

    def look(connection):
        [panel] = panels.named(connection, EVERYTHING, ["eu-1"])
        session = Session(b"", person, "", NOON, NOON)
        visit = Visit(staged.console, NOON, Address("/"), "", "", "", False, session, english, ZoneInfo("UTC"))
        return state(visit, connection, panel)

    person, english = await staged.person(name), staged.console.languages["en"]
    found: str | None = await staged.database.read(look)
    return found


async def test_a_panel_says_why_nothing_can_be_asked(staged):
    assert await of_eu(staged, "ana") == "AI is not set up."
    assert "Somebody with rights to Settings → AI" in str(await of_eu(staged, "ben"))
    async with staged.database.write() as connection:
        own = Provider("compatible", "https://ai.example/v1", False, "m", None, "", None, None)
        await ai_providers.put(connection, own, "ana", NOON)
        await ai_providers.choose(connection, Chosen(main="compatible"), None, "ana", NOON)
    assert await of_eu(staged, "ana") == "AI is off for eu-1."
    assert "can switch it on" in str(await of_eu(staged, "ben"))
    async with staged.database.write() as connection:
        await ai_providers.switch(connection, [(1, PanelUse(is_on=True))], "ana", NOON)
    assert await of_eu(staged, "ben") is None
