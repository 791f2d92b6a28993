"""Service tracking: the worst first with its terms, opened to the orders behind them; nothing green on old data, nothing of other panels."""

import re
from datetime import timedelta

import pytest

from hyperpanel.db.schema import orders, panels, plans, service_scores, service_speeds, services, snoozes
from hyperpanel.web import service_tracking_lists
from tests.support.staged import NOON, mirrored, order

HERE = "/tracking/services"
ROW = re.compile(r'<tr id="s-([\w-]+)"')
DAY_OLD = NOON - timedelta(hours=26)


def ids(answer) -> list[str]:
    return ROW.findall(answer.text)


def stuck(*numbers: int, service: str = "170", panel: str = "eu-1", **changes):
    """Orders that wait for more than twelve hours."""
    name = changes.pop("name", "Likes [5K/Day]")
    said = {"service_id": service, "service_name": name, "status": "in_progress", "created_at": DAY_OLD}
    return [
        order(f"{panel}-{service}-{n}", panel, **{**said, "quantity": 1000, "remains": 400, **changes}) for n in numbers
    ]


def done(*numbers: int, hours: float = 1, service: str = "170", panel: str = "eu-1", name: str = "Likes [5K/Day]"):
    """Orders of 5000 that were seen to finish an hour ago, after so many hours; the name gives them 24, twice."""
    at = NOON - timedelta(hours=1)
    return [
        mirrored(
            "orders",
            f"{panel}-{service}-d{n}",
            panel,
            service_id=service,
            service_name=name,
            status="completed",
            quantity=5000,
            remains=0,
            created_at=at - timedelta(hours=hours),
            finished_from=at,
            finished_at=at + timedelta(minutes=1),
        )
        for n in numbers
    ]


@pytest.fixture
async def four(staged):
    """A critical, a stalled, a warning and a healthy service; and one with too few orders."""
    await staged.keep(
        *stuck(*range(9)),
        *done(*range(20)),
        *done(*range(20, 26), hours=60),
        *stuck(*range(12), service="171", name="Stalled [1K/Day]"),
        *stuck(*range(6), service="172"),
        *done(*range(10), service="172"),
        *done(*range(10), service="173", name="Healthy followers [5K/Day]"),
        *done(1, service="174"),
    )


async def test_index_shows_the_worst_first_with_its_terms(four, ana):
    page = await ana.get(HERE)
    assert ids(page) == ["eu-1-170", "eu-1-171", "eu-1-172", "eu-1-173", "eu-1-174"]
    assert "100 − min(60, 5 × 9) − 23.1 = 31.9" in page.text
    assert "open the 9 stuck orders" in page.text
    assert "open the 6 slow ones" in page.text
    assert [word in page.text for word in ("Critical", "Stalled", "Warning", "Healthy", "Too few orders")] == [True] * 5


async def test_index_answers_htmx_with_the_rows_alone(four, ana):
    part = (await ana.part(HERE, "rows")).text
    assert part.strip().startswith('<div id="rows"')
    assert 'id="as-of"' in part


async def test_the_red_bar_counts_and_names_what_is_urgent(four, ana):
    page = (await ana.get(HERE)).text
    assert 'data-copy="170, 171"' in page
    assert "1 critical" in page
    assert "1 stalled" in page
    assert "Snooze all 24 h" in page


async def test_without_anything_urgent_there_is_no_red_bar(staged, ana):
    await staged.keep(*done(*range(10)))
    assert "red-bar" not in (await ana.get(HERE)).text


FILTERS = {
    "band=attention": ["170", "171"],
    "band=healthy": ["173"],
    "q=followers": ["173"],
    "q=172": ["172"],
    "sort=-score&band=attention": ["171", "170"],
    "sort=name&q=e": ["170", "171", "172", "173", "174"],
    "hours=48&band=few": ["174"],
}


@pytest.mark.parametrize(("query", "expected"), FILTERS.items(), ids=FILTERS)
async def test_a_part_a_text_and_an_order_are_in_the_address(four, ana, query, expected):
    assert [name.removeprefix("eu-1-") for name in ids(await ana.get(f"{HERE}?{query}"))] == expected


