"""How a person wants it: kept with them, in every browser they use."""

import re

import pytest

from hyperpanel.web.time_zones import named
from tests.support.staged import order


async def test_a_language_is_kept_and_the_page_comes_back(staged, ana):
    answer = await ana.post("/preferences", data={"language": "tr", "next": "/orders?user=kadir"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/orders?user=kadir")
    elsewhere = await staged.signed_in("ana")
    assert "Siparişler" in (await elsewhere.get("/orders")).text


async def test_a_page_never_mixes_two_languages(staged, ana):
    """The made-up language changes every text that came through a catalogue: what is still English did not."""
    await staged.keep(order("1", status="fail"))
    page = (await ana.get("/orders", headers={"accept-language": "ar-XB"})).text
    assert "Orders" in page
    await ana.post("/preferences", data={"language": "ar-XB"})
    for path in ("/orders", "/orders/eu-1/1", "/settings/sync", "/nowhere"):
        page = (await ana.get(path)).text
        assert 'dir="rtl"' in page
        assert [word for word in ("Orders", "Status", "Close", "Filter", "Paus") if f">{word}" in page] == []


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [("theme", "dark", 'data-bs-theme="dark"'), ("density", "comfortable", 'data-density="comfortable"')],
)
async def test_looks_are_kept(ana, name, value, shown):
    await ana.post("/preferences", data={name: value})
    assert shown in (await ana.get("/orders")).text


@pytest.mark.parametrize("data", [{"language": "xx"}, {"theme": "pink"}, {"density": ""}])
async def test_a_value_that_no_page_offers_is_refused(ana, data):
    assert (await ana.post("/preferences", data=data)).status_code == 422


@pytest.mark.parametrize("data", [{"role": "admin"}, {"panel_ids": "1"}, {"theme": ["dark", "light"]}])
async def test_a_field_that_no_page_sends_is_refused(ana, data):
    assert (await ana.post("/preferences", data=data)).status_code == 400


async def test_the_browsers_language_serves_whoever_chose_none(staged):
    browser = staged.browser(**{"accept-language": "de, tr;q=0.8, en;q=0.5"})
    assert "Kullanıcı adı" in (await browser.get("/sign-in")).text


async def test_times_are_told_where_the_person_is(staged, ana):
    await staged.keep(order("1"))
    await ana.post("/preferences", data={"time_zone": "Asia/Tehran"})
    assert "14:30:00" in (await ana.get("/orders/eu-1/1")).text


async def test_index_shows_what_is_chosen(ana):
    await ana.post("/preferences", data={"time_zone": "Asia/Kolkata", "theme": "dark"})
    page = (await ana.get("/preferences")).text
    assert 'value="Asia/Kolkata"' in page
    assert re.search(r'value="dark"\s+checked', page)
    assert "17:30:00 (UTC+05:30)" in page


async def test_index_tells_the_time_in_a_zone_that_is_being_typed(ana):
    part = (await ana.part("/preferences?time_zone=kathmandu", "zone")).text
    assert "Asia/Kathmandu" in part
    assert "17:45:00 (UTC+05:45)" in part
    assert "<html" not in part


async def test_index_offers_zones_whose_names_say_what_they_are(ana):
    page = (await ana.get("/preferences")).text
    assert '<option value="America/Argentina/Buenos_Aires">' in page
    assert '<option value="Etc/' not in page


async def test_update_says_beside_the_field_which_zone_is_not_known(ana):
    answer = await ana.post("/preferences", data={"time_zone": "Istambul <b>", "theme": "dark", "next": "/preferences"})
    assert answer.status_code == 422
    assert "There is no time zone “Istambul &lt;b&gt;”" in answer.text
    assert 'value="Istambul &lt;b&gt;"' in answer.text
    assert 'data-bs-theme="auto"' in answer.text


async def test_update_without_a_zone_goes_back_to_the_installations(staged, ana):
    await ana.post("/preferences", data={"time_zone": "Asia/Tehran"})
    await ana.post("/preferences", data={"time_zone": " "})
    assert (await staged.person("ana")).time_zone is None


async def test_update_comes_back_and_says_so(ana):
    answer = await ana.post("/preferences", data={"density": "comfortable", "next": "/preferences?done=saved"})
    assert "Saved." in (await ana.get(answer.headers["location"])).text


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Istanbul", "Europe/Istanbul"),
        (" istanbul ", "Europe/Istanbul"),
        ("İstanbul", "Europe/Istanbul"),
        ("new york", "America/New_York"),
        ("utc", "UTC"),
        ("etc/gmt-3", "Etc/GMT-3"),
        ("nowhere", None),
        ("../etc/passwd", None),
        ("", None),
    ],
)
def test_zones_are_known_by_their_city(typed, zone):
    assert named(typed) == zone
