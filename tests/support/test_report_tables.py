"""The answer of a report as a flat table."""

import pytest

from hyperpanel.support.report_tables import ROWS, table


def test_what_is_within_another_has_its_name_before():
    health = table({"report": "service-health", "rows": [{"terms": {"stuck": -30}, "snoozed": None}]})
    line = dict(zip(health.columns, health.rows[0], strict=True))
    assert (line["terms_stuck"], line["snoozed_by"], line["panel"]) == (-30, None, None)


@pytest.mark.parametrize("report", ROWS)
def test_without_rows_the_columns_are_known(report):
    found = table({"report": report, "rows": []})
    assert (len(found.columns) > 6, list(found.rows)) == (True, [])


def test_columns_that_no_row_has_are_not_there():
    by_day = table({"report": "margins", "rows": [{"day": "2026-03-01", "currency": "USD"}]})
    assert by_day.columns[:2] == ("day", "currency")


def test_several_stand_in_one_cell():
    used = [{"service": "170", "name": "A", "orders": 3}, {"service": "171", "name": "", "orders": 1}]
    users = table({"report": "users", "rows": [{"services": used}]})
    assert users.rows[0][users.columns.index("services")] == "170 ×3; 171 ×1"
    asked = table({"report": "tickets-by-service", "rows": [{"samples": [{"ticket": "255", "orders": ["1", "2"]}]}]})
    assert asked.rows[0][asked.columns.index("samples")] == "255 (1, 2)"
    risk = table({"report": "providers", "rows": [{"at_risk": {"USD": "1.50", "EUR": "2"}}]})
    assert risk.rows[0][risk.columns.index("at_risk")] == "USD 1.50; EUR 2"
