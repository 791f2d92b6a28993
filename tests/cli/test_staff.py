"""`staff`: who may sign in."""

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from hyperpanel.cli.staff import ROLES
from hyperpanel.db import sessions, staff
from hyperpanel.support.roles import ROLES as KNOWN

pytestmark = pytest.mark.loopback
PASSWORD = "seven yellow bicycles"


def add(home, name, *more, role="support"):
    return home.done("staff", "add", name, "--role", role, "--password-stdin", *more, given=PASSWORD)


def test_the_roles_are_those_there_are():
    assert set(ROLES) == set(KNOWN)


def test_somebody_added_is_listed(home):
    assert add(home, "ana", role="admin") == "ana may sign in as admin, and sees all panels.\n"
    assert home.told("staff", "list") == [{"name": "ana", "role": "admin", "panels": None, "disabled_at": None}]


def test_allowed_panels_are_kept(home, panels):
    for panel in panels:
        home.attach(panel)
    add(home, "ben", "--panels", "eu-1, us-2")
    assert home.told("staff", "list")[0]["panels"] == ["eu-1", "us-2"]


def test_an_unknown_panel_is_refused_and_nobody_added(home):
    words = ("staff", "add", "ben", "--role", "support", "--panels", "eu-9", "--password-stdin")
    assert "There is no panel 'eu-9'" in home.refused(*words, given=PASSWORD)
    assert home.told("staff", "list") == []


def test_no_panel_at_all_is_a_mistake(home):
    words = ("staff", "add", "ben", "--role", "support", "--panels", ",", "--password-stdin")
    assert "names no panel" in home.refused(*words, given=PASSWORD)


def test_a_name_in_use_is_refused(home):
    add(home, "ana")
    words = ("staff", "add", "ANA", "--role", "viewer", "--password-stdin")
    assert "There is somebody named 'ANA' already" in home.refused(*words, given=PASSWORD)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("short", "at least 12 characters"),
        ("aaaaaaaaaaaaaaaa", "repeats too few characters"),
        ("", "Standard input is empty"),
        ("one line of words\nand another", "several lines"),
        (b"\xff\xfe and more of it", "not UTF-8"),
    ],
)
def test_a_weak_or_unreadable_password_is_refused(home, given, said):
    assert said in home.refused("staff", "add", "ana", "--role", "admin", "--password-stdin", given=given)
    assert home.told("staff", "list") == []


def test_a_password_is_never_an_argument(home):
    assert "with --password-stdin" in home.refused("staff", "add", "ana", "--role", "admin", code=2)


@pytest.mark.parametrize("name", ["", ".ana", "x" * 65, "a,b"])
def test_a_name_that_cannot_be_typed_at_sign_in_is_refused(home, name):
    words = ("staff", "add", name, "--role", "admin", "--password-stdin")
    assert "A name has 1 to 64 letters" in home.refused(*words, given=PASSWORD)


def test_nobody_is_told_how_to_begin(home):
    assert "staff add NAME --role admin" in home.done("staff", "list")


def test_disabling_ends_every_session_at_once(home, opened):
    add(home, "ana")
    token = signed_in(opened, "ana")
    assert home.done("staff", "disable", "Ana") == "ana is disabled, and signed out everywhere.\n"
    assert not is_signed_in(opened, token)
    assert home.told("staff", "list")[0]["disabled_at"]


def test_a_new_password_ends_every_session_at_once(home, opened):
    add(home, "ana")
    token, before = signed_in(opened, "ana"), stored(opened, "ana")
    home.done("staff", "reset", "ana", "--password-stdin", given="another long password")
    assert not is_signed_in(opened, token)
    assert stored(opened, "ana") != before


def test_a_reset_lets_a_disabled_person_in_again(home):
    add(home, "ana")
    home.done("staff", "disable", "ana")
    home.done("staff", "reset", "ana", "--password-stdin", given="another long password")
    assert home.told("staff", "list")[0]["disabled_at"] is None


def test_nobody_of_that_name_is_one_sentence(home):
    assert home.refused("staff", "disable", "zoe").startswith("Error: There is nobody named 'zoe'.")


def test_each_act_leaves_an_audit_row(home, audit):
    add(home, "ana")
    home.done("staff", "disable", "ana")
    home.done("staff", "reset", "ana", "--password-stdin", given="another long password")
    assert audit() == ["staff-add ana", "staff-disable ana", "staff-reset ana"]


def signed_in(opened, name):
    async def begin():
        async with opened() as database:
            person = await database.read(lambda connection: staff.named(connection, name))
            async with database.write() as connection:
                return await sessions.begin(connection, person.id, timedelta(hours=1), datetime.now(UTC), "", "")

    return asyncio.run(begin())


def is_signed_in(opened, token):
    async def find():
        async with opened() as database:
            look = (token, timedelta(hours=1), datetime.now(UTC))
            return await database.read(lambda connection: sessions.find(connection, *look)) is not None

    return asyncio.run(find())


def stored(opened, name):
    async def find():
        async with opened() as database:
            return await database.read(lambda connection: staff.password_hash(connection, name))

    return asyncio.run(find())


def test_scripts_are_told_who(home):
    assert json.loads(add(home, "ana", "--json")) == {"name": "ana", "role": "support", "panels": None}
    assert home.told("staff", "disable", "ana") == {"name": "ana", "disabled": True}


def test_an_invitation_prints_a_link_and_lets_nobody_in_yet(home, audit):
    told = home.told("staff", "invite", "Ana (night)", "--role", "admin")
    assert told["name"] == "Ana (night)"
    assert re.fullmatch(r"/invites/[\w-]{43}", told["link"])
    assert "has a link to take" in home.done("staff", "list")
    assert audit() == ["staff-invite Ana (night)"]


def test_a_link_has_the_public_address_where_it_is_known(home, monkeypatch):
    assert "web.public_url is not set" in home.done("staff", "invite", "ana", "--role", "admin")
    monkeypatch.setenv("HYPERPANEL_WEB__PUBLIC_URL", "https://console.example")
    assert home.done("staff", "invite", "ben", "--role", "admin").startswith("https://console.example/invites/")


def test_whoever_is_enabled_may_sign_in_again(home, audit):
    add(home, "ana")
    home.done("staff", "disable", "ana")
    assert home.done("staff", "enable", "ANA") == "ana may sign in again.\n"
    assert home.told("staff", "list")[0]["disabled_at"] is None
    assert audit()[-1] == "staff-enable ana"


def test_another_role_keeps_the_panels_unless_told(home, panels):
    for panel in panels:
        home.attach(panel)
    add(home, "ben", "--panels", "eu-1")
    assert home.done("staff", "role", "ben", "manager") == "ben is manager now, and signs in again.\n"
    [person] = home.told("staff", "list")
    assert (person["role"], person["panels"]) == ("manager", ["eu-1"])
    home.done("staff", "role", "ben", "manager", "--panels", "us-2")
    assert home.told("staff", "list")[0]["panels"] == ["us-2"]
    home.done("staff", "role", "ben", "viewer", "--all-panels")
    assert home.told("staff", "list")[0]["panels"] is None


def test_nobody_is_locked_out_by_accident(home):
    add(home, "ana", role="admin")
    assert "ana is the last who can manage staff" in home.refused("staff", "disable", "ana")
    assert "ana is the last who can manage staff" in home.refused("staff", "role", "ana", "viewer")
    add(home, "ben", role="admin")
    home.done("staff", "disable", "ana")