@pytest.mark.parametrize("query", ["band=green", "sort=charm", "page=0", "profile=none"])
async def test_what_no_page_leads_to_is_refused(ana, query):
    assert (await ana.get(f"{HERE}?{query}")).status_code in (404, 422)


async def test_nothing_is_green_on_old_data(four, staged, ana):
    await staged.change(plans, {"as_of": NOON - timedelta(minutes=40)}, panel_id=1, stream="orders")
    page = (await ana.get(HERE)).text
    assert "Healthy as of 40 min" in page
    assert "status-ok" not in page.split('id="rows"')[1].split('id="drawer"')[0]
    assert "of 3 panels on time" in page


async def test_a_healthy_service_on_time_is_green(four, ana):
    assert '<span class="status status-ok">Healthy</span>' in (await ana.get(HERE)).text


async def test_many_healthy_services_are_a_few_and_a_link(staged, ana):
    rows = [row for number in range(300, 330) for row in done(*range(5), service=str(number))]
    await staged.keep(*rows)
    page = await ana.get(HERE)
    assert len(ids(page)) == 20
    assert f'href="{HERE}?band=healthy"' in page.text
    assert len(ids(await ana.get(f"{HERE}?band=healthy"))) == 30


async def test_only_who_may_sees_providers(four, staged, ana, ben):
    await staged.change(orders, {"provider": "secret-provider"}, panel_id=1)
    assert "secret-provider" in (await ana.get(HERE)).text
    assert "secret-provider" not in (await ben.get(HERE)).text
    assert "secret-provider" not in (await ben.get(f"{HERE}/eu-1/170")).text


async def test_whoever_may_see_one_panel_sees_no_trace_of_the_others(staged, ben):
    await staged.keep(*stuck(*range(9), panel="us-2", name="hidden service"))
    page = (await ben.get(HERE)).text
    assert "hidden service" not in page
    assert "us-2" not in page
    assert (await ben.get(f"{HERE}/us-2/170")).status_code == 404


async def test_a_past_moment_is_said_and_offers_no_act(four, ana):
    page = (await ana.get(f"{HERE}?at=2026-03-01+11:30")).text
    assert "A past moment" in page
    assert "Snooze all" not in page
    assert "data-live" not in page.split('id="rows"')[1].split(">")[0]


async def test_a_moment_before_anything_was_read_says_so(four, ana):
    assert "Nothing was read before" in (await ana.get(f"{HERE}?at=2026-02-01")).text
    opened = await ana.get(f"{HERE}/eu-1/170?at=2026-02-01")
    assert "Nothing was read before" in (await ana.get(opened.headers["location"])).text


EMPTY = {
    "": "No service has a stuck order, and none finished one in this window.",
    "?panel=eu-1&q=x": "No service has a stuck order",
}


@pytest.mark.parametrize(("query", "told"), EMPTY.items(), ids=EMPTY)
async def test_an_empty_report_says_why(ana, query, told):
    assert told in (await ana.get(f"{HERE}{query}")).text


async def test_the_line_of_the_last_days_stands_beside_its_score(four, staged, ana):
    counts = {"stuck": 1, "slow": 0, "rated": 9, "finished": 9, "panel_id": 1, "service_id": "170"}
    points = [{**counts, "at": NOON - timedelta(hours=n), "score": 90.0 - n} for n in range(6)]
    await staged.keep(*points, table=service_scores)
    assert "Score over 48 hours: from 85 to 90, 85 at the lowest" in (await ana.get(HERE)).text
    assert 'id="chart-score"' in (await ana.get(f"{HERE}/eu-1/170")).text


async def test_a_name_without_a_speed_says_so_and_a_set_one_by_whom(staged, ana):
    await staged.keep(*done(*range(6), name="Plain likes"), *done(*range(6), service="171", name="Plain too"))
    speed = {"panel_id": 1, "service_id": "171", "per_day": 700, "name": "Plain too", "by": "max", "at": NOON}
    await staged.keep(speed, table=service_speeds)
    page = (await ana.get(HERE)).text
    assert "no speed in the name" in page
    assert "700 a day · speed set by max" in page


