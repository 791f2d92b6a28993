"""AI prompts: the list, the form, versions and what each changed, one in use, and deleted ones back within a day."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from hyperpanel.ai import prompts
from hyperpanel.db import ai_prompts, staff
from hyperpanel.db.schema import ai_prompt_versions, audit
from tests.support.staged import NOON, PASSWORD_HASH

HERE = "/settings/ai/prompts"
GOOD = {"purpose": "intent", "title": "Ours", "provider": "", "model": "", "system": "Be brief.", "body": ""}


@pytest.fixture
async def max_(staged):
    return await staged.signed_in("max")


async def write(browser, **changes):
    return await browser.post(f"{HERE}/new", data={**GOOD, **changes})


async def change(browser, id="1", seen="1", **changes):
    return await browser.post(f"{HERE}/edit", data={**GOOD, "prompt": id, "seen": seen, **changes})


async def used(staged, purpose="intent"):
    return await staged.database.read(lambda found: prompts.in_use(found, purpose))


async def acts(staged):
    asked = select(audit.c.action, audit.c.details).where(audit.c.action.like("ai-prompt%")).order_by(audit.c.id)
    return [(action, json.loads(details)) for action, details in await staged.rows(asked)]


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


TRIES = {"Try a text", "Try", "Try the one in use", "Cancel"}


def offered(page: str) -> set[str]:
    """What the buttons of a page are called."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return {plain(words) for _, words in re.findall(r'(?s)<(button|a)\s+class="btn[^>]*>(.*?)</\1>', main)}


def rows(page: str) -> list[str]:
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in body.split("<tr")[1:]]


async def test_index_and_all_acts_are_for_managers(staged):
    for name, allowed in (("ana", True), ("max", True), ("ben", False), ("vic", False)):
        browser = await staged.signed_in(name)
        for path in ("", "/new", "/show?purpose=intent"):
            assert (await browser.get(HERE + path)).status_code == (200 if allowed else 403)
        assert (await write(browser, title=name)).status_code == (303 if allowed else 403)
        assert (await browser.post(f"{HERE}/use", data={"purpose": "intent"})).status_code == (303 if allowed else 403)
    assert len(await staged.rows(select(ai_prompt_versions))) == 2


async def test_index_lists_the_built_in_ones_as_in_use_at_first(max_):
    found = rows((await max_.get(HERE)).text)
    assert len(found) == 4
    assert all("Built-in" in row and "In use" in row for row in found)
    assert "Main provider" in found[0]


async def test_index_lists_what_was_written_under_its_purpose(max_):
    await write(max_, provider="openai", model="m-1", system="Be <b>brief</b>.\nAlways.")
    row = rows((await max_.get(HERE)).text)[2]
    for told in ("Ours", "Intent", "OpenAI / m-1", "Be <b>brief</b>. Always.", "not scored", "Use", "max"):
        assert told in row
    assert "<b>brief" not in (await max_.get(HERE)).text


async def test_new_tells_all_that_is_wrong_and_keeps_what_was_typed(staged, max_):
    page = await write(max_, title="", body="{{texts}}", provider="acme", system="keep me")
    assert page.status_code == 422
    for told in ("1 to 80 characters", "Did you mean {{text}}?", "Choose one of the providers.", "keep me"):
        assert told in unescape(page.text)
    assert await staged.rows(select(ai_prompt_versions)) == []


async def test_new_refuses_a_title_that_is_taken(max_):
    await write(max_)
    page = await write(max_, title="ours")
    assert (page.status_code, "there already for the same purpose" in page.text) == (422, True)
    assert (await write(max_, title="ours", purpose="translate")).status_code == 303


async def test_new_can_begin_as_a_copy(max_):
    page = unescape((await max_.get(f"{HERE}/new?purpose=intent&of=built-in")).text)
    assert prompts.SYSTEMS["intent"] in page
    assert 'value="Copy of Built-in"' in page
    await write(max_, system="Mine alone.")
    page = (await max_.get(f"{HERE}/new?purpose=intent&of=1")).text
    assert ">Mine alone.</textarea>" in page
    assert 'value="Copy of Ours"' in page


async def test_new_names_the_placeholders_of_its_purpose(max_):
    page = (await max_.get(f"{HERE}/new?purpose=analyze")).text
    assert all(f'<code dir="ltr">{{{{{name}}}}}</code>' in page for name in prompts.PLACEHOLDERS["analyze"])
    assert (await max_.get(f"{HERE}/new?purpose=rewrite")).status_code == 404


