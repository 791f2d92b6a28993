"""Reported services: one report, a second one, resolving, reopening, and who may; with what stands of it beside the service."""

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from hyperpanel.db.schema import audit, panels, service_reports, services, staff
from tests.support.staged import HOST, NOON, mirrored, order

HERE = "/reported-services"
NEW = f"{HERE}/new"


def asked(target: str, page: str = HERE) -> dict[str, str]:
    """What htmx says of the element that an answer is for, and of the page that it stands on."""
    return {"HX-Request": "true", "HX-Target": target, "HX-Current-URL": f"http://{HOST}{page}", "host": HOST}


def report(id="a", service="170", panel_id=1, by="ben", hours=2, **changes):
    said = {"service_name": "Likes", "reason": "It does not start.", "by": by, "at": NOON - timedelta(hours=hours)}
    return {"panel_id": panel_id, "id": id, "service_id": service, **said, **changes}


def resolved(id="a", by="max", words=None, **changes):
    return report(id, resolved_at=NOON - timedelta(hours=1), resolved_by=by, resolution=words, **changes)


async def put(staged, *rows):
    usual = {"resolved_at": None, "resolved_by": None, "resolution": None}
    await staged.keep(*({**usual, **row} for row in rows), table=service_reports)


@pytest.fixture(autouse=True)
async def catalogue(staged):
    rows = [mirrored("services", "170", name="Likes"), mirrored("services", "171", "us-2", name="Views")]
    await staged.keep(*rows, table=services)


async def kept(staged):
    return await staged.rows(select(service_reports).order_by(service_reports.c.at).execution_options(scoped=True))


async def acts(staged):
    return [(row.actor, row.action, row.target, json.loads(row.details)) for row in await staged.rows(select(audit))]


def plain(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


async def listed(browser, query: str = "") -> str:
    answer = await browser.part(f"{HERE}?{query}", "rows")
    assert answer.status_code == 200
    return plain(answer.text)


async def sent(browser, **data):
    return await browser.post(NEW, data={"panel": "eu-1", "service": "170", "reason": "No start.", **data})


async def test_a_service_is_reported_and_stands_in_the_list(staged, ben):
    answer = await sent(ben, reason=" It does\r\nnot start. ")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}?done=reported")
    [found] = await kept(staged)
    assert (found.panel_id, found.service_id, found.service_name) == (1, "170", "Likes")
    assert (found.reason, found.by, found.at, found.resolved_at) == ("It does\nnot start.", "ben", NOON, None)
    assert await acts(staged) == [("ben", "service-report", "eu-1/170", {"why": "It does\nnot start."})]
    page = plain((await ben.get(f"{HERE}?done=reported")).text)
    assert "The service is reported." in page
    assert "170 Likes It does not start. ben Still open" in page


async def test_index_shows_what_is_open_and_the_rest_when_asked(staged, ana):
    await put(staged, report("a", reason="First"), resolved("b", words="Refilled.", hours=3), report("c", "171", 2))
    told = await listed(ana)
    assert "Still open 2 Resolved 1 All 3" in told
    assert "Refilled." not in told
    assert re.search(
        r"2 h us-2 171 Likes now Views .* ben Still open Resolve 2 h eu-1 170 Likes First ben Still open", told
    )
    assert "Resolved 1 h ago, max Refilled." in await listed(ana, "status=resolved")
    assert "Still open 2 Resolved 1 All 3" in await listed(ana, "status=all")
    assert "1 report" in await listed(ana, "panel=us-2")


@pytest.mark.parametrize(
    ("query", "found"),
    [("service=170", 2), ("service=۱۷۰", 2), ("by=max", 1), ("service=170&by=max", 1), ("service=999", 0)],
)
async def test_it_is_narrowed_by_service_and_by_who_reported(staged, ana, query, found):
    await put(staged, report("a"), report("b", by="max"), report("c", "171", 2))
    page = (await ana.get(f"{HERE}?{query}")).text
    assert page.count('<tr id="r-') == found
    assert ("No report matches these filters." in page) == (not found)


