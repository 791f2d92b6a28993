"""`report service-health`: the same rows as the function that the page shows, with how old they are, for people and for scripts."""

import asyncio
import json
import re
from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from hyperpanel.clock import SystemClock
from hyperpanel.db import snoozes
from hyperpanel.db.schema import orders, plans, service_speeds
from hyperpanel.db.schema import profiles as profiles_table
from hyperpanel.db.scope import Scope
from hyperpanel.support import profiles, service_tracking, snoozing
from hyperpanel.support.service_tracking import Asked
from reports.windows import of_hours
from tests.support.staged import cast, order, stage

pytestmark = pytest.mark.loopback
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REPORT = ("report", "service-health")


def rows(now):
    """Of service 170 six stuck and four finished, one of them late; of 171 thirteen stuck and none finished, on another panel."""
    late = {"status": "completed", "finished_from": now - HOUR, "finished_at": now - HOUR, "remains": 0}
    waits = [order(f"a{n}", created_at=now - 30 * HOUR) for n in range(6)]
    ended = [order(f"b{n}", created_at=now - (1 + 9 * (n == 0)) * DAY, **late) for n in range(4)]
    stalled = [order(f"c{n}", panel="us-2", created_at=now - 2 * DAY, service_id="171") for n in range(13)]
    return [*waits, *ended, *stalled]


@pytest.fixture
def told(home, opened):
    """Of panels eu-1 (on time), us-2 (late) and dark (never read)."""
    now = SystemClock().now()

    async def fill():
        async with opened() as database:
            await cast(database, now - 3 * DAY)
            async with database.write() as connection:
                some = rows(now)
                names = {name for row in some for name in row}
                await connection.execute(insert(orders), [dict.fromkeys(names) | row for row in some])
                speed = {"panel_id": 1, "service_id": "170", "per_day": 25, "name": "", "by": "ana", "at": now}
                await connection.execute(insert(service_speeds), speed)
                await connection.execute(update(plans).where(plans.c.panel_id == 1).values(as_of=now))

    asyncio.run(fill())
    return now


def in_database(opened, work):
    async def done():
        async with opened() as database:
            return await work(database)

    return asyncio.run(done())


def test_its_rows_are_those_that_the_page_is_made_of(home, told, opened):
    answer = home.told(*REPORT)
    window = of_hours(24, told)

    async def made(database):
        frame = await database.reader.ask(service_tracking.made, Asked(Scope(frozenset({1, 2, 3})), window))
        return service_tracking.rows(frame)

    first, second = in_database(opened, made)
    assert [(one["service"], one["raw_score"], one["band"]) for one in answer["rows"]] == [
        (one.service_id, one.score, one.band) for one in (first, second)
    ]
    assert (second.score, second.stuck, second.slow, second.rated, second.finished) == (45, 6, 1, 4, 4)
    for name in ("stuck", "slow", "rated", "finished", "unobserved"):
        assert [one[name] for one in answer["rows"]] == [asdict(one)[name] for one in (first, second)]


def shown(page):
    """Of each row of the page: service, score, stuck, slow %, rated, finished."""
    for row in re.findall(r'<tr id="s-.*?</tr>', page, re.DOTALL):
        score = re.search(r'class="score-figure" dir="ltr">([^<]*)', row)
        figures = [
            " ".join(re.sub(r"<[^>]+>", " ", one).split())
            for one in re.findall(r'<td class="c-\w+ num".*?</td>', row, re.DOTALL)
        ]
        named = re.search(r'data-id="([^"]*)', row)
        assert named
        assert score
        yield named[1], score[1], *figures


def test_the_page_shows_the_same_figures(home, told):
    async def read():
        async with stage("sqlite:///hyperpanel.db", is_cast=True) as staged:
            staged.clock.time = told
            ana = await staged.signed_in("ana")
            return (await ana.get("/tracking/services")).text

    page = sorted(shown(asyncio.run(read())))
    command = [
        (
            one["service"],
            f"{one['score']:g}",
            str(one["stuck"]),
            (f"{100 * one['slow'] / one['rated']:g} %" if one["rated"] else "–") + f" ({one['rated']})",
            str(one["finished"]),
        )
        for one in home.told(*REPORT)["rows"]
    ]
    assert page == sorted(command)


def test_a_score_comes_with_its_terms_its_sizes_and_its_age(home, told):
    answer = home.told(*REPORT, "--panel", "eu-1")
    [row] = answer["rows"]
    assert row["terms"] == {"whole": 100, "stuck": -30, "slow": -25.0}
    assert sum(row["terms"].values()) == row["raw_score"] == row["score"] == 45
    assert (row["speed_per_day"], row["speed_from"], row["snoozed"]) == (25, "set", None)
    assert answer["measure"] == {"stuck_after_hours": 12, "slow_multiplier": 2, "min_orders": 5}
    assert (answer["panels_on_time"], answer["panels_in_all"]) == (1, 1)
    assert answer["as_of"] == told.isoformat()


