"""How commands end: one line, and a code that says whose turn it is."""

import os
import re
from pathlib import Path

import pytest
import rich_click as click

from hyperpanel.cli import cli
from hyperpanel.cli.frame import Place


def test_the_version_is_told(home):
    assert re.fullmatch(r"hyperpanel \d+\.\d+\.\d+\n", home.done("--version"))


def commands(group=cli, path=()):
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_every_help_teaches_by_example(home, path):
    printed = home.done(*path, "--help")
    assert f"$ hyperpanel {path[0]}" in printed


def test_wrong_usage_is_one_line_that_names_the_help(home):
    assert home.refused("panel", "add", code=2).endswith("See: hyperpanel panel add --help\n")
    assert home.refused("staf", code=2).endswith("See: hyperpanel --help\n")


def test_a_broken_settings_file_is_one_line(home):
    Path("config.toml").write_text("[web\n")
    assert "config.toml is not valid TOML" in home.refused("panel", "list")


def test_an_unknown_setting_is_named(home):
    Path("config.toml").write_text("[web]\nprot = 8000\n")
    assert "unknown setting `prot` in [web]. See config.example.toml." in home.refused("panel", "list")


def test_an_unknown_variable_is_named(home, monkeypatch):
    monkeypatch.setenv("HYPERPANEL_WEB__PROT", "8000")
    assert "HYPERPANEL_WEB__PROT" in home.refused("panel", "list")


def test_an_unknown_level_of_the_log_is_named(home, monkeypatch):
    monkeypatch.setenv("HYPERPANEL_LOG__LEVEL", "loud")
    assert "log.level is 'loud', but must be one of debug, info" in home.refused("panel", "list")


def test_a_settings_file_that_is_not_there_is_named(home):
    assert "There is no settings file other.toml." in home.refused("--config", "other.toml", "panel", "list")


def test_another_master_key_is_refused(home):
    home.done("panel", "list")
    Path("hyperpanel.key").unlink()
    assert "The master key is not the one this database was made with." in home.refused("panel", "list")


def test_a_key_file_that_others_can_read_is_refused(home):
    home.done("panel", "list")
    Path("hyperpanel.key").chmod(0o644)
    assert "Run: chmod 600" in home.refused("panel", "list")


def test_paths_start_at_the_settings_file(home):
    other = home.folder / "other"
    other.mkdir()
    (other / "mine.toml").write_text('[database]\nurl = "sqlite:///mine.db"\n')
    home.done("--config", "other/mine.toml", "panel", "list")
    assert sorted(path.name for path in other.iterdir()) == ["hyperpanel.key", "mine.db", "mine.toml"]


def test_paths_start_at_the_current_folder_without_one(home):
    assert (Place().file, Place().folder) == (None, home.folder)


def test_the_settings_file_may_be_named_by_environment(home, monkeypatch):
    monkeypatch.setenv("HYPERPANEL_CONFIG", os.fspath(home.folder / "else" / "mine.toml"))
    assert Place().folder == home.folder / "else"


def broken(problem):
    @click.command()
    def fail():
        raise problem

    return fail


@pytest.fixture
def faulty(home, monkeypatch):
    def with_fault(problem):
        monkeypatch.setitem(cli.commands, "fail", broken(problem))
        return home

    return with_fault


def test_a_fault_of_ours_is_one_line_with_a_number(faulty, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    told = faulty(ZeroDivisionError("a secret")).refused("fail")
    [number] = re.findall(r"A fault of this program, number ([0-9a-f]{8})\.", told)
    [kept] = tmp_path.glob(f"hyperpanel-{number}-*.log")
    assert "Traceback" in kept.read_text()
    assert (kept.stat().st_mode & 0o777, "a secret" in told) == (0o600, False)


def test_an_interrupt_is_quiet(faulty):
    result = faulty(KeyboardInterrupt()).run("fail")
    assert (result.exit_code, result.output.strip()) == (130, "")


def test_a_sentence_from_elsewhere_stays_one_line(faulty):
    told = faulty(click.ClickException("one\ntwo \x1b[31mred")).refused("fail")
    assert told == "Error: one two \\x1b[31mred\n"
