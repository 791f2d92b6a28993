"""An installation beside one simulated panel, looked over by the real command: what it finds, and that it never tells a key."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from click.testing import CliRunner, Result

from hyperpanel.cli import cli
from hyperpanel.db import staff
from hyperpanel.db.engine import Database, address
from hyperpanel.sandbox.faults import Fault
from hyperpanel.sandbox.panel import Panel


class Found(NamedTuple):
    level: str
    about: str
    sentence: str


class World(NamedTuple):
    """An installation of its own beside one simulated panel."""

    panel: Panel
    base: str

    @property
    def url(self) -> str:
        return f"{self.base}/{self.panel.name}"

    @property
    def keys(self) -> dict[str, str]:
        return {"admin_key": self.panel.admin_key, "services_key": self.panel.services_key}

    def run(self, *words: str, given: str | None = None) -> Result:
        """No key, right or wrong, is in anything that a command says."""
        result = CliRunner().invoke(cli, list(words), input=given, prog_name="hyperpanel")
        assert not any(key in result.output for key in (*self.keys.values(), "a-wrong-key")), result.output
        return result

    def attach(self, url: str = "", **changes: str | None) -> None:
        """Unasked, with the panel's own settings, so that only what a test plants is wrong."""
        keys = {name: key for name, key in {**self.keys, **changes}.items() if key}
        settings = ("--currency", self.panel.money.code, "--timezone", self.panel.time_zone, "--rate", "50")
        words = ("panel", "add", "eu-1", "--url", url or self.url, "--private", *settings)
        result = self.run(*words, "--no-check", "--secrets-stdin", given=json.dumps(keys))
        assert result.exit_code == 0, result.output

    def checked(self) -> tuple[int, list[Found]]:
        """The exit code, and what is not as it should be."""
        result = self.run("check", "--json")
        found = [one for one in json.loads(result.stdout) if one["state"] != "ok" and one["what"] == "eu-1"]
        return result.exit_code, [Found(one["state"], one["about"], one["sentence"]) for one in found]

    def wrong(self) -> Found:
        """The one thing that is."""
        code, found = self.checked()
        assert (code, [one.level for one in found]) == (1, ["wrong"]), found
        return found[0]

    def note(self) -> Found:
        code, found = self.checked()
        assert (code, [one.level for one in found]) == (0, ["note"]), found
        return found[0]

    def plant(self, kind: Any, **more: Any) -> None:
        self.panel.faults.add(Fault(kind, **more))


async def enrol(folder: Path, names: Iterable[str]) -> None:
    database = Database(address("sqlite:///hyperpanel.db", folder), 1)
    async with database.write() as connection:
        for name in names:
            await staff.add(connection, name, "no password fits", "admin", None, datetime.now(UTC))
    await database.close()
