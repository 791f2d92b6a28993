"""Reports on complaints on their pages: kept ones, what each found, and what may be done with them, by whom. A model is asked elsewhere."""

import csv
import io
import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from hyperpanel.db.schema import ai_report_services, ai_reports, audit, staff
from tests.support.ai_complaints import HERE, allowed, complained, looked, report
from tests.support.conversations import plain
from tests.support.staged import NOON

SHOW = f"{HERE}/show?report=the-report"


@pytest.fixture
async def manager(staged):
    return await staged.signed_in("max")


@pytest.fixture
async def kept(staged):
    await complained(staged)
    await staged.keep(report(tickets=15, covered=7), table=ai_reports)
    none = {
        "service_id": None,
        "name": "",
        "given": '["2570"]',
        "themes": "[]",
        "found": 0,
        "invented": 0,
        "tickets": 85,
    }
    await staged.keep(looked(), looked(1, "us-2", **none), table=ai_report_services)
    return staged


async def test_index_lists_reports_with_what_they_found(kept, manager):
    text = plain(await manager.get(HERE))
    assert "eu-1, us-2 Ready 2 of 2 15 2 max" in text
    assert "AI is not set up." in text


async def test_index_of_none_says_so_and_asks_nothing(staged, manager):
    page = await manager.get(HERE)
    assert "No report yet." in page.text
    assert "every 2s" not in page.text


async def test_index_looks_again_while_one_is_made(kept, manager):
    await kept.change(ai_reports, {"state": "running", "ended_at": None}, id="the-report")
    part = (await manager.part(HERE, "lines")).text
    assert 'hx-trigger="every 2s"' in part
    assert "/tracking/tickets/ai/stop" in part


async def test_show_tells_themes_with_our_counts_beside_the_rule(kept, manager):
    text = plain(await manager.get(SHOW))
    assert "Tickets opened 15 Given to the model 5 In a theme 2 Not in a theme 3 Themes 2" in text
    assert "7 Likes 7 eu-1 4 tickets Top complaint, by rule: Refill 3 3 invented numbers were left out." in text
    assert "Drops Likes are lost. 2 50 % 2550 Orders - Refill 2551 Orders - Refill" in text
    assert "Not in a theme 2 50 % 2552 Orders - Refill 2553 Orders - Cancel" in text
    assert "No order found us-2 85 tickets" in text
    assert "The model was given 1 of 85 tickets." in text
    assert "8 tickets are about services with fewer than 3 tickets, and were left out." in text
    assert "canned Built-in prompt" in text


async def test_show_opens_the_tickets_that_were_given_and_no_others(kept, manager):
    page = (await manager.get(SHOW)).text
    assert 'href="/tickets/eu-1/2550#newest"' in page
    assert "/tickets/eu-1/2570" not in page
    assert "no longer held" in page


HOSTILE = "<img src=x onerror=alert(1)>[a](https://evil.example)\u202e=1+1{{7*7}}"


async def test_show_shows_what_a_model_wrote_as_text_alone(kept, manager):
    themes = [{"title": HOSTILE, "detail": HOSTILE, "tickets": ["2550"]}]
    told = {"themes": json.dumps(themes), "model": HOSTILE, "name": HOSTILE, "complaint": HOSTILE}
    await kept.change(ai_report_services, told, place=0)
    page = (await manager.get(SHOW)).text
    assert "<img src=x" not in page
    assert 'href="https://evil.example' not in page
    assert "\u202e" not in page
    assert "{{7*7}}" in page
    lines = list(
        csv.reader(io.StringIO((await manager.get(f"{HERE}/file?report=the-report")).content.decode("utf-8-sig")))
    )
    assert lines[1][6] == HOSTILE


async def test_show_of_a_report_with_a_foreign_panel_is_missing(kept):
    await kept.change(staff, {"role": "manager"}, username="ben")
    ben = await kept.signed_in("ben")
    for place in (SHOW, f"{HERE}/file?report=the-report", f"{HERE}/show?report=none"):
        assert (await ben.get(place)).status_code == 404
    for act in ("stop", "delete", "go-on"):
        assert (await ben.post(f"{HERE}/{act}", data={"report": "the-report"})).status_code == 404
    assert "the-report" not in (await ben.get(HERE)).text
    assert "the-report" not in (await ben.get("/tracking/tickets/services")).text