async def test_edit_saves_a_version_and_show_what_it_changed(staged, max_):
    await write(max_, system="One.\nTwo.\nThree.")
    assert (await change(max_, system="One.\n<i>2</i>\nThree.")).headers["location"].endswith("done=changed")
    page = (await max_.get(f"{HERE}/show?prompt=1&version=2")).text
    lines = [
        (kind, " ".join(unescape(re.sub(r"<[^>]+>", "", text)).split()))
        for kind, text in re.findall(r'class="line-(\w+)" dir="auto">(.*?)</p>', page, re.S)
    ]
    assert lines[1:5] == [
        ("same", "One."),
        ("removed", "removed: Two."),
        ("added", "added: <i>2</i>"),
        ("same", "Three."),
    ]
    assert "<i>2" not in page
    versions = rows((await max_.get(f"{HERE}/edit?prompt=1")).text)
    assert [re.findall(r"\d+", row)[0] for row in versions] == ["2", "1"]
    assert [action for action, _ in await acts(staged)] == ["ai-prompt-created", "ai-prompt-changed"]


async def test_edit_without_a_change_saves_no_version(staged, max_):
    await write(max_)
    assert (await change(max_)).headers["location"].endswith("done=same")
    assert len(await staged.rows(select(ai_prompt_versions))) == 1


async def test_edit_shows_both_texts_to_whoever_saves_second(staged, ana, max_):
    await write(max_)
    await change(max_, system="Theirs <script>")
    page = await change(ana, system="Mine")
    assert page.status_code == 409
    assert "Theirs &lt;script&gt;" in page.text
    assert ">Mine</textarea>" in page.text
    assert 'name="seen" value="2"' in page.text
    assert (await change(ana, seen="2", system="Mine")).status_code == 303
    assert (await used(staged)).id is None


async def test_edit_of_what_is_not_there_is_missing(max_):
    for path in ("/edit?prompt=9", "/show?prompt=9&version=1", "/new?of=9", "/edit?prompt=x", "/show?purpose=x"):
        assert (await max_.get(HERE + path)).status_code == 404
    assert (await change(max_, id="9")).status_code == 404


async def test_show_of_a_built_in_one_is_readable_and_copyable(max_):
    page = unescape((await max_.get(f"{HERE}/show?purpose=translate")).text)
    assert prompts.SYSTEMS["translate"] in page
    assert prompts.RULES in page
    assert f"{HERE}/new?purpose=translate&of=built-in" in page


async def test_an_earlier_version_becomes_current_as_a_new_one(staged, max_):
    await write(max_, system="First.")
    await change(max_, system="Second.")
    page = await max_.get(f"{HERE}/show?prompt=1&version=1")
    assert "Make this the current again" in page.text
    assert "Make this the current again" not in (await max_.get(f"{HERE}/show?prompt=1&version=2")).text
    sent = {"prompt": "1", "version": "1", "seen": "2"}
    assert (await max_.post(f"{HERE}/revert", data=sent)).headers["location"].endswith("done=changed")
    found = await staged.database.read(lambda found: prompts.one(found, 1))
    assert (found.version, found.system.partition("\n")[0]) == (3, "First.")
    assert (await max_.post(f"{HERE}/revert", data={**sent, "version": "2"})).status_code == 409


async def test_a_press_puts_one_to_use_for_everybody_and_back(staged, max_):
    await write(max_)
    await max_.post(f"{HERE}/use", data={"purpose": "intent", "prompt": "1"})
    assert (await used(staged)).title == "Ours"
    assert (await max_.post(f"{HERE}/use", data={"purpose": "translate", "prompt": "1"})).status_code == 404
    await max_.post(f"{HERE}/use", data={"purpose": "intent", "prompt": ""})
    assert (await used(staged)).id is None
    assert [action for action, _ in await acts(staged)][1:] == ["ai-prompt-used", "ai-prompt-used"]


async def test_deleting_the_one_in_use_falls_back_and_says_so(staged, max_):
    await write(max_)
    await max_.post(f"{HERE}/use", data={"purpose": "intent", "prompt": "1"})
    gone = await max_.post(f"{HERE}/delete", data={"prompt": "1"})
    page = (await max_.get(gone.headers["location"])).text
    assert "the built-in one is in use instead" in page
    assert (await used(staged)).id is None
    assert (await max_.get(f"{HERE}/edit?prompt=1")).status_code == 404
    back = await max_.post(f"{HERE}/restore", data={"prompt": "1"})
    assert "The prompt is back, and in use again." in (await max_.get(back.headers["location"])).text
    assert (await used(staged)).id == 1
    again = await max_.post(f"{HERE}/restore", data={"prompt": "1"})
    assert again.headers["location"] == back.headers["location"]
    done = [action for action, _ in await acts(staged)][2:]
    assert done == ["ai-prompt-deleted", "ai-prompt-restored", "ai-prompt-used"]


