"""Settings → Panels: the list, what each role is offered there, and a first look at each of its pages."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import event, insert, select

from hyperpanel.db.schema import audit, feeds, leases, panels, pauses, plans
from tests.support.staged import NOON

HERE = "/settings/panels"


async def put(staged, table, **values) -> None:
    async with staged.database.write() as connection:
        await connection.execute(insert(table).values(**values))


async def pause(staged, panel_id=1, code=None, **changes) -> None:
    trouble = json.dumps({"code": code, "details": {"panel": "The panel"}}) if code else None
    values = {"panel_id": panel_id, "id": "p", "stream": None, "by": "engine", "why": "", "at": NOON}
    await put(staged, pauses, **{**values, "trouble": trouble, **changes})


async def group(staged, **groups: str) -> None:
    for name, where in groups.items():
        await staged.change(panels, {"group_name": where}, name=name.replace("_", "-"))


def line(page: str, panel_id: int) -> str:
    """A panel's row, in words."""
    row = page.split(f'id="panel-{panel_id}"')[1].split("</tr>", maxsplit=1)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


async def test_index_shows_how_every_panel_stands(staged, ana):
    await staged.change(feeds, {"cached": 26_000}, panel_id=1, stream="orders")
    page = (await ana.get(HERE)).text
    assert "eu-1 https://eu-1.example Perfect Panel On time" in line(page, 1)
    assert "26,000" in line(page, 1)
    assert "Never read" in line(page, 3)


async def test_index_answers_htmx_with_the_list_alone(ana):
    assert (await ana.part(HERE, "list")).text.strip().startswith('<div id="list"')


async def test_index_calls_a_refused_key_by_its_name_and_leads_to_the_field(staged, ana):
    await pause(staged, code="auth")
    page = (await ana.get(HERE)).text
    assert "Key refused" in line(page, 1)
    assert "eu-1 refuses the key." in line(page, 1)
    assert 'href="/settings/panels/eu-1#f-admin_key"' in page


async def test_index_leads_to_the_second_key_where_that_is_refused(staged, ana):
    await pause(staged, code="auth", stream="services")
    page = (await ana.get(HERE)).text
    assert "On time" in line(page, 1)
    assert 'href="/settings/panels/eu-1#f-services_key"' in page


async def test_index_says_who_paused_a_panel_when_and_why(staged, ana):
    await pause(staged, by="max", why="It moves.", at=NOON - timedelta(minutes=5))
    assert "Paused eu-1 was paused by max 5 min ago. It moves." in line((await ana.get(HERE)).text, 1)


async def test_index_shows_panels_under_their_groups_and_those_without_last(staged, ana):
    await group(staged, eu_1="Europe", dark="America")
    page = (await ana.get(HERE)).text
    assert re.findall(r'<th colspan="8"[^>]*>\s*(?:<bdi>)?([\w ]+)', page) == ["America", "Europe", "No group"]


async def test_index_without_groups_has_no_headings(ana):
    assert "No group" not in (await ana.get(HERE)).text


async def test_index_is_narrowed_to_a_group(staged, ana):
    await group(staged, eu_1="Europe", us_2="America")
    page = (await ana.get(f"{HERE}?group=europe")).text
    assert 'id="panel-1"' in page
    assert 'id="panel-2"' not in page


async def test_index_says_that_nobody_reads(staged, ana):
    assert "No worker is running" in (await ana.get(HERE)).text
    await put(
        staged, leases, name="worker:h", holder="h", fence=1, seen_at=NOON, expires_at=NOON + timedelta(seconds=9)
    )
    assert "No worker is running" not in (await ana.get(HERE)).text


async def test_index_tells_of_a_removal_and_offers_nothing_more(staged, ana):
    await pause(staged, code="removing", id="removal")
    page = (await ana.get(HERE)).text
    assert "Being removed" in line(page, 1)
    assert "data-leaving" in page.split('id="panel-1"')[1].split(">")[0]


async def test_index_offers_whoever_only_looks_no_way_to_change_anything(staged):
    page = (await (await staged.signed_in("max")).get(HERE)).text
    assert "eu-1" in page
    assert not re.search(r'method="post"(?! action="/(preferences|sign-out)")', page)
    assert f"{HERE}/new" not in page