def test_totals_say_of_how_many_panels(home, told):
    answer = home.told(*REPORT)
    assert (answer["panels_on_time"], answer["panels_in_all"]) == (1, 3)
    assert {one["panel"]: one["state"] for one in answer["panels"]} == {
        "dark": "never",
        "eu-1": "on_time",
        "us-2": "late",
    }
    assert answer["totals"] == {"critical": 0, "stalled": 1, "warning": 1, "healthy": 0, "few": 0, "snoozed": 0}


def test_people_read_a_table_that_names_what_is_late(home, told):
    head, ages, titles, stalled, warning, totals = home.done(*REPORT).splitlines()
    assert head.startswith("Service health, ")
    assert head.endswith("Stuck after 12 hours, slow beyond 2 times the promised time.")
    assert "; 1 of 3 panels on time: dark never read, us-2 late (data as of " in ages
    assert titles.split()[:3] == ["score", "band", "service"]
    assert "stalled, late" in stalled
    assert warning.split()[:9] == ["45", "warning", "170", "eu-1", "6", "30", "h", "25", "4"]
    assert totals == "0 critical, 1 stalled, 1 warning, 0 healthy, 0 set apart; 0 of them snoozed."


def test_what_is_snoozed_says_by_whom(home, told, opened):
    async def put(database):
        frame = await database.reader.ask(service_tracking.made, Asked(Scope(frozenset({1})), of_hours(24, told)))
        [row] = service_tracking.rows(frame)
        async with database.write() as connection:
            await snoozes.put(connection, [snoozing.new(row, snoozing.Wish("ana", told, "worse", None, "known"))], told)

    in_database(opened, put)
    [row] = home.told(*REPORT, "--panel", "EU-1")["rows"]
    assert row["snoozed"] == {"by": "ana", "why": "known", "wakes": "worse", "until": None}
    assert "warning, snoozed" in home.done(*REPORT)


def test_a_profile_picks_services_limits_and_window(home, told, opened):
    settings = profiles.Services(picked=((2, "171"),), hours=6, stuck_after=72, min_orders=0)

    async def put(database):
        values = {"id": "a", "kind": "services", "name": "Slow ones", "folded": "slow ones", "created_by": "ana"}
        async with database.write() as connection:
            made = insert(profiles_table).values(**values, created_at=told, settings=profiles.written(settings))
            await connection.execute(made)

    in_database(opened, put)
    answer = home.told(*REPORT, "--profile", "slow ONES")
    assert (answer["profile"], answer["hours"], answer["rows"]) == ("Slow ones", 6, [])
    assert home.told(*REPORT, "--profile", "slow ones", "--hours", "2")["hours"] == 2


def test_as_of_a_past_moment(home, told):
    answer = home.told(*REPORT, "--at", (told - 20 * HOUR).isoformat())
    assert [(one["service"], one["stuck"], one["finished"]) for one in answer["rows"]] == [("171", 13, 0)]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--hours", "0"), "--hours must be more than 0 and at most 744."),
        (("--hours", "nan"), "--hours must be more than 0 and at most 744."),
        (("--at", "soon"), "--at 'soon' is no moment. Write it as 2026-01-31 or 2026-01-31T09:00."),
        (("--panel", "eu-9"), "There is no panel 'eu-9'. Panels: dark, eu-1, us-2."),
        (("--profile", "mine"), "There is no profile 'mine' for services. Profiles: none yet."),
    ],
)
def test_what_cannot_be_is_one_line(home, told, words, sentence):
    assert home.refused(*REPORT, *words) == f"Error: {sentence}\n"


def test_before_anything_was_read_is_one_line_too(home, told):
    at = (told - 20 * DAY).isoformat()
    assert "Nothing was read before" in home.refused(*REPORT, "--at", at)


def test_without_panels_it_tells_how_to_add_one(home):
    assert "panel add NAME" in home.refused(*REPORT)


def test_the_real_command_answers_with_a_reader_of_its_own(process, home, told):
    with process(*REPORT, "--json") as command:
        out, _ = command.process.communicate(timeout=60)
    assert json.loads(out)["totals"]["stalled"] == 1


def test_orders_that_name_no_service_are_counted_apart(home, told, opened):
    async def put(database):
        async with database.write() as connection:
            await connection.execute(update(orders).where(orders.c.panel_id == 2).values(service_id=None))

    in_database(opened, put)
    answer = home.told(*REPORT)
    assert ([one["service"] for one in answer["rows"]], answer["orders_without_service"]) == (["170"], 13)
