"""config.example.toml is the manual of the settings: it loads, and shows every one of them."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from hyperpanel.config import Settings, load, with_environment
from hyperpanel.paths import EXAMPLE, ROOT

VARIABLE = re.compile(r"\bHYPERPANEL_[A-Z_]+\b")
READ_ELSEWHERE = ["bin", ".ci", "tests"]


def keys(data: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in data.items():
        yield from keys(value, f"{prefix}{key}.") if isinstance(value, dict) else [prefix + key]


def test_the_example_shows_every_setting_and_no_other():
    shown = set(keys(tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))))
    assert shown == set(keys(msgspec.to_builtins(Settings())))


def test_the_example_is_accepted():
    assert isinstance(load(EXAMPLE, {}), Settings)


def elsewhere() -> set[str]:
    files = (path for folder in READ_ELSEWHERE for path in (ROOT / folder).rglob("*") if path.is_file())
    texts = (path.read_text(encoding="utf-8") for path in files if path.suffix in ("", ".py"))
    return {name for text in texts for name in VARIABLE.findall(text) if "__" not in name}


@pytest.mark.parametrize("name", sorted(elsewhere()))
def test_a_variable_of_the_launchers_or_tests_is_not_taken_for_a_setting(name):
    assert with_environment({}, {name: "1"}) == Settings()
