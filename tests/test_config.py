import pytest

from hyperpanel.config import Settings, load
from hyperpanel.errors import BadSettings


def written(tmp_path, text):
    place = tmp_path / "config.toml"
    place.write_text(text)
    return place


def test_without_a_file_everything_has_its_default(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load(None, {}) == Settings()


def test_a_file_in_the_folder_is_found(tmp_path, monkeypatch):
    written(tmp_path, "[web]\nport = 9001\n")
    monkeypatch.chdir(tmp_path)
    assert load(None, {}).web.port == 9001


def test_the_environment_wins_over_the_file(tmp_path):
    place = written(tmp_path, "[web]\nport = 9001\n")
    assert load(place, {"HYPERPANEL_WEB__PORT": "9002"}).web.port == 9002


def test_a_list_in_the_environment_is_written_with_commas(tmp_path):
    place = written(tmp_path, "")
    assert load(place, {"HYPERPANEL_WEB__PROXIES": "10.0.0.1, 10.0.0.2"}).web.proxies == ("10.0.0.1", "10.0.0.2")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[web]\nprot = 1\n", "unknown setting `prot` in [web]"),
        ("[wbe]\n", "unknown setting `wbe`"),
        ("[web]\nport = 'x'\n", "[web.port]"),
        ("[web]\nport = 99999\n", "[web.port]"),
        ("[web\n", "not valid TOML"),
    ],
)
def test_a_broken_file_is_told_in_one_sentence_that_names_it(tmp_path, text, told):
    with pytest.raises(BadSettings) as refused:
        load(written(tmp_path, text), {})
    assert told in str(refused.value)
    assert "config.toml" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(BadSettings, match=r"no settings file"):
        load(tmp_path / "none.toml", {})


@pytest.mark.parametrize("name", ["HYPERPANEL_WEB__PROT", "HYPERPANEL_" + "PORT", "HYPERPANEL_WEB__PORT"])
def test_a_variable_that_is_no_setting_is_named(tmp_path, name):
    with pytest.raises(BadSettings, match=name):
        load(written(tmp_path, ""), {name: "abc"})
