"""What a template reads is what its view holds: no name that is never given, no field that is never shown."""

import dataclasses
from collections.abc import Iterator

import pytest
from jinja2 import StrictUndefined, meta, nodes

from hyperpanel.paths import STATIC
from hyperpanel.web.assets import Assets
from hyperpanel.web.frame import Frame
from hyperpanel.web.languages import load
from hyperpanel.web.templates import environment
from tests.support.pages import Page, pages
from tests.support.templates import jinja, source, templates

GLOBALS = {"_", "fmt", "frame", "gettext", "kept", "ngettext", "static"}
FORMATS = {"ago", "exact", "iso", "money", "number", "seconds", "until"}


def names(template: str) -> set[str]:
    """What must be given. A name set inside an `if` counts as undeclared for Jinja, since its branch may not run."""
    parsed = jinja().parse(source(template))
    set_here = {node.name for node in parsed.find_all(nodes.Name) if node.ctx == "store"}
    return meta.find_undeclared_variables(parsed) - GLOBALS - set_here


def pieces(template: str) -> Iterator[str]:
    """The template and all that it includes, imports or extends."""
    yield template
    for other in meta.find_referenced_templates(jinja().parse(source(template))):
        if other:
            yield from pieces(other)


def attributes(template: str, of: str) -> set[str]:
    found = jinja().parse(source(template)).find_all(nodes.Getattr)
    return {node.attr for node in found if isinstance(node.node, nodes.Name) and node.node.name == of}


def fields(view: type) -> set[str]:
    return {field.name for field in dataclasses.fields(view)}


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_a_template_reads_nothing_but_its_view(page: Page):
    assert names(page.template) - fields(page.view) == set()


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_field_of_a_view_is_shown(page: Page):
    read = set().union(*map(names, pieces(page.template)))
    assert fields(page.view) - read == set()


@pytest.mark.parametrize("template", templates())
def test_the_frame_has_what_is_read_of_it(template):
    assert attributes(template, of="frame") - fields(Frame) == set()


@pytest.mark.parametrize("template", templates())
def test_values_are_written_by_the_known_formats(template):
    assert attributes(template, of="fmt") - FORMATS == set()


def test_a_name_that_is_not_given_is_an_error():
    english = environment(load()["en"], Assets(STATIC))
    assert english.undefined is StrictUndefined
    assert english.autoescape
    assert set(english.globals) >= {"_", "gettext", "ngettext", "static"}