@pytest.mark.parametrize(
    ("query", "status"), [("service=no%20number", 422), ("status=odd", 422), ("after=x", 422), ("at=x", 422)]
)
async def test_what_no_page_leads_to_is_refused(staged, ana, query, status):
    assert (await ana.get(f"{HERE}?{query}")).status_code == status


async def test_pages_follow_each_other_without_a_row_twice(staged, ana):
    await put(staged, *(report(f"{n:03}", hours=n / 9) for n in range(150)))
    seen, path = [], f"{HERE}?by=ben"
    for _ in range(2):
        page = (await ana.get(path)).text
        seen += re.findall(r'<tr id="(r-[^"]+)"', page)
        path = unescape((re.search(r'href="([^"]+)"\s+rel="next"', page) or ["", ""])[1])
    assert (len(seen), len(set(seen)), path) == (150, 150, "")
    [back] = map(unescape, re.findall(r'href="([^"]+)"\s+rel="prev"', page))
    assert re.findall(r'<tr id="(r-[^"]+)"', (await ana.get(back)).text) == seen[:100]


async def test_an_empty_list_says_why(staged, ana):
    assert "Nobody has reported a service yet." in await listed(ana)
    assert "No report has been resolved yet." in await listed(ana, "status=resolved")
    await put(staged, resolved())
    assert "No service is reported now. See what was resolved" in await listed(ana)
    assert "No panel is open to you yet." in await listed(await staged.signed_in("nia"))


async def test_a_service_that_is_gone_stays_listed_under_both_names(staged, ana):
    await put(staged, report(service_name="Old <b>name</b>"))
    await staged.change(services, {"gone_at": NOON}, id="170")
    told = await listed(ana)
    assert "170 Old <b>name</b> now Likes no longer at the panel" in told
    page = (await ana.get(HERE)).text
    assert "Old <b>" not in page
    assert '<a href="/services/eu-1/170">' in page


async def test_show_has_the_whole_reason_and_other_reports_of_the_service(staged, ana):
    await put(staged, report("a", reason="Line one\nLine\u202etwo"), report("b", by="max", reason="Slow too"))
    page = (await ana.part(f"{HERE}/eu-1/a", "drawer")).text
    told = plain(page)
    assert "Line one Line⟨U+202E⟩two Reported by ben, 2 h ago" in told
    assert "Other open reports of this service Slow too max, 2 h ago" in told
    assert (await ana.get(f"{HERE}/eu-1/zz")).status_code == 404


async def test_new_is_filled_in_and_shows_what_is_reported_already(staged, ana):
    page = (await ana.get(f"{NEW}?panel=eu-1&service=170")).text
    assert '<option value="eu-1" selected>' in page
    assert ("Likes" in plain(page), "The service is reported" in plain(page)) == (True, False)
    await put(staged, report())
    page = (await ana.get(f"{NEW}?panel=eu-1&service=170")).text
    assert "The service is reported It does not start. ben, 2 h ago" in plain(page)
    assert "Report it too" in page
    assert 'name="seen" value="a"' in page
    assert (await ana.get(f"{NEW}?panel=zz-9")).status_code == 404


@pytest.mark.parametrize(
    ("data", "field", "told"),
    [
        ({"panel": ""}, "panel", "Choose a panel."),
        ({"panel": "us-2", "service": "171"}, "panel", "Choose a panel."),
        ({"service": ""}, "service", "A service is named by its number, such as 170."),
        ({"service": "999"}, "service", "eu-1 has no service 999, and no order names one."),
        ({"service": "<i>"}, "service", "eu-1 has no service &lt;i&gt;, and no order names one."),
        ({"reason": " \r\n "}, "reason", "Say what is wrong, in 1 to 1000 characters."),
        ({"reason": "x" * 1001}, "reason", "Say what is wrong, in 1 to 1000 characters."),
    ],
)
async def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(staged, ben, data, field, told):
    answer = await sent(ben, **{"reason": "Kept as it was", **data})
    assert answer.status_code == 422
    assert f'id="e-{field}">{told}' in answer.text
    if "reason" not in data:
        assert "Kept as it was</textarea>" in answer.text
    assert await kept(staged) == []


