"""The Services page: the catalogue with its rates, what it says without a key, its filters, and the service beside it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, insert

from hyperpanel.db.schema import orders, panel_secrets, panels, service_changes, services
from tests.support.staged import NOON, mirrored, order

ROW = re.compile(r'<tr id="s-([\w-]+)"')


def service(id: str = "170", panel: str = "eu-1", **changes):
    return mirrored("services", id, panel, **changes)


def ids(answer) -> list[str]:
    return [found.rpartition("-")[2] for found in ROW.findall(answer.text)]


@pytest.fixture(autouse=True)
async def keyed(staged):
    """eu-1 and us-2 have a services key; dark has none."""
    rows = [{"panel_id": n, "name": "services_key", "sealed": b"sealed"} for n in (1, 2)]
    await staged.keep(*rows, table=panel_secrets)


async def test_index_begins_with_the_lowest_number(staged, ana):
    await staged.keep(service("10"), service("9"), service("9", "us-2"), table=services)
    assert ids(await ana.get("/services")) == ["9", "9", "10"]


async def test_index_answers_htmx_with_the_rows_alone(staged, ana):
    await staged.keep(service(), table=services)
    assert (await ana.part("/services", "rows")).text.strip().startswith('<div id="rows"')


async def test_index_tells_rates_in_the_panels_own_currency(staged, ana):
    await staged.change(panels, {"currency": "IRT"}, name="us-2")
    await staged.keep(service("1"), service("2", "us-2", rate=90_000), table=services)
    page = (await ana.get("/services")).text
    assert "0.90\u00a0USD" in page
    assert "9\u00a0IRT" in page


async def test_index_issues_as_many_queries_for_100_rows_as_for_one(staged, ana):
    async def queries() -> int:
        seen: list[str] = []

        def note(*args: object) -> None:
            seen.append(str(args[2]))

        event.listen(staged.database.reading, "before_cursor_execute", note)
        await ana.get("/services")
        event.remove(staged.database.reading, "before_cursor_execute", note)
        return len(seen)

    await staged.keep(service("1"), table=services)
    one = await queries()
    await staged.keep(*(service(str(n)) for n in range(10, 130)), table=services)
    assert await queries() <= one + 1


FILTERS = {
    "number=2": ["2"],
    "name=%C4%B0NSTAGRAM": ["2"],
    "type=package": ["2"],
    "category=like": ["2"],
    "refill=yes": ["1"],
    "refill=no": ["2"],
    "refill=perhaps": [],
    "cancel=no": ["2"],
    "panel=us-2": ["2"],
    "sort=-id": ["2", "1"],
    "sort=-rate": ["2", "1"],
    "sort=-name": ["2", "1"],
    "sort=max": ["1", "2"],
}


@pytest.mark.parametrize(("query", "expected"), FILTERS.items(), ids=FILTERS)
async def test_a_filter_keeps_what_it_says(staged, ana, query, expected):
    other = {
        "name": "instagram",
        "type": "package",
        "category": "Likes",
        "refill": False,
        "cancel": False,
        "max": 10**6,
    }
    await staged.keep(service("1"), service("2", "us-2", **other), table=services)
    assert ids(await ana.get(f"/services?{query}")) == expected


async def test_without_a_key_the_page_says_so_and_where_to_enter_it(staged, ana, ben):
    await staged.change(panel_secrets, {"name": "another_key"}, panel_id=1)
    page = (await ana.get("/services?panel=eu-1")).text
    assert "eu-1 has no services key, so its catalogue cannot be read." in page
    assert 'href="/settings/panels/eu-1"' in page
    bens = (await ben.get("/services")).text
    assert "An administrator can add it." in bens
    assert "/settings/panels" not in bens


async def test_panels_without_a_key_are_named_above_the_others(staged, ana):
    await staged.keep(service(), table=services)
    page = (await ana.get("/services")).text
    assert page.index("dark has no services key") < page.index('id="rows"')
    assert "dark has no services key" not in (await ana.get("/services?panel=eu-1")).text


EMPTY = {
    "/services?panel=eu-1": ("No services have been read yet.", "/settings/sync"),
    "/services?name=x&panel=eu-1": ("No service matches these filters.", "/services?panel=eu-1"),
}


@pytest.mark.parametrize(("path", "told"), EMPTY.items(), ids=EMPTY)
async def test_an_empty_list_says_what_to_do(ana, path, told):
    page = (await ana.get(path)).text
    assert told[0] in page
    assert f'href="{told[1]}"' in page


async def test_whoever_has_no_panel_is_told_so(staged):
    nia = await staged.signed_in("nia")
    assert "No panel is open to you yet." in (await nia.get("/services")).text


async def test_whoever_may_see_one_panel_sees_no_trace_of_the_others(staged, ben):
    await staged.keep(service("1"), service("2", "us-2", name="secret service"), table=services)
    page = (await ben.get("/services")).text
    assert "secret service" not in page
    assert "us-2" not in page
    assert (await ben.get("/services/us-2/2")).status_code == 404


async def test_show_tells_facts_changes_and_orders(staged, ana):
    await staged.keep(service(), table=services)
    await staged.keep(order("1"), order("2", status="completed"), order("3", "us-2"), table=orders)
    async with staged.database.write() as connection:
        bounds = {"not_before": NOON - timedelta(hours=2), "not_after": NOON - timedelta(hours=1)}
        change = {
            "panel_id": 1,
            "service_id": "170",
            "number": 5,
            "name_was": "Old name",
            "name_now": "Followers [10K/Day]",
        }
        await connection.execute(
            insert(service_changes).values(**change, rate_was=80_000_000, rate_now=90_000_000, **bounds)
        )
    page = (await ana.get("/services/eu-1/170")).text
    assert all(fact in page for fact in ("0.90\u00a0USD", "0.80\u00a0USD", "Old name", "10,000", "between"))
    assert 'href="/orders?panel=eu-1&amp;service=170&amp;status=completed"' in page


async def test_show_answers_htmx_with_the_drawer_alone(staged, ana):
    await staged.keep(service(), table=services)
    assert (await ana.part("/services/eu-1/170", "drawer")).text.strip().startswith('<aside id="drawer"')


async def test_show_is_as_old_as_the_last_reading_of_the_catalogue(staged, ana):
    await staged.keep(service() | {"seen_at": NOON - timedelta(days=1)}, table=services)
    assert "20 s</time>" in (await ana.part("/services/eu-1/170", "drawer")).text