@pytest.mark.parametrize("name", ["ben", "vic"])
async def test_index_is_not_for_those_without_the_right(staged, name):
    assert (await (await staged.signed_in(name)).get(HERE)).status_code == 403


async def test_index_without_a_panel_says_what_to_do_first(staged, ana):
    for table in (plans, feeds, panels.metadata.tables["budgets"], panels.metadata.tables["staff_panels"], panels):
        async with staged.database.write() as connection:
            await connection.execute(table.delete())
    page = (await ana.get(HERE)).text
    assert "No panel is attached yet." in page
    assert 'href="/settings/panels/new"' in page


async def test_index_issues_as_many_queries_for_three_panels_as_for_one(staged, ana):
    async def queries(path: str) -> int:
        seen: list[str] = []

        def note(*args: object) -> None:
            seen.append(str(args[2]))

        event.listen(staged.database.reading, "before_cursor_execute", note)
        await ana.get(path)
        event.remove(staged.database.reading, "before_cursor_execute", note)
        return len(seen)

    assert await queries(HERE) == await queries(f"{HERE}?panel=eu-1")


async def test_index_says_what_was_done_and_only_of_panels_that_are_there(ana):
    page = (await ana.get(f"{HERE}?done=saved&of=eu-1")).text
    assert "eu-1 was saved." in page
    assert "done=saved" not in page
    assert "evil" not in (await ana.get(f"{HERE}?done=saved&of=evil")).text


async def test_new_begins_with_what_most_panels_are(ana):
    page = (await ana.get(f"{HERE}/new")).text
    assert 'value="USD"' in page
    assert 'value="UTC"' in page
    assert 'value="4"' in page


async def test_edit_shows_everything_but_the_keys(ana):
    page = (await ana.get(f"{HERE}/eu-1")).text
    assert 'value="https://eu-1.example"' in page
    assert re.findall(r'type="password"[^>]*value=', page) == []


async def test_removal_names_what_goes(staged, ana):
    page = (await ana.get(f"{HERE}/eu-1/remove")).text
    assert "Type eu-1 to remove it" in page


async def test_upload_names_the_columns(ana):
    page = (await ana.get(f"{HERE}/add-many")).text
    assert '<code dir="ltr">admin_key</code>' in page


async def test_pausing_is_a_row_with_its_reason_and_a_line_in_the_audit(staged, ana):
    answer = await ana.post(f"{HERE}/eu-1/pause", data={"why": " It  moves. ", "next": f"{HERE}?group=x"})
    assert answer.headers["location"] == f"{HERE}?group=x&done=paused&of=eu-1"
    [row] = await staged.rows(select(pauses).execution_options(scoped=True))
    assert (row.stream, row.by, row.why) == (None, "ana", "It moves.")
    [told] = await staged.rows(select(audit))
    assert (told.action, told.target, json.loads(told.details)) == ("panel-pause", "eu-1", {"why": "It moves."})


async def test_pausing_leads_to_no_other_place(ana):
    answer = await ana.post(f"{HERE}/eu-1/pause", data={"next": "https://evil.example/settings/panels"})
    assert answer.headers["location"] == f"{HERE}?done=paused&of=eu-1"


async def test_resuming_ends_every_pause_and_reads_at_once(staged, ana):
    await pause(staged, by="max")
    await pause(staged, by="max", id="q", stream="orders")
    await ana.post(f"{HERE}/eu-1/resume")
    ended = await staged.rows(select(pauses.c.ended_by).execution_options(scoped=True))
    due = await staged.rows(select(plans.c.due_at).where(plans.c.panel_id == 1).execution_options(scoped=True))
    assert ({row.ended_by for row in ended}, {row.due_at for row in due}) == ({"ana"}, {NOON})


async def test_resuming_does_not_call_off_a_removal(staged, ana):
    await pause(staged, code="removing", id="removal")
    await ana.post(f"{HERE}/eu-1/resume")
    [row] = await staged.rows(select(pauses.c.ended_at).execution_options(scoped=True))
    assert row.ended_at is None


@pytest.mark.parametrize("deed", ["pause", "resume", "remove", "test"])
async def test_whoever_only_looks_can_do_nothing(staged, deed):
    assert (await (await staged.signed_in("max")).post(f"{HERE}/eu-1/{deed}")).status_code == 403
