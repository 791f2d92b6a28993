"""`key`: made, listed, rotated and revoked by a command."""

import asyncio
import re

import pytest
from sqlalchemy import select

from hyperpanel.db.schema import audit
from hyperpanel.support.api_secrets import prefix
from tests.support.scripts_keys import number_of

pytestmark = pytest.mark.loopback
SCOPES = ("--scopes", "orders:read,payments:read")


def test_a_key_is_printed_once_and_alone(home):
    text = home.done("key", "add", "nightly", *SCOPES)
    assert re.fullmatch(r"hp_live_\w{50}\n", text)
    assert text.strip() not in home.done("key", "list")
    [told] = home.told("key", "list")
    assert (told["name"], told["prefix"], told["state"]) == ("nightly", prefix(number_of(text.strip())), "active")
    assert (told["scopes"], told["panels"], told["per_minute"]) == (["orders:read", "payments:read"], None, 300)


def test_panels_addresses_and_a_limit_are_kept(home, panels):
    for panel in panels:
        home.attach(panel)
    more = ("--panels", "eu-1", "--addresses", "192.0.2.7,2001:db8::/32", "--per-minute", "60", "--expires", "30d")
    made = home.told("key", "add", "shop", *SCOPES, *more)
    assert number_of(made["key"]) == made["id"]
    [told] = home.told("key", "list")
    assert (told["panels"], told["per_minute"]) == (["eu-1"], 60)
    assert told["addresses"] == ["192.0.2.7", "2001:db8::/32"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--scopes", "orders:write"), "There is no scope “orders:write”. Scopes: orders:read"),
        (("--scopes", ","), "Choose at least one thing"),
        ((*SCOPES, "--expires", "2y"), "A key lasts 1 to 365 days."),
        ((*SCOPES, "--panels", "eu-9"), "There is no panel 'eu-9'"),
        ((*SCOPES, "--panels", ","), "names no panel"),
        ((*SCOPES, "--addresses", "home"), "is no address and no network"),
        ((*SCOPES, "--per-minute", "0"), "Write a whole number"),
    ],
)
def test_what_cannot_be_is_refused_and_no_key_made(home, words, said):
    assert said in home.refused("key", "add", "nightly", *words)
    assert home.told("key", "list") == []


def test_a_rotated_key_is_told_apart_by_its_prefix(home):
    first = home.done("key", "add", "nightly", *SCOPES).strip()
    second = home.done("key", "rotate", "Nightly").strip()
    assert "Give the prefix of one" in home.refused("key", "revoke", "nightly")
    assert home.done("key", "revoke", prefix(number_of(first))) == "nightly is revoked: it opens nothing any more.\n"
    states = {one["prefix"]: one["state"] for one in home.told("key", "list")}
    assert states == {prefix(number_of(first)): "revoked", prefix(number_of(second)): "active"}
    assert home.done("key", "revoke", "nightly")
    assert "There is no key 'nightly' in force" in home.refused("key", "revoke", "nightly")


def test_nobody_is_told_how_to_begin_with_keys(home):
    assert "hyperpanel key add NAME" in home.done("key", "list")


def test_what_is_done_with_keys_is_in_the_audit_without_them(home, opened):
    text = home.done("key", "add", "nightly", *SCOPES).strip()
    home.done("key", "revoke", "nightly")

    async def rows():
        async with opened() as database:
            statement = select(audit.c.actor, audit.c.action, audit.c.target, audit.c.details).order_by(audit.c.id)
            return await database.read(lambda connection: connection.execute(statement).all())

    told = asyncio.run(rows())
    assert [tuple(row)[:3] for row in told] == [
        ("command line", "key-make", "nightly"),
        ("command line", "key-revoke", "nightly"),
    ]
    assert all(text[20:] not in row.details for row in told)
