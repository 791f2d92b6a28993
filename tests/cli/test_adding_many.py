"""`panel add-many`: a file of panels, all or nothing unless it is told otherwise."""

import json

import pytest

pytestmark = pytest.mark.loopback
HEAD = "name,url,admin_key,currency\n"
GOOD = HEAD + "a-1,https://a.example,secret-4711,EUR\nb-1,https://b.example,secret-4712,\n"
MIXED = HEAD + "a-1,https://a.example,secret-4711,EUR\nb-1,b.example,,\n"


@pytest.fixture
def file(home):
    def written(text: str) -> str:
        (home.folder / "panels.csv").write_text(text, encoding="utf-8")
        return "panels.csv"

    return written


def names(home) -> list[str]:
    return [panel["name"] for panel in home.told("panel", "list")]


def test_every_panel_of_the_file_is_attached(home, file, audit):
    assert home.done("panel", "add-many", file(GOOD)) == "2 panels attached: a-1, b-1.\n"
    assert names(home) == ["a-1", "b-1"]
    assert audit() == ["panel-add a-1", "panel-add b-1"]


def test_it_reads_standard_input_too(home):
    home.done("panel", "add-many", "-", given=GOOD)
    assert names(home) == ["a-1", "b-1"]


def test_one_wrong_line_adds_nothing_and_is_told_with_its_number(home, file):
    result = home.run("panel", "add-many", file(MIXED))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "line 3: url: The address has no scheme. Write it as https://b.example.\n" in result.stderr
    assert "line 3: admin_key: A key is needed here.\n" in result.stderr
    assert result.stderr.splitlines()[-1].startswith("Error: Nothing was added.")
    assert names(home) == []


def test_wrong_lines_are_left_out_where_that_is_wanted(home, file):
    assert "1 panel attached: a-1. 1 line left out." in home.done("panel", "add-many", file(MIXED), "--valid-only")
    assert names(home) == ["a-1"]


def test_a_dry_run_stores_nothing(home, file):
    assert (
        home.done("panel", "add-many", file(GOOD), "--dry-run") == "2 of 2 panels can be added. Nothing was stored.\n"
    )
    assert home.run("panel", "add-many", file(MIXED), "--dry-run").exit_code == 1
    assert names(home) == []


def test_scripts_are_told_what_is_wrong(home, file):
    result = home.run("panel", "add-many", file(MIXED), "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["added"], told["wrong"][0]["line"]) == (1, [], 3)
    assert set(told["wrong"][0]["errors"]) == {"url", "admin_key"}


def test_no_key_is_printed(home, file):
    result = home.run("panel", "add-many", file(MIXED))
    assert "secret" not in result.stdout + result.stderr


@pytest.mark.parametrize("text", ["", "name,url\n"])
def test_a_file_that_cannot_be_used_is_one_sentence(home, file, text):
    home.refused("panel", "add-many", file(text))


def test_a_file_that_is_not_there_is_one_sentence(home):
    assert "nowhere.csv cannot be read: No such file or directory." in home.refused("panel", "add-many", "nowhere.csv")


def test_a_panel_is_put_in_its_group(home, eu):
    home.done(*home.add(eu, "--group", "Europe", "--no-check"), given=eu.keys)
    assert home.told("panel", "list")[0]["group_name"] == "Europe"
