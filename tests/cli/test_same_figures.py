"""Page, API and command give the same figures for every report, cell for cell: over what was read of simulated panels, two windows, with and
without a profile, all panels and one.
"""

import asyncio
import csv
import html
import io
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from hyperpanel.clock import SystemClock
from hyperpanel.db import staff
from hyperpanel.db.schema import panels as attached
from hyperpanel.db.schema import profiles as kept
from hyperpanel.support import profiles
from tests.support.calls import Scripts
from tests.support.staged import PASSWORD_HASH, stage

pytestmark = pytest.mark.loopback
AT = datetime.now(UTC).replace(second=0, microsecond=0)
CASES = {"two days of all": ("48", None, None), "a month of one by a profile": ("720", "Close", "eu-1")}
PROFILED = {"service-health", "users"}
TIMELESS = {"providers"}
PAGES = {
    "service-health": "/tracking/services",
    "users": "/tracking/users",
    "tickets-by-staff": "/tracking/tickets",
    "tickets-by-service": "/tracking/tickets/services",
    "margins": "/tracking/margins/file",
    "providers": "/tracking/providers",
}


@pytest.fixture
def read(home, panels, opened):
    """Two simulated panels, read to the end; ana, who may see everything; and a profile of each kind."""
    for panel in panels:
        home.attach(panel)
    home.done("sync", "--since", "40d")

    async def fill():
        close: dict[str, profiles.Services | profiles.Users] = {
            "services": profiles.Services(stuck_after=2, multiplier=1.5, min_orders=1),
            "users": profiles.Users(min_payments=1),
        }
        async with opened() as database, database.write() as connection:
            await connection.execute(attached.update().values(created_at=AT - timedelta(days=60)))
            await staff.add(connection, "ana", PASSWORD_HASH, "admin", None, AT)
            for kind, settings in close.items():
                values = {"id": kind, "kind": kind, "name": "Close", "folded": "close", "created_by": "ana"}
                await connection.execute(
                    kept.insert().values(**values, settings=profiles.written(settings), created_at=AT)
                )

    asyncio.run(fill())
    return home


async def others(name, case):
    """What the API answers, and the text of the page."""
    hours, profile, panel = case
    params = {"hours": hours} | ({"panel": panel} if panel else {})
    if name not in TIMELESS:
        params["at"] = f"{AT:%Y-%m-%d %H:%M}"
    async with stage("sqlite:///hyperpanel.db", is_cast=True) as staged:
        staged.clock.time = SystemClock().now()
        script = await Scripts(staged).script(panels=None, expires_at=staged.clock.time + timedelta(days=1))
        is_profiled = profile is not None and name in PROFILED
        api = await script.data(f"/reports/{name}", **params, **({"profile": profile} if is_profiled else {}))
        kind = "services" if name == "service-health" else "users"
        page = await (await staged.signed_in("ana")).get(
            PAGES[name], params=params | ({"profile": kind} if is_profiled else {})
        )
        assert page.status_code == 200
        return api, page.text


def command(home, name, case):
    hours, profile, panel = case
    words = ["report", name, "--hours", hours, *(["--panel", panel] if panel else [])]
    words += ["--profile", profile] if profile and name in PROFILED else []
    return home.told(*words, *([] if name in TIMELESS else ["--at", f"{AT:%Y-%m-%dT%H:%M}"]))


def plain(text):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def table(page, mark):
    """The rows of the page's table, each with its cells as text. Where there are no rows there is no table."""
    found = re.findall(rf"<table class=\"[^\"]*{mark}[^\"]*\".*?<tbody>(.*?)</tbody>", page, re.DOTALL)
    return [
        [plain(cell) for cell in re.findall(r"<t[hd]\b.*?</t[hd]>", row, re.DOTALL)]
        for body in found
        for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    ]


def numbers(text):
    """Those of a cell; signs that part thousands are none."""
    joined = re.sub(r"(?<=\d)[\s\u202f\u00a0,](?=\d{3})", "", text)
    return [Decimal(found) for found in re.findall(r"-?\d+(?:\.\d+)?", joined)]


