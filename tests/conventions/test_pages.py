"""One name all the way: route, handler, view, template, test, and the blocks that htmx swaps."""

import re

import pytest

from tests.support.pages import ROUTELESS, Page, console, drawn, get_handlers, pages, routed
from tests.support.templates import jinja, source, with_parts

NAMELESS = {"/healthz"}
BLOCK = re.compile(r"{%-?\s*block\s+(\w+)")


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return console(tmp_path_factory.mktemp("console"))


def test_every_page_that_is_routed_is_drawn_and_the_other_way_round(app):
    assert routed(app) | ROUTELESS == drawn()


def test_every_get_route_has_a_name(app):
    nameless = {path for path, handler in get_handlers(app) if not handler.name and not path.startswith("/static")}
    assert nameless <= NAMELESS


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_a_page_has_a_handler_and_a_view_of_its_name(page: Page):
    assert page.name in ROUTELESS or callable(getattr(page.module, page.verb))
    assert page.view.__dataclass_params__.frozen


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_a_page_has_a_test_of_its_name(page: Page):
    assert re.search(rf"def test_{page.verb}_\w+", page.tests.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_a_block_that_htmx_swaps_is_an_element_of_the_same_name(page: Page):
    blocks = set(BLOCK.findall(source(page.template))) - set(BLOCK.findall(source("base.html")))
    assert {block for block in blocks if f'id="{block}"' not in with_parts(page.template)} == set()


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_a_page_can_be_read(page: Page):
    assert jinja().get_template(page.template).name == page.template
