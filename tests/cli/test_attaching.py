"""`panel add`: everything that can be wrong is one sentence, and stores nothing."""

import json

import pytest

from hyperpanel.sandbox.faults import Fault

pytestmark = pytest.mark.loopback


def test_a_panel_is_asked_and_then_stored(home, eu):
    assert "eu-1 is attached" in home.attach(eu)
    assert [(panel["name"], panel["url"]) for panel in home.told("panel", "list")] == [("eu-1", eu.url)]


def test_json_names_what_was_stored(home, eu):
    told = json.loads(home.done(*home.add(eu, "--rate", "50", "--json"), given=eu.keys))
    assert (told["name"], told["url"], told["cut"]) == ("eu-1", eu.url, None)
    assert {probe["level"] for probe in told["probes"]} == {"ok"}


def test_its_currency_and_clock_are_kept(home, eu):
    home.done(*home.add(eu, "--no-check"), given=eu.keys)
    [panel] = home.told("panel", "list")
    assert (panel["currency"], panel["time_zone"], panel["rate"]) == ("EUR", "Europe/Berlin", 4.0)


def test_a_wrong_key_is_refused_in_the_connectors_words(home, eu):
    keys = json.dumps({"admin_key": "not-the-key-of-eu-1"})
    sentence = home.refused(*home.add(eu), given=keys)
    assert sentence == "Error: key: eu-1 refuses the key. Enter its current key, then resume.\n"
    assert home.told("panel", "list") == []


def test_a_wrong_services_key_is_refused_too(home, eu):
    keys = json.dumps({"admin_key": eu.admin_key, "services_key": "wrong"})
    sentence = home.refused(*home.add(eu, "--rate", "50"), given=keys)
    assert "second key: eu-1 refuses the second key, the one for services." in sentence
    assert home.told("panel", "list") == []


def test_several_things_that_are_wrong_are_told_at_once(home, eu):
    words = [word if word != "Europe/Berlin" else "Asia/Kolkata" for word in home.add(eu, "--rate", "50")]
    words[words.index("EUR")] = "USD"
    sentence = home.refused(*words, given=eu.keys)
    assert ("clock: eu-1 writes its times" in sentence, "currency: eu-1 names amounts" in sentence) == (True, True)
    assert home.told("panel", "list") == []


def test_a_note_keeps_no_panel_out(home, eu):
    keys = json.dumps({"admin_key": eu.admin_key})
    printed = home.done(*home.add(eu, "--rate", "50"), given=keys)
    assert "note  second key: eu-1 has no services key" in printed
    assert len(home.told("panel", "list")) == 1


def test_an_unreachable_panel_is_refused(home, eu, closed_port):
    sentence = home.refused(*home.add(eu, url=f"http://127.0.0.1:{closed_port}"), given=eu.keys)
    assert "eu-1 does not answer at 127.0.0.1: the connection was refused." in sentence
    assert home.told("panel", "list") == []


def test_a_web_page_instead_of_data_is_refused(home, eu):
    eu.panel.faults.add(Fault("challenge"))
    assert "eu-1 answered with a web page instead of data" in home.refused(*home.add(eu), given=eu.keys)
    assert home.told("panel", "list") == []


def test_without_a_check_it_is_stored_unasked(home, eu, closed_port):
    before = eu.asked
    home.done(*home.add(eu, "--no-check"), given=eu.keys)
    assert (len(home.told("panel", "list")), eu.asked) == (1, before)


def test_a_name_in_use_is_refused_before_any_call(home, eu):
    home.attach(eu)
    before = eu.asked
    assert "A panel named 'EU-1' is there already" in home.refused(*home.add(eu, name="EU-1"), given=eu.keys)
    assert eu.asked == before


def test_an_address_without_scheme_is_refused(home, eu):
    sentence = home.refused(*home.add(eu, url="panel.example"), given=eu.keys)
    assert sentence == "Error: The address has no scheme. Write it as https://panel.example.\n"
    assert home.told("panel", "list") == []


@pytest.mark.parametrize("path", ["/adminapi/v2", "/admin/adminapi/v2/", "/api/v2"])
def test_a_pasted_api_path_is_cut_off_and_named(home, eu, path):
    printed = home.done(*home.add(eu, "--no-check", url=eu.url + path), given=eu.keys)
    assert f"{path.rstrip('/')} was cut off: the address is {eu.url}." in printed
    assert home.told("panel", "list")[0]["url"] == eu.url


def test_another_path_is_kept_and_asked(home, eu):
    assert "The path /eu-1 is kept" in home.attach(eu)
    assert eu.panel.log[-1].path.startswith("/api/v2")


def test_a_path_that_does_not_answer_is_refused(home, eu):
    sentence = home.refused(*home.add(eu, url=f"{eu.url}/shop"), given=eu.keys)
    assert "answered with an ordinary web page instead of data" in sentence
    assert home.told("panel", "list") == []


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--currency", "dollars", "'dollars' is no currency"),
        ("--timezone", "Berlin", "'Berlin' is no time zone"),
        ("--timezone", "../../etc/passwd", "is no time zone"),
        ("--rate", "0.05", "between 0.1 and 50"),
        ("--rate", "nan", "between 0.1 and 50"),
    ],
)
def test_an_option_that_cannot_be_right_is_refused(home, eu, option, value, said):
    assert said in home.refused(*home.add(eu), option, value, given=eu.keys)


@pytest.mark.parametrize("name", ["a,b", "", " ", "x" * 41, ".eu", "eu\n1"])
def test_a_name_that_cannot_be_a_panels_is_refused(home, eu, name):
    words = ("panel", "add", name, "--url", eu.url, "--private", "--secrets-stdin")
    if name == "eu\n1":
        assert "eu 1 is attached" in home.done(*words, "--no-check", given=eu.keys)
    else:
        assert "A panel's name has 1 to 40 letters" in home.refused(*words, given=eu.keys)


def test_plain_http_needs_the_private_mark(home, eu):
    words = [word for word in home.add(eu) if word != "--private"]
    assert "would send the key in the open" in home.refused(*words, given=eu.keys)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "Standard input is empty"),
        ("{", "Standard input is not JSON"),
        ("[1]", "names no admin_key"),
        ('{"admin_key": 5}', "The admin_key is empty or no text"),
        ('{"admin_key": "top secret"}', "holds a space"),
        ('{"admin_key": "a", "password": "topsecret"}', "unknown name, 'password'"),
        (b"\xff\xfe\x00", "not UTF-8"),
    ],
)
def test_keys_that_cannot_be_read_are_refused_and_not_repeated(home, eu, given, said):
    sentence = home.refused(*home.add(eu), given=given)
    assert said in sentence
    assert "topsecret" not in sentence.replace(" ", "")


def test_without_keys_the_usage_is_told(home, eu):
    words = [word for word in home.add(eu) if word != "--secrets-stdin"]
    assert "with --secrets-stdin. See: hyperpanel panel add --help" in home.refused(*words, code=2)


def test_no_key_is_in_what_is_printed_or_stored_in_the_clear(home, eu):
    printed = home.attach(eu) + home.done("panel", "list") + home.done("panel", "list", "--json")
    stored = b"".join(path.read_bytes() for path in home.folder.iterdir())
    assert eu.admin_key not in printed
    assert eu.admin_key.encode() not in stored
