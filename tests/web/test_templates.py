import pytest
from jinja2 import Environment
from markupsafe import Markup, escape

from hyperpanel.paths import STATIC
from hyperpanel.web.assets import Assets
from hyperpanel.web.languages import load
from hyperpanel.web.templates import Said, environment, written

HOSTILE = "<script>alert('\"&')</script>"


class Loud(str):
    """Text of another type, as a value read from somewhere may be."""


class Trusted:
    def __html__(self) -> str:
        return "<b>ours</b>"


@pytest.fixture(scope="module")
def english() -> Environment:
    return environment(load()["en"], Assets(STATIC))


@pytest.mark.parametrize(
    "value", [HOSTILE, "plain", "", Loud(HOSTILE), Markup("<b>"), Trusted(), 7, None, True, 1.5, "şükrü ' علی"]
)
def test_a_value_is_written_as_escape_writes_it(value):
    assert written(value) == escape(value)


@pytest.mark.parametrize("sign", "&<>\"'")
def test_each_sign_that_means_something_is_escaped_by_itself(sign):
    assert written(f"a{sign}b") == escape(f"a{sign}b") != f"a{sign}b"


@pytest.mark.parametrize(
    "template",
    [
        "{{ value }}",
        "<a title='{{ value }}'>",
        "{% macro m(v) %}{{ v }}{% endmacro %}{{ m(value) }}",
        "{% set kept %}{{ value }}{% endset %}{{ kept }}",
        "{% for one in [value] %}{{ one }}{% endfor %}",
        "{% block b %}{{ value }}{% endblock %}",
        "{{ value if true }}",
        "{{ value ~ value }}",
        "{{ value|upper }}",
        "{{ [value]|join(', ') }}",
        "{% trans value %}Hello {{ value }}{% endtrans %}",
        "{{ _('Hello %(value)s', value=value) }}",
    ],
)
def test_hostile_text_is_escaped_wherever_it_is_written(english, template):
    page = english.from_string(template).render(value=HOSTILE)
    assert page != ""
    assert "<script" not in page.lower()
    assert "'\"&'" not in page


def test_a_macro_that_was_escaped_once_is_not_escaped_again(english):
    page = english.from_string("{% macro m(v) %}<b>{{ v }}</b>{% endmacro %}{{ m('&') }}").render()
    assert page == "<b>&amp;</b>"


@pytest.mark.parametrize(
    ("source", "becomes"),
    [
        ("{% trans %}Close{% endtrans %}", '{{ "CLOSE" }}'),
        ("{{ icon(_('Close')) }}", '{{ icon("CLOSE") }}'),
        ('{{ _("Close") }}', '{{ "CLOSE" }}'),
        ('{% trans %}He said "no"{% endtrans %}', '{{ "HE SAID \\"NO\\"" }}'),
        ("{{ _('%(n)s left', n=n) }}", "{{ _('%(n)s left', n=n) }}"),
        ("{% trans n=3 %}{{ n }} left{% endtrans %}", "{% trans n=3 %}{{ n }} left{% endtrans %}"),
        ("{{ x_('Close') }}", "{{ x_('Close') }}"),
    ],
)
def test_a_text_without_values_is_put_in_before_compiling(source, becomes):
    assert Said(str.upper).put_in(source) == becomes


def test_a_translation_is_text_whoever_wrote_it():
    source = Said(lambda text: HOSTILE).put_in("{% trans %}Close{% endtrans %} {{ _('Close') }}")
    assert "<script" not in Environment(autoescape=True).from_string(source).render()
