"""The Payments page: what it shows, what it marks, its filters, and the payment beside it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from hyperpanel.db.schema import feeds, payments, plans, users
from tests.support.staged import NOON, mirrored

ROW = re.compile(r'<tr id="p-([\w-]+)"')
HOUR = timedelta(hours=1)


def payment(id: str = "1", panel: str = "eu-1", **changes):
    return mirrored("payments", id, panel, **{"created_at": NOON - HOUR, **changes})


def ids(answer) -> list[str]:
    return [found.rpartition("-")[2] for found in ROW.findall(answer.text)]


def line(answer, id: str = "1") -> str:
    return " ".join(re.split(r"<tr |</tr>", answer.text.partition(f'id="p-eu-1-{id}"')[2])[0].split())


async def read_at(staged, ago: timedelta):
    """The feed of payments of eu-1, read so long ago."""
    at = NOON - ago
    await staged.keep({"panel_id": 1, "stream": "payments", "fetched_at": at, "cached": 1}, table=feeds)
    some = [
        {"panel_id": 1, "stream": "payments", "plan": plan, "cursor": "{}", "due_at": NOON, "as_of": at}
        for plan in ("head", "refresh")
    ]
    await staged.keep(*some, table=plans)


async def test_index_shows_the_newest_first(staged, ana):
    await staged.keep(
        payment("1"), payment("2", "us-2", created_at=NOON), payment("3", created_at=None), table=payments
    )
    assert ids(await ana.get("/payments")) == ["2", "1", "3"]


async def test_index_answers_htmx_with_the_rows_alone(staged, ana):
    await staged.keep(payment(), table=payments)
    part = (await ana.part("/payments", "rows")).text.strip()
    assert part.startswith('<div id="rows"')


async def test_index_issues_as_many_queries_for_100_rows_as_for_one(staged, ana):
    async def queries() -> int:
        seen: list[str] = []

        def note(*args: object) -> None:
            seen.append(str(args[2]))

        event.listen(staged.database.reading, "before_cursor_execute", note)
        await ana.get("/payments")
        event.remove(staged.database.reading, "before_cursor_execute", note)
        return len(seen)

    await staged.keep(payment(), table=payments)
    one = await queries()
    await staged.keep(*(payment(str(n), user=f"user-{n}") for n in range(10, 110)), table=payments)
    assert await queries() <= one + 1


FILTERS = {
    "number=2+%239999": ["2"],
    "user=KADIR": ["3", "1"],
    "status=hold&status=fail": ["2"],
    "method=papara": ["2"],
    "memo=TX%DB%B7": ["2"],
    "mode=manual": ["2"],
    "created_from=2026-03-01+11:30": ["3"],
    "panel=us-2": ["2"],
    "sort=-amount": ["3", "1", "2"],
    "sort=amount": ["2", "1", "3"],
}


@pytest.mark.parametrize(("query", "expected"), FILTERS.items(), ids=FILTERS)
async def test_a_filter_keeps_what_it_says(staged, ana, query, expected):
    other = {"user": "ayşe", "status": "hold", "mode": "manual", "method": " Papara", "memo": "tx7"}
    await staged.keep(mirrored("users", "7", username="kadir"), table=users)
    await staged.keep(
        payment("1", created_at=NOON - 2 * HOUR),
        payment("2", "us-2", amount=9, amount_currency="EUR", **other),
        payment("3", created_at=NOON, amount=2_000_000_000),
        table=payments,
    )
    assert ids(await ana.get(f"/payments?{query}")) == expected


async def test_what_nobody_paid_is_marked_and_summed_apart(staged, ana):
    await staged.keep(
        payment("1"),
        payment("2", amount=500_000_000, amount_currency="EUR"),
        payment("3", amount=300_000_000, method="Manual", mode=None),
        payment("4", amount=200_000_000, method="Bonus"),
        payment("5", method="USDT +5% BONUS"),
        payment("6", status="fail"),
        table=payments,
    )
    answer = await ana.get("/payments")
    assert "By hand" in line(answer, "3")
    assert "Bonus" in line(answer, "4")
    assert 'class="tag' not in line(answer, "1") + line(answer, "5")
    told = " ".join(re.sub(r"<[^>]+>", " ", answer.text.partition('class="sums"')[2].partition("<nav")[0]).split())
    assert "Paid on this page: 5.00 EUR , 20.00 USD By hand: 3.00 USD Bonuses: 2.00 USD" in told


RISKS = {
    "highest": ("bad", "Highest"),
    "Elevated": ("warn", "Elevated"),
    "normal": ("quiet", "Normal"),
    "High (87)": ("bad", "High (87)"),
    "0.35": ("unknown", "0.35"),
}


@pytest.mark.parametrize(("risk", "told"), RISKS.items(), ids=RISKS)
async def test_a_risk_has_a_word_and_a_shape(staged, ana, risk, told):
    await staged.keep(payment(fraud_risk=risk), table=payments)
    assert f'<span class="status status-{told[0]}">{told[1]}</span>' in line(await ana.get("/payments"))


async def test_a_status_that_nobody_knows_can_be_chosen(staged, ana):
    await staged.keep(payment(status="on_the_moon"), table=payments)
    page = (await ana.get("/payments")).text
    assert "On the moon" in page
    assert 'value="on_the_moon"' in page


EMPTY = {
    "/payments": ("No payments have been read yet.", "/settings/sync"),
    "/payments?memo=x&panel=eu-1": ("No payment matches these filters.", "/payments?panel=eu-1"),
    "/payments?created_from=soon": ("Correct the marked filter", ""),
}


@pytest.mark.parametrize(("path", "told"), EMPTY.items(), ids=EMPTY)
async def test_an_empty_list_says_what_to_do(ana, path, told):
    page = (await ana.get(path)).text
    assert told[0] in page
    assert f'href="{told[1]}"' in page or not told[1]


async def test_whoever_has_no_panel_is_told_so(staged):
    nia = await staged.signed_in("nia")
    assert "No panel is open to you yet." in (await nia.get("/payments")).text


async def test_whoever_may_see_one_panel_sees_no_trace_of_the_others(staged, ben):
    await staged.keep(payment("1"), payment("2", "us-2", user="secret-user"), table=payments)
    page = (await ben.get("/payments")).text
    assert "secret-user" not in page
    assert "1–1 of 1" in page
    assert (await ben.get("/payments/us-2/2")).status_code == 404


async def test_a_list_says_how_old_it_is_and_why(staged, ana):
    await staged.keep(payment(), table=payments)
    await read_at(staged, timedelta(hours=3))
    assert "eu-1 has not been read in time." in (await ana.get("/payments?panel=eu-1")).text


async def test_show_tells_everything_and_where_to_go_on(staged, ana):
    await staged.keep(mirrored("users", "7", username="kadir"), table=users)
    await staged.keep(
        payment(memo="<b>EFT</b>", balance=5_000_000, balance_currency="USD", method="Manual"), table=payments
    )
    page = (await ana.get("/payments/eu-1/1")).text
    assert all(fact in page for fact in ("10.00\u00a0USD", "0.05\u00a0USD", "By hand", "&lt;b&gt;EFT", 'data-copy="1"'))
    assert 'href="/users/eu-1/7"' in page
    assert "created_from=2026-02-28+11%3A00&amp;created_to=2026-03-02+11%3A00" in page


async def test_show_answers_htmx_with_the_drawer_alone(staged, ana):
    await staged.keep(payment(), table=payments)
    assert (await ana.part("/payments/eu-1/1", "drawer")).text.strip().startswith('<aside id="drawer"')


async def test_show_is_as_old_as_the_last_proof_of_it(staged, ana):
    seen = {"first_seen_at": NOON - timedelta(days=1), "seen_at": NOON - timedelta(days=1)}
    await staged.keep(payment("1") | seen, payment("2", status="hold") | seen, table=payments)
    await read_at(staged, timedelta(seconds=20))
    assert "24 h</time>" in (await ana.part("/payments/eu-1/1", "drawer")).text
    assert "20 s</time>" in (await ana.part("/payments/eu-1/2", "drawer")).text
