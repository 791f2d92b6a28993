import os

import pytest

from hyperpanel.config import Security
from hyperpanel.errors import Unusable
from hyperpanel.vault import Vault, open_vault

SECRET = "a-very-secret-key"


@pytest.fixture
def vault():
    return Vault(os.urandom(32))


def test_what_is_sealed_can_be_opened(vault):
    assert vault.open(vault.seal(SECRET, "t|1|k"), "t|1|k") == SECRET


def test_a_value_moved_to_another_row_does_not_open(vault):
    with pytest.raises(Unusable, match="changed outside"):
        vault.open(vault.seal(SECRET, "t|1|k"), "t|2|k")


def test_a_changed_value_does_not_open(vault):
    sealed = bytearray(vault.seal(SECRET, "t|1|k"))
    sealed[-1] ^= 1
    with pytest.raises(Unusable):
        vault.open(bytes(sealed), "t|1|k")


def test_another_master_key_is_named_as_the_cause(vault):
    with pytest.raises(Unusable, match="master key is not the one"):
        Vault(os.urandom(32)).open(vault.seal(SECRET, "t|1|k"), "t|1|k")


def test_sealing_twice_gives_two_texts_and_shows_neither(vault):
    first, second = vault.seal(SECRET, "p"), vault.seal(SECRET, "p")
    assert first != second
    assert SECRET.encode() not in first
    assert repr(vault) == "Vault(***)"


def test_the_key_file_is_made_once_for_its_owner_alone(tmp_path):
    first = open_vault(Security(), tmp_path)
    assert (tmp_path / "hyperpanel.key").stat().st_mode & 0o777 == 0o600
    assert open_vault(Security(), tmp_path).name == first.name


def test_a_key_file_that_others_can_read_is_refused(tmp_path):
    open_vault(Security(), tmp_path)
    (tmp_path / "hyperpanel.key").chmod(0o644)
    with pytest.raises(Unusable, match="chmod 600"):
        open_vault(Security(), tmp_path)


def test_a_damaged_key_file_is_refused_and_left_alone(tmp_path):
    place = tmp_path / "hyperpanel.key"
    place.write_text("short")
    place.chmod(0o600)
    with pytest.raises(Unusable, match="damaged"):
        open_vault(Security(), tmp_path)
    assert place.read_text() == "short"


def test_the_settings_do_not_show_the_key():
    assert "secret" not in repr(Security(key="secret"))
