"""What has to be said of a report, and who may settle one."""

from datetime import UTC, datetime

import pytest

from hyperpanel.db.service_reports import Report
from hyperpanel.db.staff import Person
from hyperpanel.errors import BadInput
from hyperpanel.support import reporting_services
from hyperpanel.support.reporting_services import LONGEST

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
REPORT = Report(1, "170", "Likes", "No start.", "ben", "a", NOON, None, None, None)


def person(role: str, name: str = "ben") -> Person:
    return Person(1, name, role, None, None, None, "auto", "compact", NOON, None)


@pytest.mark.parametrize(
    ("text", "kept"), [(" a ", "a"), ("a\r\nb", "a\nb"), ("a\r\n" * (LONGEST // 2), "a\n" * 499 + "a")]
)
def test_a_reason_is_kept_without_what_the_browser_added(text, kept):
    assert reporting_services.reason(text) == kept


@pytest.mark.parametrize("text", ["", " \r\n", "x" * (LONGEST + 1)])
def test_nothing_is_no_reason_and_neither_is_a_book(text):
    with pytest.raises(BadInput) as refused:
        reporting_services.reason(text)
    assert refused.value.field == "reason"


def test_words_of_a_resolution_may_be_left_out_and_not_be_too_many():
    assert (reporting_services.words(" "), reporting_services.words(" Done. ")) == (None, "Done.")
    with pytest.raises(BadInput):
        reporting_services.words("x" * (LONGEST + 1))


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (person("support"), True),
        (person("support", "Ben"), False),
        (person("support", "max"), False),
        (person("viewer"), False),
        (person("manager", "max"), True),
        (person("nobody"), False),
        (None, False),
    ],
)
def test_whoever_reported_and_whoever_resolves_may_settle_it(who, may):
    assert reporting_services.may_settle(who, REPORT) == may