async def test_a_service_that_only_orders_name_can_be_reported(staged, ben):
    await staged.keep(order("7", service_id="444", service_name="Old likes"))
    assert (await sent(ben, service=" #٤٤٤ ")).status_code == 303
    [found] = await kept(staged)
    assert (found.service_id, found.service_name) == ("444", "Old likes")


async def test_of_a_reported_service_the_report_is_shown_before_another_is_added(staged, ben, ana):
    await put(staged, report(by="max", hours=2))
    answer = await sent(ben, reason="Mine")
    assert answer.status_code == 422
    assert "It is reported already." in answer.text
    assert "It does not start. max, 2 h ago" in plain(answer.text)
    assert "Mine</textarea>" in answer.text
    assert len(await kept(staged)) == 1
    [seen] = re.findall(r'name="seen" value="(\w+)"', answer.text)
    await put(staged, report("newer", by="ana", hours=1, reason="Meanwhile"))
    assert "Meanwhile" in (await sent(ben, reason="Mine", seen=seen)).text
    assert (await sent(ben, reason="Mine", seen="newer")).status_code == 303
    assert [row.reason for row in await kept(staged)] == ["It does not start.", "Meanwhile", "Mine"]


async def test_beside_a_list_the_report_itself_follows_and_from_its_own_page_the_list(staged, ben):
    data = {"panel": "eu-1", "service": "170", "reason": "No start."}
    answer = await ben.post(NEW, data=data, headers=asked("drawer", "/services"))
    assert (answer.status_code, answer.headers["hx-trigger"]) == (200, "reports")
    assert "The service is reported." in answer.text
    [found] = await kept(staged)
    answer = await ben.post(NEW, data={**data, "seen": found.id}, headers=asked("drawer", f"{NEW}?panel=eu-1"))
    assert (answer.text, answer.headers["hx-redirect"]) == ("", f"{HERE}?done=reported")


async def test_a_row_is_resolved_and_taken_back(staged, ana):
    await put(staged, report())
    page = (await ana.post(f"{HERE}/eu-1/a/resolve", headers=asked("rows"))).text
    assert "Resolved: 170 Likes" in page
    assert "No service is reported now." in page
    [undo] = map(unescape, re.findall(r'hx-post="([^"]+/reopen\?of=\d+)"', page))
    assert "Open again: 170 Likes" in (await ana.post(undo, headers=asked("rows"))).text
    [found] = await kept(staged)
    assert (found.resolved_at, found.resolved_by, found.resolution) == (None, None, None)
    before, after = {"status": "open"}, {"status": "resolved", "words": ""}
    assert await acts(staged) == [
        ("ana", "report-resolve", "eu-1/170", {"before": before, "after": after, "reported_by": "ben"}),
        ("ana", "report-reopen", "eu-1/170", {"before": {**after, "resolved_by": "ana"}, "after": before}),
    ]


async def test_words_tell_what_was_done(staged, ana):
    await put(staged, report())
    data = {"words": " The provider\nrefilled. "}
    page = (await ana.post(f"{HERE}/eu-1/a/resolve", data=data, headers=asked("drawer"))).text
    assert "The provider refilled. Resolved by ana, 0 s ago" in plain(page)
    assert "Open it again" in page
    long = await ana.post(f"{HERE}/eu-1/a/resolve", data={"words": "x" * 1001}, headers=asked("drawer"))
    assert (long.status_code, "Say it in at most 1000 characters." in long.text) == (422, True)


async def test_whoever_resolves_second_is_told_who_was_first(staged, ana):
    await put(staged, resolved(by="max", words="Done"))
    page = (await ana.post(f"{HERE}/eu-1/a/resolve", headers=asked("rows"))).text
    assert "max has resolved this already, 1 h ago." in page
    data = {"words": "I asked them"}
    page = (await ana.post(f"{HERE}/eu-1/a/resolve", data=data, headers=asked("drawer"))).text
    assert "max has resolved this already, 1 h ago." in page
    assert "What you were about to say: I asked them" in plain(page)
    [found] = await kept(staged)
    assert (found.resolved_by, found.resolution) == ("max", "Done")
    assert await acts(staged) == []


