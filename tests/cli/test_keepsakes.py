"""What a demo keeps for its next start."""

import pytest

from hyperpanel.cli.keepsakes import PEOPLE, agree, free_port, kept, made
from hyperpanel.errors import BadInput, Unusable
from hyperpanel.support import passwords

pytestmark = pytest.mark.loopback
PLAIN = {"panels": (None, 3), "seed": (None, 7), "orders": (None, 26_000)}


def test_the_second_start_finds_what_the_first_one_made(tmp_path):
    assert kept(tmp_path / "demo", PLAIN, 8000) == kept(tmp_path / "demo", PLAIN, 8000)


def test_it_is_its_owners_alone(tmp_path):
    kept(tmp_path, PLAIN, 8000)
    assert (tmp_path / "demo.json").stat().st_mode & 0o777 == 0o600


def test_the_passwords_are_good_ones_and_differ():
    found = made(PLAIN, 8000).passwords
    assert [passwords.checked(found[name], name) for name in PEOPLE] == list(found.values())
    assert len(set(found.values())) == len(PEOPLE)


def test_other_options_mean_another_demo(tmp_path):
    kept(tmp_path, PLAIN, 8000)
    with pytest.raises(BadInput, match="was made with --seed 7"):
        kept(tmp_path, PLAIN | {"seed": (8, 7)}, 8000)


def test_the_same_options_mean_the_same_demo(tmp_path):
    agree(made(PLAIN, 8000), {"seed": (7, 7), "panels": (3, 3)}, tmp_path)


def test_a_database_of_others_is_left_alone(tmp_path):
    (tmp_path / "hyperpanel.db").touch()
    with pytest.raises(BadInput, match="not a demo's"):
        kept(tmp_path, PLAIN, 8000)


def test_a_damaged_file_is_named(tmp_path):
    (tmp_path / "demo.json").write_text("{")
    with pytest.raises(Unusable, match="is damaged"):
        kept(tmp_path, PLAIN, 8000)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(Unusable, match="Name another with --dir"):
        kept(tmp_path / "file" / "demo", PLAIN, 8000)


def test_a_port_in_use_is_passed_over(taken_port):
    assert free_port(taken_port) != taken_port