async def test_show_opens_the_score_to_its_orders(four, ana):
    page = (await ana.get(f"{HERE}/eu-1/170")).text
    assert "100 − min(60, 5 × 9) − 23.1 = 31.9" in page
    assert page.count('href="/orders/eu-1/eu-1-170-d2') == 7
    assert "6 of 26 rated" in page
    assert "stuck orders fewer → " in page
    assert "<mark>5K/Day</mark>" in page


async def test_show_answers_htmx_with_the_drawer_alone(four, ana):
    part = (await ana.part(f"{HERE}/eu-1/170?hours=48", "drawer")).text
    assert part.strip().startswith("<aside")
    assert 'id="drawer"' in part


async def test_show_knows_services_of_the_catalogue_without_orders(staged, ana):
    await staged.keep(mirrored("services", "900"), table=services)
    page = (await ana.get(f"{HERE}/eu-1/900")).text
    assert "It has too few finished or stuck orders to be scored." in page
    assert 'href="/services/eu-1/900"' in page
    assert (await ana.get(f"{HERE}/eu-1/901")).status_code == 404


async def test_what_woke_says_why(four, staged, ana):
    values = {"panel_id": 1, "id": "a", "service_id": "170", "by": "max", "why": "", "at": DAY_OLD, "wakes": "worse"}
    measure = {"hours": 24, "stuck_after": 12, "multiplier": 2, "min_orders": 5, "score": 60, "stuck": 4}
    ended = {"ended_at": NOON - timedelta(hours=2), "ended_why": "worse", "ended_score": 31.9, "ended_stuck": 9}
    await staged.keep({**values, **measure, **ended}, table=snoozes)
    page = (await ana.get(HERE)).text
    assert "woke 2 h ago: it got worse (score 60 → 32, stuck 4 → 9)" in page


async def test_the_newest_score_is_in_the_chart_and_a_past_one_ends_it(four, staged, ana):
    counts = {"stuck": 1, "slow": 0, "rated": 9, "finished": 9, "panel_id": 1, "service_id": "170"}
    points = [{**counts, "at": NOON - timedelta(hours=n), "score": 77.0 - n} for n in range(12)]
    await staged.keep(*points, table=service_scores)
    await staged.change(panels, {"created_at": NOON - timedelta(days=40)})
    assert ">77<" in re.sub(r"\s", "", (await ana.get(f"{HERE}/eu-1/170")).text)
    past = (await ana.get(f"{HERE}/eu-1/170?at=2026-03-01+11:30")).text
    assert ">76<" in re.sub(r"\s", "", past)
    assert ">77<" not in re.sub(r"\s", "", past)
    assert "from 66 to 76" in (await ana.get(f"{HERE}?at=2026-03-01+11:30")).text


async def test_orders_that_name_no_service_are_counted_and_are_no_row(four, staged, ana):
    await staged.keep(*stuck(*range(20, 23), service="none"))
    await staged.change(orders, {"service_id": None}, service_id="none")
    page = await ana.get(HERE)
    assert len(ids(page)) == 5
    assert "3 stuck or finished orders name no service" in page.text


async def test_the_last_page_ends_with_the_last_that_the_pages_hold(staged, ana, monkeypatch):
    monkeypatch.setattr(service_tracking_lists, "PAGE", 20)
    late = [row for number in range(500, 505) for row in stuck(*range(12), service=str(number))]
    well = [row for number in range(300, 322) for row in done(*range(5), service=str(number))]
    await staged.keep(*late, *well)
    page = (await ana.get(f"{HERE}?page=2")).text
    assert "21–25 of 25" in page


async def test_how_old_it_is_says_the_orders_alone(four, staged, ana):
    await staged.change(plans, {"as_of": NOON - timedelta(days=9)}, stream="services")
    await staged.change(plans, {"as_of": NOON}, stream="orders")
    assert "panels on time" not in (await ana.get(HERE)).text.split('class="foot"')[1].split("</div>")[0]
