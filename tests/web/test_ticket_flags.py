"""Flagged replies: in their conversation, disputed with a reason and decided once, with a record; other people's are not there."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from hyperpanel.db.schema import audit, disputes, messages
from tests.support.conversations import filled, plain
from tests.support.staged import NOON
from tests.web.test_ticket_tracking import talk

HERE = "/tracking/tickets/replies"
FLAG = {"panel": "eu-1", "ticket": "255", "message": f"{1:032x}", "flag": "quick"}


@pytest.fixture
async def manager(staged):
    return await staged.signed_in("max")


@pytest.fixture
async def viewer(staged):
    return await staged.signed_in("vic")


@pytest.fixture
async def talked(staged):
    await filled(staged, messages=[*talk(), *talk("us-2", "zoe")])
    return staged


async def told(staged):
    [row] = await staged.rows(select(disputes).execution_options(scoped=True))
    return row


async def test_index_shows_each_reply_in_its_conversation(talked, manager):
    text = plain(await manager.get(f"{HERE}?name=ben"))
    assert "Where is order 100001?" in text
    assert "4 characters, 1 min after the customer" in text
    assert "the customer wrote 2 times before the next reply" in text
    assert "alert(1)" not in text.replace("&lt;script&gt;alert(1)", "alert(1)") or "<script>" not in text


async def test_index_explains_the_score_with_this_persons_numbers(talked, manager):
    text = plain(await manager.get(f"{HERE}?name=ben"))
    assert "Begins at 100 Quick fire 50 × 1 of 2 −25 Repeated 50 × 1 of 2 −25 Score 50" in text
    assert "2 replies, of which 2 have a response time" in text
    assert "One flag of “Quick fire” fewer: 25 points more." in text


async def test_index_shows_one_kind_of_flag_alone(talked, manager):
    assert "4 characters" in plain(await manager.get(f"{HERE}?name=ben&flag=repeated"))
    assert "No reply in this window is flagged." in plain(await manager.get(f"{HERE}?name=nobody"))


async def test_index_shows_nobody_elses_to_whoever_may_not_measure(talked, ben, viewer):
    assert "4 characters" in plain(await ben.get(f"{HERE}?name=zoe"))
    assert "zoe" not in plain(await ben.get(f"{HERE}?name=zoe"))
    assert "No reply in this window is flagged." in plain(await viewer.get(f"{HERE}?name=ben"))


async def test_whose_reply_it_is_may_dispute_it_with_a_reason(talked, ben):
    answer = await ben.post(
        f"{HERE}/dispute", data=FLAG | {"why": " It was\n answered above ", "back": f"{HERE}?name=ben"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}?name=ben")
    row = await told(talked)
    assert (row.by, row.staff, row.why, row.decision) == ("ben", "ben", "It was answered above", None)
    assert "disputed by ben" in plain(await ben.get(f"{HERE}?name=ben"))
    [act] = await talked.rows(select(audit).where(audit.c.action == "dispute"))
    assert (act.target, json.loads(act.details)["why"]) == (f"255/{1:032x}/quick", "It was answered above")


@pytest.mark.parametrize("why", ["", " \n ", "x" * 501])
async def test_a_dispute_without_a_reason_is_refused(talked, ben, why):
    assert (await ben.post(f"{HERE}/dispute", data=FLAG | {"why": why})).status_code == 422


async def test_a_second_dispute_and_a_second_decision_are_refused(talked, ben, manager):
    assert (await ben.post(f"{HERE}/dispute", data=FLAG | {"why": "no"})).status_code == 303
    assert (await manager.post(f"{HERE}/dispute", data=FLAG | {"why": "no"})).status_code == 409
    for status in (303, 409):
        answer = await manager.post(f"{HERE}/decide", data=FLAG | {"why": "true", "decision": "lifted"})
        assert answer.status_code == status


async def test_a_decision_is_shown_with_who_made_it_and_counts_no_more(talked, ben, manager):
    await ben.post(f"{HERE}/dispute", data=FLAG | {"why": "it was answered"})
    assert "1 disputed flag waits" in plain(await manager.get("/tracking/tickets"))
    assert "it was answered" in plain(await manager.get(f"{HERE}?flag=disputed"))
    await manager.post(f"{HERE}/decide", data=FLAG | {"why": "agreed", "decision": "lifted"})
    text = plain(await ben.get(f"{HERE}?name=ben"))
    assert "lifted by max" in text
    assert "Quick fire 50 × 0 of 2 −0" in text
    assert "0 (1 lifted) 1 75" in plain(await manager.get("/tracking/tickets"))
    assert "No disputed flag waits" in plain(await manager.get(f"{HERE}?flag=disputed"))


async def test_who_does_not_see_a_reply_cannot_dispute_it(talked, viewer, ben):
    assert (await viewer.post(f"{HERE}/dispute", data=FLAG | {"why": "no"})).status_code == 404
    foreign = FLAG | {"panel": "us-2", "why": "no"}
    assert (await ben.post(f"{HERE}/dispute", data=foreign)).status_code == 404


@pytest.mark.parametrize("change", [{"message": f"{0:032x}"}, {"message": "9"}, {"ticket": "9"}, {"panel": "zz"}])
async def test_only_a_reply_of_staff_can_be_disputed(talked, manager, change):
    assert (await manager.post(f"{HERE}/dispute", data=FLAG | change | {"why": "no"})).status_code == 404


@pytest.mark.parametrize("change", [{"flag": "slow"}, {"decision": "maybe"}, {"why": ""}])
async def test_strange_decisions_are_refused(talked, manager, change):
    await manager.post(f"{HERE}/dispute", data=FLAG | {"why": "no"})
    given = FLAG | {"why": "so", "decision": "stands"} | change
    assert (await manager.post(f"{HERE}/decide", data=given)).status_code == 422


async def test_support_does_not_decide(talked, ben):
    await ben.post(f"{HERE}/dispute", data=FLAG | {"why": "no"})
    assert (await ben.post(f"{HERE}/decide", data=FLAG | {"why": "so", "decision": "lifted"})).status_code == 403


async def test_without_a_name_everybodys_flags_are_there_and_what_is_disputed_stands_first(talked, ben, manager):
    before = plain(await manager.get(HERE))
    assert "4 characters" in before
    await ben.post(f"{HERE}/dispute", data=FLAG | {"why": "it was answered"})
    page = (await manager.get(HERE)).text
    cards = page.split('<article class="flag-card"')[1:]
    assert "it was answered" in cards[0]
    assert all("it was answered" not in one for one in cards[1:])


GOOD_REPLY = FLAG | {"message": f"{4:032x}"}


@pytest.mark.parametrize("change", [GOOD_REPLY, GOOD_REPLY | {"flag": "repeated"}])
async def test_a_flag_that_is_none_cannot_be_disputed(talked, manager, change):
    assert (await manager.post(f"{HERE}/dispute", data=FLAG | change | {"why": "no"})).status_code == 422
    assert await talked.rows(select(disputes).execution_options(scoped=True)) == []


@pytest.mark.parametrize(("staff", "by"), [("max", "max"), ("max", "ana"), ("ben", "max")])
async def test_nobody_decides_on_their_own_reply_or_dispute(staged, ana, manager, staff, by):
    await filled(staged, messages=talk("eu-1", staff))
    caller = {"max": manager, "ana": ana}
    assert (await caller[by].post(f"{HERE}/dispute", data=FLAG | {"why": "mine"})).status_code == 303
    given = FLAG | {"why": "mine", "decision": "lifted"}
    assert 'value="lifted"' not in (await manager.get(HERE)).text
    assert (await manager.post(f"{HERE}/decide", data=given)).status_code == 403
    assert (await told(staged)).decision is None


async def test_what_waits_is_listed_whatever_the_window_and_decided(staged, ben, manager):
    await filled(staged, messages=talk())
    for place in range(5):
        at = NOON - timedelta(days=40, minutes=-place)
        await staged.change(messages, {"created_at": at}, id=f"{place:032x}")
    assert (await ben.post(f"{HERE}/dispute", data=FLAG | {"why": "it was answered"})).status_code == 303
    text = plain(await manager.get(f"{HERE}?flag=disputed"))
    assert "it was answered" in text
    assert "4 characters, 1 min after the customer" in text
    assert "1 disputed flag waits" in text
    assert "No disputed flag waits" in plain(await manager.get(f"{HERE}?flag=disputed&name=zoe"))
    await staged.change(messages, {"gone_at": NOON}, ticket_id="255")
    page = await manager.get(f"{HERE}?flag=disputed&name=BEN")
    assert "it was answered" in plain(page)
    assert 'value="lifted"' in page.text
    given = FLAG | {"why": "agreed", "decision": "lifted"}
    assert (await manager.post(f"{HERE}/decide", data=given)).status_code == 303


async def test_all_that_waits_is_counted_and_paged(staged, manager):
    some = {"panel_id": 1, "message_id": "m", "flag": "quick", "staff": "ben", "by": "ana", "why": "w", "at": NOON}
    await staged.keep(*({**some, "ticket_id": str(n)} for n in range(250)), table=disputes)
    assert "250 disputed flags wait" in plain(await manager.get("/tracking/tickets"))
    page = (await manager.get(f"{HERE}?flag=disputed&skip=240")).text
    assert (page.count('<article class="flag-card"'), page.count('value="lifted"')) == (10, 10)