async def test_a_file_has_a_line_for_each_theme_and_no_formula(kept, manager):
    await kept.change(ai_report_services, {"complaint": "=HYPERLINK(1)"}, place=0)
    answer = await manager.get(f"{HERE}/file?report=the-report")
    head, first, second = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    told = dict(zip(head, first, strict=True))
    assert (told["Theme title"], told["Tickets in the theme"], told["Ticket numbers"]) == ("Drops", "2", "2550, 2551")
    assert told["Top complaint"] == "'=HYPERLINK(1)"
    assert second[6] == "Ends"
    assert 'filename="themes-by-ai-' in answer.headers["content-disposition"]


async def test_the_services_page_leads_to_a_report_of_this_time(kept, manager, ben):
    assert f'href="{SHOW}"' in (await manager.get("/tracking/tickets/services")).text
    assert "Themes by AI" not in (await ben.get("/tracking/tickets/services")).text
    assert SHOW not in (await manager.get("/tracking/tickets/services?from=2026-01-01&to=2026-01-02")).text


async def test_only_its_person_goes_on_with_one(kept, manager, ana):
    await kept.change(ai_reports, {"state": "partly", "problem": "day_budget"}, id="the-report")
    assert "Continue" in (await manager.get(SHOW)).text
    assert "Continue" not in (await ana.get(SHOW)).text
    assert (await ana.post(f"{HERE}/go-on", data={"report": "the-report"})).status_code == 404


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        ("person_budget", "The AI budget of ana allowed no more on that day."),
        ("panel_budget", "The AI budget of a panel in it allowed no more on that day."),
        ("day_budget", "The overall AI budget allowed no more on that day."),
    ],
)
async def test_what_ended_a_report_is_told_as_it_was(kept, manager, problem, told):
    await kept.change(ai_reports, {"state": "partly", "problem": problem, "by": "ana"}, id="the-report")
    text = plain(await manager.get(SHOW))
    assert told in text
    assert "Today" not in text
    assert "Your AI budget" not in text


async def test_a_report_that_counted_no_tickets_says_nothing_of_services(staged, manager):
    await staged.keep(report(state="failed", problem="rights", tickets=None, covered=None), table=ai_reports)
    assert "No service had enough tickets." not in plain(await manager.get(SHOW))
    await staged.change(ai_reports, {"tickets": 2, "covered": 0}, id="the-report")
    assert "No service had enough tickets." in plain(await manager.get(SHOW))


async def test_a_report_of_ones_own_is_listed_behind_newer_ones(staged, manager):
    newer = [report(id=f"r{n}", panels="[1]", staff_id=1, at=NOON + timedelta(minutes=n)) for n in range(60)]
    await staged.keep(*newer, report(id="mine", panels="[1]"), table=ai_reports)
    assert "report=mine" in (await manager.get(HERE)).text


async def test_whoever_may_see_a_report_may_delete_it_and_that_is_written_down(kept, ana):
    answer = await ana.post(f"{HERE}/delete", data={"report": "the-report"})
    assert answer.headers["location"] == f"{HERE}?done=deleted"
    assert await kept.rows(select(ai_reports.c.id)) == []
    assert [row.action for row in await kept.rows(select(audit.c.action))] == ["ai-report-delete"]


async def test_two_at_once_are_enough_for_anybody(kept, manager):
    await kept.keep(*(report(id=f"r{n}", state="waiting", ended_at=None) for n in range(2)), table=ai_reports)
    await kept.change(ai_reports, {"state": "partly"}, id="the-report")
    await allowed(kept)
    answer = await manager.post(f"{HERE}/go-on", data={"report": "the-report"})
    assert answer.headers["location"].endswith("&done=full")
    assert "At most two reports" in (await manager.get(answer.headers["location"])).text


async def test_support_and_viewers_do_not_have_the_page(kept, ben):
    assert (await ben.get(HERE)).status_code == 403
    assert HERE not in (await ben.get("/tracking/tickets")).text
