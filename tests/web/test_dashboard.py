"""The dashboard: what waits, orders by status, totals, freshness; what it leaves out, and for whom."""

import re
from datetime import timedelta
from html import unescape

from sqlalchemy import delete, event, insert

from hyperpanel.db.schema import feeds, holds, panels, pauses, plans, set_aside
from hyperpanel.support import roles
from hyperpanel.web import dashboard_grids, dashboard_needs
from tests.support.aside_rows import hold, put, record
from tests.support.customers import customer, payment, ticket
from tests.support.staged import NOON, feed, order, plan
from tests.support.tallied import keep

CALM = "Nothing needs you now."
READ = '{"code": "auth", "details": {"panel": "eu-1"}}'


async def settle(staged) -> None:
    """The panel that was never read is read too, with all its past."""
    await staged.change(plans, {"as_of": NOON - timedelta(seconds=20)})
    await staged.change(plans, {"cursor": '{"done":true}'}, plan="backfill")


async def all_streams(staged) -> None:
    """Of every panel that is read."""
    async with staged.database.write() as connection:
        for name, panel_id in (("eu-1", 1), ("us-2", 2)):
            for stream in ("tickets", "users", "payments"):
                await connection.execute(insert(feeds).values(**feed(name, panel_id, stream, NOON)))
                for one in ("head", "refresh"):
                    await connection.execute(insert(plans).values(**plan(name, panel_id, stream, one, NOON)))