def about(amount, cell):
    """Whether a cell shows this amount, to as many digits as it has."""
    shown = numbers(cell)[-1]
    return abs(Decimal(amount) - shown) <= Decimal(1).scaleb(int(shown.as_tuple().exponent))


def as_service_health(page, rows):
    """The page has further ones behind its tabs."""
    by_place = {f"s-{row['panel']}-{row['service']}": row for row in rows}
    found = re.findall(r'<tr id="([^"]*)"(.*?)</tr>', page, re.DOTALL)
    assert {row["service"] for row in rows if row["band"] in ("critical", "stalled")} <= {
        by_place[place]["service"] for place, _ in found
    }
    assert found
    for place, line in found:
        row = by_place[place]
        stuck, slow, finished = (
            plain(one) for one in re.findall(r'<td class="c-\w+ num".*?</td>', line, re.DOTALL)[:3]
        )
        told = (numbers(stuck)[0], numbers(slow)[-1], numbers(finished)[0])
        assert told == (row["stuck"], row["rated"], row["finished"]), (place, told, row)
        score = numbers("".join(re.findall(r'class="score-figure" dir="ltr">([^<]*)', line)))
        assert not score or about(row["score"], str(score[0])), (place, score, row)


def as_users(page, rows):
    lines = table(page, "tracked")
    assert len(lines) == len(rows)
    for cells, row in zip(lines, rows, strict=True):
        spend, net = cells[-4], cells[-3]
        assert (numbers(spend)[0], about(row["spend"]["amount"], spend)) == (row["spend"]["count"], True)
        assert about(row["net"], net), (cells, row)
        paid = cells[-5]
        assert not row["paid"]["count"] or about(row["paid"]["amount"], paid)


def as_staff(page, rows):
    lines = table(page, "")
    assert len(lines) == len(rows)
    for cells, row in zip(lines, rows, strict=True):
        assert cells[0] == row["staff"]
        told = [numbers(cells[at])[0] for at in (1, 2, 3, 5, 6)]
        assert told == [row["replies"], row["tickets"], round(row["length"]), row["quick"], row["repeated"]]
        assert about(row["score"], cells[7])


def as_tickets(page, rows):
    lines = table(page, "ticket-services-table")
    assert len(lines) == len(rows)
    for cells, row in zip(lines, rows, strict=True):
        tickets, orders, complaint = cells[-4], cells[-3], cells[-2]
        assert cells[0].split()[0] == row["service"]
        assert (numbers(tickets)[0], numbers(orders)[0]) == (row["tickets"], row["orders"])
        assert numbers(complaint)[-1] == row["complaint_tickets"]


def as_margins(page, rows):
    """The page's own file, in which every row stands."""
    lines = list(csv.DictReader(io.StringIO(page)))
    assert lines == [{name: "" if cell is None else str(cell) for name, cell in row.items()} for row in rows]
    assert rows


def as_providers(page, rows):
    lines = table(page, "")
    assert len(lines) == len(rows)
    for cells, row in zip(lines, rows, strict=True):
        assert cells[0] == row["provider"]
        assert numbers(cells[-4])[0] == row["services"]
        assert numbers(cells[-3])[0] == row["panels"]
        assert numbers(cells[2])[0] == row["stuck"]


SAME = {
    "service-health": as_service_health,
    "users": as_users,
    "tickets-by-staff": as_staff,
    "tickets-by-service": as_tickets,
    "margins": as_margins,
    "providers": as_providers,
}


@pytest.mark.timeout(300)
def test_page_api_and_command_give_the_same_figures(read):
    for name, same in SAME.items():
        counts = []
        for case in CASES.values():
            told = command(read, name, case)
            answered, page = asyncio.run(others(name, case))
            if name in TIMELESS:
                answered |= {"since": told["since"], "until": told["until"]}
            assert answered == told, name
            same(page, told["rows"])
            counts.append(len(told["rows"]))
        assert any(counts), name
