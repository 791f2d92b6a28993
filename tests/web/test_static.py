"""Static files: from a list made at start, under addresses that change with them."""

import pytest

from hyperpanel.paths import STATIC
from hyperpanel.web.assets import STYLES, Assets

ASSETS = Assets(STATIC)


async def test_a_file_under_its_digest_is_kept_for_ever(staged):
    answer = await staged.browser().get(ASSETS.address("app.css"))
    assert "immutable" in answer.headers["cache-control"]
    assert answer.content.endswith((STATIC / "styles" / "9-print.css").read_bytes())
    assert answer.headers["content-type"] == "text/css; charset=utf-8"


async def test_a_file_under_its_plain_name_is_asked_for_again(staged):
    browser = staged.browser()
    first = await browser.get("/static/app.css")
    again = await browser.get("/static/app.css", headers={"if-none-match": first.headers["etag"]})
    assert (first.headers["cache-control"], again.status_code, again.content) == ("no-cache", 304, b"")


async def test_files_are_sent_smaller_to_whoever_can_unpack_them(staged):
    sent = await staged.browser().get("/static/app.css", headers={"accept-encoding": "gzip"})
    plain = await staged.browser().get("/static/app.css", headers={"accept-encoding": "identity"})
    assert int(sent.headers["content-length"]) < int(plain.headers["content-length"])
    assert sent.content == plain.content


def test_fonts_found_from_a_style_sheet_have_the_address_that_pages_preload():
    name = next(name for name in ASSETS.files if name.endswith(".woff2"))
    assert ASSETS.address(name) == ASSETS.address("app.css").replace("app.css", name)


def test_what_is_not_in_the_list_does_not_exist():
    assert ASSETS.find("/../pyproject.toml") == (None, False)
    assert ASSETS.find("/app.py") == (None, False)


@pytest.mark.parametrize("sheet", sorted((STATIC / STYLES).glob("*.css")), ids=lambda place: place.name)
def test_a_style_sheet_closes_what_it_opens(sheet):
    """They leave as one: a brace too few swallows all that follow."""
    text = sheet.read_text(encoding="utf-8")
    assert text.count("{") == text.count("}")