async def test_an_old_undo_leaves_a_later_resolution(staged, ana):
    await put(staged, resolved(by="max"))
    page = (await ana.post(f"{HERE}/eu-1/a/reopen?of=1", headers=asked("rows"))).text
    assert "It has changed meanwhile." in page
    assert (await kept(staged))[0].resolved_by == "max"


async def test_it_is_resolved_by_whoever_may_or_whoever_made_it(staged, ben):
    await put(staged, report("mine"), report("other", by="max"), resolved("old", by="max"))
    page = (await ben.get(HERE)).text
    assert [id for id in ("mine", "other") if f"{HERE}/eu-1/{id}/resolve" in page] == ["mine"]
    assert (await ben.post(f"{HERE}/eu-1/other/resolve")).status_code == 403
    assert "deed-line" not in (await ben.get(f"{HERE}/eu-1/other")).text
    assert (await ben.post(f"{HERE}/eu-1/mine/resolve")).headers["location"] == f"{HERE}/eu-1/mine"
    assert (await ben.post(f"{HERE}/eu-1/old/reopen")).status_code == 303
    assert [actor for actor, action, *_ in await acts(staged) if action == "refused"] == ["ben"]


async def test_a_viewer_sees_reports_and_is_offered_nothing(staged):
    await put(staged, report())
    vic = await staged.signed_in("vic")
    pages = [(await vic.get(path)).text for path in (HERE, f"{HERE}/eu-1/a", "/services", "/services/eu-1/170")]
    assert [plain(page).count("It does not start.") for page in pages] == [1, 1, 0, 1]
    assert [NEW in page or "/resolve" in page for page in pages] == [False] * 4
    assert (await vic.get(NEW)).status_code == 403


async def test_a_foreign_panel_s_reports_are_not_there(staged, ben):
    await put(staged, report("theirs", "171", 2, reason="Not for ben"))
    assert "Not for ben" not in (await ben.get(HERE)).text
    assert (await ben.get(f"{HERE}/us-2/theirs")).status_code == 404
    assert (await ben.post(f"{HERE}/us-2/theirs/resolve")).status_code == 404
    foreign, missing = await sent(ben, panel="us-2"), await sent(ben, panel="zz-9")
    assert plain(foreign.text) == plain(missing.text)


async def test_a_service_carries_its_mark_wherever_it_stands(staged, ana):
    waits: dict[str, Any] = {
        "status": "pending",
        "quantity": 100,
        "remains": 100,
        "created_at": NOON - timedelta(hours=30),
    }
    await staged.keep(order("7", service_id="170", service_name="Likes", **waits))
    assert "reported" not in plain((await ana.part("/services", "rows")).text)
    await put(staged, report("a"), resolved("b", hours=9))
    assert "Likes reported" in plain((await ana.part("/services", "rows")).text)
    await put(staged, report("c", by="max", reason="Slow too"))
    assert "Likes reported 2×" in plain((await ana.part("/services", "rows")).text)
    for path in ("/services/eu-1/170", "/tracking/services/eu-1/170", "/orders/eu-1/7"):
        told = plain((await ana.part(path, "drawer")).text)
        assert "The service is reported Slow too max, 2 h ago It does not start. ben, 2 h ago" in told
        assert "Report the service" in told
    rows = (await ana.part("/tracking/services", "rows")).text
    assert "reported 2×" in plain(rows)
    assert f'data-report="{NEW}?panel=eu-1&amp;service=170"' in rows
    assert "reported 2×" not in plain((await ana.part("/tracking/services?at=2026-03-01+11:59", "rows")).text)


async def test_a_removed_person_s_words_stay(staged, ana):
    await put(staged, report())
    await staged.change(staff, {"disabled_at": NOON}, username="ben")
    assert "ben" in await listed(ana)


async def test_a_panel_that_was_called_otherwise_is_called_as_now(staged, ana):
    await put(staged, report())
    await staged.change(panels, {"name": "eu-one", "folded": "eu-one"}, id=1)
    assert "eu-one 170 Likes" in await listed(ana)