def cells(page: str, row: str) -> list[str]:
    """What stands in a line of a table."""
    [line] = re.findall(rf'<tr id="{re.escape(row)}".*?</tr>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<td.*?</td>", line, re.DOTALL)]


def links(page: str) -> set[str]:
    return {unescape(href) for href in re.findall(r'href="([^"]+)"', page)}


def need(page: str, name: str) -> str:
    [line] = re.findall(rf'<li id="need-{name}">.*?</li>', page, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", line)).split())


async def test_index_is_where_a_signed_in_person_begins(staged, ana):
    page = (await ana.get("/")).text
    assert "<h1>Dashboard</h1>" in page
    assert (await staged.browser().get("/")).headers["location"] == "/sign-in?next=%2F"


async def test_index_answers_htmx_with_the_board_alone(ana):
    assert (await ana.part("/", "board")).text.strip().startswith('<div id="board"')


async def test_index_asks_as_much_for_many_rows_as_for_few(staged, ana):
    seen: list[str] = []
    event.listen(staged.database.reading, "before_cursor_execute", lambda *args: seen.append(args[2]))

    async def queries() -> int:
        seen.clear()
        await ana.get("/")
        return len(seen)

    await keep(staged, "orders", order("1", status="fail"))
    few = await queries()
    more = [order(str(n), ("eu-1", "us-2")[n % 2], status=f"s{n % 9}") for n in range(100, 200)]
    await keep(staged, "orders", *more)
    assert await queries() == few


async def test_every_figure_of_the_matrix_opens_its_rows(staged, ana):
    rows = [
        order("1"),
        order("2", status="fail"),
        order("3", "us-2"),
        order("4", "us-2"),
        order("5", status="on_the_moon"),
    ]
    await keep(staged, "orders", *rows, {**order("6"), "gone_at": NOON})
    page = (await ana.get("/")).text
    pending, fail, moon, total = 0, 9, 10, 11
    assert [cells(page, f"matrix-{name}")[pending] for name in ("eu-1", "us-2", "all")] == ["1", "2", "3"]
    assert [cells(page, "matrix-eu-1")[place] for place in (fail, moon, total)] == ["1", "1", "3"]
    assert "On the moon" in page
    assert links(page) >= {
        "/orders?panel=us-2&status=pending",
        "/orders?panel=eu-1&status=on_the_moon",
        "/orders?status=pending",
        "/orders?panel=us-2",
    }
    assert (await ana.get("/orders?panel=us-2&status=pending")).text.count('<tr id="o-') == 2


async def test_a_panel_that_was_never_read_has_no_figures(staged, ana):
    await keep(staged, "orders", order("1"))
    page = (await ana.get("/")).text
    assert set(cells(page, "matrix-dark")) == {"–"}
    assert set(cells(page, "matrix-us-2")) == {"0"}
    assert "2 of 3 panels on time" in page
    assert "dark has not been read yet." in page


async def test_currencies_are_never_added_together(staged, ana):
    await all_streams(staged)
    await keep(
        staged,
        "payments",
        payment("1"),
        payment("2", amount=50_000, amount_currency="IRT"),
        payment("3", status="fail"),
    )
    await keep(staged, "users", customer("7"), customer("8", balance=-40_000_000))
    await keep(staged, "orders", order("1"), order("2", "us-2"))
    page = (await ana.get("/")).text
    assert cells(page, "panels-all") == [
        "2", "0.06 USD", "0", "0", "2", "0.60 USD", "3", "5 IRT 10.00 USD",
    ]  # fmt: skip
    assert "/payments?status=completed" in links(page)


async def test_a_sum_is_written_to_the_decimals_of_its_currency(staged, ana):
    await keep(staged, "orders", order("1", charge=1_234_567), order("2", charge=-5))
    page = (await ana.get("/")).text
    assert ">0.01\u00a0USD<" in page
    assert 'title="0.01234562\u00a0USD"' in page


async def test_what_came_today_depends_on_where_the_person_is(staged, ana):
    await keep(
        staged, "orders", order("1", created_at=NOON.replace(hour=0)), order("2", created_at=NOON.replace(hour=10))
    )
    assert "2 today" in (await ana.get("/")).text
    await ana.post("/preferences", data={"time_zone": "America/New_York"})
    assert "1 today" in (await ana.get("/")).text


async def test_what_waits_is_told_with_the_oldest_and_where_it_is_done(staged, ana):
    await settle(staged)
    await all_streams(staged)
    old = NOON - timedelta(days=3)
    await keep(staged, "orders", order("1", status="fail"), order("2", status="error", created_at=old))
    await keep(staged, "tickets", ticket("1", last_update_at=NOON - timedelta(hours=5)), ticket("2", status="closed"))
    await put(staged, holds, hold())
    await put(staged, set_aside, record("9"), record("8", dismissed_at=NOON, dismissed_by="ana"))
    page = (await ana.get("/")).text
    assert need(page, "failed") == "Failed 2 orders oldest 3 d Show the orders"
    assert need(page, "unanswered").startswith("Unanswered 1 ticket oldest 5 h")
    assert need(page, "decisions").startswith("To decide 1 decision oldest 2 h")
    assert need(page, "aside").startswith("Set aside 1 record oldest 0 s")
    assert links(page) >= {
        "/orders?status=fail&status=error&sort=created",
        "/tickets?status=pending&status=open",
        "/settings/set-aside",
    }
    assert CALM not in page


async def test_panels_that_are_not_read_in_time_need_somebody(staged, ana, ben):
    await staged.change(plans, {"as_of": NOON - timedelta(hours=1)}, panel_id=2, stream="orders")
    pause = {"panel_id": 1, "id": "p", "stream": None, "by": "engine", "why": "", "trouble": READ}
    await put(staged, pauses, {**pause, "at": NOON - timedelta(minutes=9)})
    page = (await ana.get("/")).text
    assert need(page, "never") == "Never read 1 panel oldest 0 s dark See why"
    assert need(page, "late") == "Late 1 panel oldest 1 h us-2 See why"
    assert need(page, "key") == "Key refused 1 panel oldest 9 min eu-1 Enter the key"
    assert links(page) >= {"/settings/panels/eu-1", "/settings/sync?panel=us-2"}
    theirs = (await ben.get("/")).text
    assert need(theirs, "key").endswith("eu-1 See why")
    assert "us-2" not in theirs


async def test_it_is_calm_when_nothing_waits_and_all_is_on_time(staged, ana, ben):
    assert CALM in (await ben.get("/")).text
    assert CALM not in (await ana.get("/")).text
    await settle(staged)
    page = (await ana.get("/")).text
    assert CALM in page
    assert "3 of 3 panels on time" in page


async def test_it_is_not_calm_while_the_past_is_still_being_read(staged, ana):
    await settle(staged)
    await staged.change(plans, {"cursor": "{}"}, plan="backfill", panel_id=1)
    assert CALM not in (await ana.get("/")).text


async def test_it_is_not_calm_where_nothing_is_read_at_all(staged, ana):
    async with staged.database.write() as connection:
        await connection.execute(delete(plans))
        await connection.execute(delete(feeds))
    assert CALM not in (await ana.get("/")).text


async def test_a_catalogue_without_a_key_is_nobodys_trouble(staged, ben):
    pause = {"panel_id": 1, "id": "p", "stream": "services", "by": "engine", "why": "", "at": NOON}
    await put(staged, pauses, {**pause, "trouble": '{"code": "no_services_key", "details": {"panel": "eu-1"}}'})
    assert CALM in (await ben.get("/")).text


async def test_stale_data_is_never_called_calm(staged, ben, monkeypatch):
    """Even for somebody who could not see why."""
    await staged.change(plans, {"as_of": NOON - timedelta(hours=1)}, panel_id=1)
    monkeypatch.setitem(roles.ROLES, "support", roles.READING - {"sync:read"})
    page = (await ben.get("/")).text
    assert "not all data is on time" in page
    assert CALM not in page


async def test_a_person_sees_what_their_role_shows(staged, ben, monkeypatch):
    await put(staged, holds, hold())
    await keep(staged, "orders", order("1", status="fail"))
    assert 'id="need-decisions"' not in (await ben.get("/")).text
    monkeypatch.setitem(roles.ROLES, "support", frozenset({"self"}))
    page = (await ben.get("/")).text
    assert not {href for href in links(page) if href.startswith(("/orders", "/users", "/tickets"))}
    assert 'id="need-failed"' not in page
    assert "data-live" not in page


async def test_whoever_may_see_one_panel_counts_that_one_alone(staged, ben):
    await keep(staged, "orders", order("1"), order("2", "us-2"), order("3", "us-2", status="moved"))
    page = (await ben.get("/")).text
    assert cells(page, "matrix-eu-1")[-1] == "1"
    assert all(hidden not in page for hidden in ("us-2", "-dark", "Moved", "matrix-all"))


async def test_the_chosen_panels_are_counted_and_stay_in_the_links(staged, ana):
    await keep(staged, "orders", order("1"), order("2", "us-2"))
    page = (await ana.get("/?panel=eu-1&panel=us-2")).text
    assert cells(page, "matrix-all")[-1] == "2"
    assert "/orders?panel=eu-1&panel=us-2&status=pending" in links(page)
    assert 'id="matrix-dark"' not in page


async def test_whoever_has_no_panel_is_told_what_to_do(staged):
    nia = await staged.signed_in("nia")
    assert "No panel is open to you yet." in (await nia.get("/")).text


async def test_groups_stand_under_their_sums_and_open(staged, ana, monkeypatch):
    await staged.change(panels, {"group_name": "Europe"}, name="eu-1")
    await keep(staged, "orders", order("1"), order("2", "us-2"))
    assert cells((await ana.get("/")).text, "matrix-0")[0] == "1"
    monkeypatch.setattr(dashboard_grids, "OPEN_AT_FIRST", 2)
    closed = (await ana.get("/")).text
    assert 'id="matrix-eu-1"' not in closed
    assert links(closed) >= {
        "/orders?group=Europe&status=pending",
        "/orders?panel=dark&panel=us-2&status=pending",
        "/?open=Europe",
    }
    assert 'id="matrix-eu-1"' in (await ana.get("/?open=Europe")).text


async def test_a_long_fleet_is_shown_in_part_until_asked(staged, ana, monkeypatch):
    monkeypatch.setattr(dashboard_grids, "MOST_LINES", 2)
    monkeypatch.setattr(dashboard_needs, "STRIP", 2)
    page = (await ana.get("/")).text
    assert 'id="matrix-us-2"' not in page
    assert "Show all 3 panels" in page
    assert "2 more" in page
    assert 'id="matrix-us-2"' in (await ana.get("/?open=*")).text


async def test_a_panel_that_is_being_removed_is_not_counted(staged, ana):
    await keep(staged, "orders", order("1"), order("2", "us-2"))
    pause = {"panel_id": 2, "id": "removal", "stream": None, "by": "ana", "why": "", "at": NOON}
    await put(staged, pauses, {**pause, "trouble": '{"code": "removing", "details": {"panel": "us-2"}}'})
    page = (await ana.get("/")).text
    assert cells(page, "matrix-all")[-1] == "1"
    assert 'id="matrix-us-2"' not in page
