"""Opening an installation: set up when empty, refused when something is not as it was."""

from pathlib import Path

import pytest

from hyperpanel.config import Database as DatabaseSettings
from hyperpanel.config import Security, Settings
from hyperpanel.db.engine import address, unsafe_sqlite
from hyperpanel.db.opening import opened
from hyperpanel.errors import BadSettings, Unusable
from hyperpanel.vault import open_vault


def settings(url: str) -> Settings:
    return Settings(database=DatabaseSettings(url=url))


async def test_an_empty_database_is_set_up(bare_database_url, tmp_path):
    for _ in range(2):
        installation = await opened(settings(bare_database_url), tmp_path)
        await installation.database.close()


async def test_another_master_key_is_refused_and_nothing_is_overwritten(database_url, tmp_path):
    installation = await opened(settings(database_url), tmp_path)
    await installation.database.close()
    place = tmp_path / "hyperpanel.key"
    place.unlink()
    with pytest.raises(Unusable, match="no master key file"):
        await opened(settings(database_url), tmp_path)
    assert not place.exists()
    open_vault(Security(), tmp_path)
    with pytest.raises(Unusable, match="master key is not the one"):
        await opened(settings(database_url), tmp_path)


async def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(Unusable, match="no folder"):
        await opened(settings(f"sqlite:///{tmp_path}/nowhere/x.db"), tmp_path)


async def test_a_file_that_is_no_database_is_told_in_one_line(tmp_path):
    (tmp_path / "x.db").write_text("this is not a database, whatever its name says" * 50)
    with pytest.raises(Unusable, match="not a database") as refused:
        await opened(settings("sqlite:///x.db"), tmp_path)
    assert "\n" not in str(refused.value)


async def test_a_database_that_is_not_up_is_told_without_its_password(tmp_path):
    with pytest.raises(Unusable) as refused:
        await opened(settings("postgresql://hyper:geheim@127.0.0.1:1/none"), tmp_path)
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "nonsense", "sqlite:///:memory:"])
def test_an_address_that_cannot_be_used_says_what_would_be_right(url):
    with pytest.raises(BadSettings, match=r"database\.url"):
        address(url, Path.cwd())


def test_the_sqlite_in_use_is_a_safe_one():
    assert unsafe_sqlite() is None
