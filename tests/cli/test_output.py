"""What is printed: aligned for people, safe for terminals."""

from hyperpanel.cli import output


def test_numbers_stand_to_the_right(capsys):
    output.table(("name", "count"), [("eu-1", 1200), ("a longer one", 5)])
    assert capsys.readouterr().out.splitlines() == ["name          count", "eu-1          1 200", "a longer one      5"]


def test_escapes_are_shown_not_obeyed():
    assert output.one_line("\x1b[31mred\u202e") == "\\x1b[31mred\\u202e"


def test_line_ends_become_spaces():
    assert output.one_line("a\nb\r\nc") == "a b c"


def test_other_scripts_are_left_as_they_are():
    assert output.one_line("İstanbul تهران") == "İstanbul تهران"


def test_machines_get_one_line(capsys):
    output.machine([{"a": "ü\n"}])
    assert capsys.readouterr().out == '[{"a": "ü\\n"}]\n'
