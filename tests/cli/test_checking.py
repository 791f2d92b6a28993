"""`check`: the doctor of the whole installation."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hyperpanel.db import ai_providers
from hyperpanel.db.ai_providers import Chosen, Provider
from hyperpanel.db.engine import Database, address
from hyperpanel.sandbox.faults import Fault
from hyperpanel.vault import Vault

pytestmark = pytest.mark.loopback
NTP = "this machine’s. Set the wrong one right, best by NTP."


def findings(home, code=0):
    result = home.run("check", "--json")
    assert result.exit_code == code, result.output
    return [(found["what"], found["state"], found["sentence"]) for found in json.loads(result.stdout)]


def states(home, code=0):
    return {what: state for what, state, _ in findings(home, code)}


@pytest.fixture
def whole(home, eu):
    home.attach(eu)
    home.done("staff", "add", "ana", "--role", "admin", "--password-stdin", given="seven yellow bicycles")
    return home


def test_a_whole_installation_passes(whole):
    assert "wrong" not in states(whole).values()


def test_people_read_lines(whole):
    assert "ok    eu-1        key: eu-1 accepts the key." in whole.done("check")


def test_nobody_who_can_sign_in_is_wrong(home):
    assert states(home, 1)["staff"] == "wrong"


def test_no_panels_yet_is_worth_a_note(home):
    assert states(home, 1)["panels"] == "note"


def test_a_panel_that_refuses_its_key_is_wrong(whole, eu):
    eu.panel.faults.add(Fault("401"))
    assert ("eu-1", "wrong", "key: eu-1 refuses the key. Enter its current key, then resume.") in findings(whole, 1)


def test_a_clock_that_is_off_is_noted(whole, eu):
    eu.panel.switch(clock_skew=-3600)
    found = findings(whole)
    eu.panel.switch(clock_skew=0)
    assert ("eu-1", "note", f"clock: The clock of eu-1 is 60 min behind {NTP}") in found


def test_a_pause_is_noted_and_the_panel_still_asked(whole):
    whole.done("panel", "pause", "eu-1", "--why", "It moves.")
    assert ("eu-1", "note", "eu-1 is paused: It moves.") in findings(whole)


def test_looking_makes_no_database(home):
    Path("hyperpanel.db").unlink()
    assert states(home, 1)["database"] == "wrong"
    assert list(home.folder.iterdir()) == []


def test_another_master_key_is_wrong(whole):
    Path("hyperpanel.key").unlink()
    assert any("The master key is not the one" in sentence for _, _, sentence in findings(whole, 1))


def test_broken_settings_are_a_finding(home):
    Path("config.toml").write_text("[web\n")
    assert states(home, 1)["settings"] == "wrong"


def keep(provider: Provider) -> None:
    async def put() -> None:
        database = Database(address("sqlite:///hyperpanel.db", Path.cwd()))
        async with database.write() as connection:
            await ai_providers.put(connection, provider, "ana", datetime.now(UTC))
            await ai_providers.choose(connection, Chosen(main=provider.name), None, "ana", datetime.now(UTC))
        await database.close()

    asyncio.run(put())


def test_what_is_set_up_of_ai_is_told(home):
    assert ("ai", "ok") in {(what, state) for what, state, _ in findings(home, 1)}
    keep(Provider("compatible", "https://ai.example/v1", False, "m", None, "", None, None))
    told = "compatible is asked, model m. AI is on for 0 of 0 panels."
    assert ("ai", "ok", told) in findings(home, 1)


def test_a_key_of_another_master_key_is_wrong(home):
    sealed = Vault(bytes(32)).seal("sk-secret", ai_providers.place("openai"))
    keep(Provider("openai", "", False, "m", sealed, "", None, None))
    told = "The stored key of openai does not open. Enter it again under Settings → AI."
    assert ("ai", "wrong", told) in findings(home, 1)


def test_an_unsafe_sqlite_is_named(home, monkeypatch):
    monkeypatch.setattr("hyperpanel.db.engine.SAFE_SQLITE", (99, 0, 0))
    monkeypatch.setattr("hyperpanel.db.engine.SAFE_BRANCHES", {})
    found = {what: (state, sentence) for what, state, sentence in findings(home, 1)}
    assert found["sqlite"][0] == "note"
    assert "can lose commits" in found["sqlite"][1]