@pytest.mark.parametrize("meanwhile", ["2", ""])
async def test_one_that_comes_back_takes_no_other_out_of_use(staged, max_, meanwhile):
    await write(max_)
    await write(max_, title="Theirs")
    await max_.post(f"{HERE}/use", data={"purpose": "intent", "prompt": "1"})
    await max_.post(f"{HERE}/delete", data={"prompt": "1"})
    await max_.post(f"{HERE}/use", data={"purpose": "intent", "prompt": meanwhile})
    back = await max_.post(f"{HERE}/restore", data={"prompt": "1"})
    assert "It is not in use." in (await max_.get(back.headers["location"])).text
    assert str((await used(staged)).id or "") == meanwhile


async def test_a_deleted_one_can_be_brought_back_for_a_day(staged, max_):
    await write(max_)
    await max_.post(f"{HERE}/delete", data={"prompt": "1"})
    assert "Bring it back" in (await max_.get(HERE)).text
    await write(max_)
    taken = await max_.post(f"{HERE}/restore", data={"prompt": "1"})
    assert "Another prompt has its title by now." in (await max_.get(taken.headers["location"])).text
    staged.clock.time += timedelta(days=1)
    browser = await staged.signed_in("max")
    assert "Bring it back" not in (await browser.get(HERE)).text
    assert (await browser.post(f"{HERE}/restore", data={"prompt": "1"})).status_code == 404


async def test_the_audit_has_both_texts_by_their_beginning(staged, max_):
    await write(max_, system="a" * 600)
    await change(max_, title="Theirs", system="b")
    [(_, made), (_, changed)] = await acts(staged)
    assert made["after"]["system"] == "a" * 500
    assert (changed["was"], changed["before"]["system"], changed["after"]["system"]) == ("Ours", "a" * 500, "b")


async def test_a_full_text_fits_into_a_form(max_):
    assert (await write(max_, system="ç" * 8_000, body="{{text}}" + "ğ" * 7_900)).status_code == 303


async def test_index_says_that_not_all_are_listed(max_, monkeypatch):
    monkeypatch.setattr(ai_prompts, "MOST", 1)
    await write(max_)
    assert "There are" not in (await max_.get(HERE)).text
    await write(max_, title="Another")
    page = (await max_.get(HERE)).text
    assert "There are 2 prompts. Listed are those in use and those that were changed last, 1 in all." in page
    assert len(rows(page)) == 5


async def test_edit_leads_to_the_older_versions(max_, monkeypatch):
    monkeypatch.setattr(ai_prompts, "VERSIONS", 1)
    await write(max_)
    await change(max_, system="Be kind.")
    [older] = re.findall(r'href="([^"]+)" rel="next"', (await max_.get(f"{HERE}/edit?prompt=1")).text)
    page = (await max_.get(unescape(older))).text
    assert "version=1" in page
    assert 'rel="next"' not in page


@pytest.fixture
async def lea(staged):
    """A manager of one panel alone."""
    async with staged.database.write() as connection:
        await staff.add(connection, "lea", PASSWORD_HASH, "manager", [1], NOON)
    return await staged.signed_in("lea")


async def test_who_sees_some_panels_alone_changes_no_prompt(staged, max_, lea):
    await write(max_)
    await change(max_, system="Be kind.")
    assert (await write(lea, title="Mine")).status_code == 403
    assert (await change(lea, seen="2", system="Mine.")).status_code == 403
    for act, sent in (
        ("use", {"purpose": "intent", "prompt": "1"}),
        ("use", {"purpose": "intent", "prompt": ""}),
        ("revert", {"prompt": "1", "version": "1", "seen": "2"}),
        ("delete", {"prompt": "1"}),
        ("restore", {"prompt": "1"}),
        ("score", {**GOOD, "which": "trial"}),
    ):
        assert (await lea.post(f"{HERE}/{act}", data=sent)).status_code == 403
        assert (await lea.post(f"{HERE}/{act}", data={})).status_code == 422
    assert len(await staged.rows(select(ai_prompt_versions))) == 2
    assert (await used(staged)).id is None
    assert len(await staged.rows(select(audit.c.id).where(audit.c.action == "refused", audit.c.actor == "lea"))) == 8


@pytest.mark.parametrize("path", ["", "/new", "/edit?prompt=1", "/show?prompt=1&version=1", "/show?purpose=intent"])
async def test_who_sees_some_panels_alone_is_offered_no_change(max_, lea, path):
    await write(max_)
    await change(max_, system="Be kind.")
    mine, hers = [offered((await one.get(HERE + path)).text) for one in (max_, lea)]
    assert mine - TRIES
    assert hers <= TRIES


async def test_a_key_in_the_place_of_a_model_is_refused_and_not_shown_again(staged, max_):
    answer = await write(max_, model="sk-abc-1234567")
    assert answer.status_code == 422
    assert "This looks like a key" in answer.text
    assert "sk-abc" not in answer.text
    assert await staged.rows(select(ai_prompt_versions)) == []
