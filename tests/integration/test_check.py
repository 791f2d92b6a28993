"""`hyperpanel check` over real HTTP: each of ten planted faults is named in one sentence with the next step, and no key is told."""

import asyncio
import logging
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import structlog
from sqlalchemy import update

from hyperpanel.db.engine import Database, address
from hyperpanel.db.schema import staff as people
from hyperpanel.sandbox.fleet import Fleet
from hyperpanel.sandbox.server import background
from hyperpanel.sandbox.switches import Switches
from sync.connectors import looks
from tests.support import databases, doctored, tls
from tests.support.doctored import World

UNKNOWN = f"https://{'a' * 64}.example"
"""Longer than a name in DNS may be: no resolver is asked."""


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Fleet, str]]:
    fleet = Fleet(panels=1, orders=400, rate_limit=10_000)
    with background(fleet) as base:
        yield fleet, base


@pytest.fixture
def world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run_folder: Path, served: tuple[Fleet, str]
) -> Iterator[World]:
    """Whose people are called as the panel's staff are."""
    fleet, base = served
    [panel] = fleet.panels
    panel.faults.clear()
    panel.switches = Switches()
    panel.switch(rate_limit=10_000)
    for name in [name for name in os.environ if name.startswith("HYPERPANEL_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    Path(databases.sqlite_copy(run_folder, tmp_path, True).removeprefix("sqlite:///")).rename("hyperpanel.db")
    asyncio.run(doctored.enrol(tmp_path, {member.name for member in panel.tickets.desk.team}))
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield World(panel, base)
    root.handlers, root.level = before, level
    structlog.reset_defaults()


def test_a_healthy_panel_passes_in_silence(world):
    world.attach()
    assert world.checked() == (0, [])


# 1 address


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (UNKNOWN, f"The host name {UNKNOWN.removeprefix('https://')} of eu-1 is not known to DNS. Check the address."),
        ("{url}/shop", "eu-1 answered with an ordinary web page instead of data (HTTP 404). {check}"),
        ("{url}/adminapi/v2/orders", "The address of eu-1 goes on with /adminapi/v2/orders, {belongs}"),
    ],
)
def test_a_wrong_address_is_named(world, url, said):
    world.attach(url.format(url=world.url))
    check = "Check that the address is the panel's own."
    belongs = f"which belongs to an API. Set it to {world.url} instead."
    assert world.wrong() == ("wrong", "address", f"address: {said.format(check=check, belongs=belongs)}")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("website", "answered with an ordinary web page instead of data (HTTP 200). Check that the address is the panel's own."),
        ("redirect", "redirects to https://parked.example/adminapi/v2/orders. Set the panel's address to where it really is."),
        ("admin_v1", "answers like Admin API v1, another kind of panel, which cannot be read. Check the address, or leave this panel out."),
        ("rental_panel", "answers like Rental Panel, another kind of panel, which cannot be read. Check the address, or leave this panel out."),
        ("socpanel", "answers like SocPanel, another kind of panel, which cannot be read. Check the address, or leave this panel out."),
    ],
)  # fmt: skip
def test_somebody_else_at_the_address_is_named(world, kind, said):
    world.attach()
    world.plant(kind)
    assert world.wrong() == ("wrong", "address", f"address: eu-1 {said}")


# 2 TLS


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tls.Signed:
    """An authority that this machine trusts."""
    made = tls.authority()
    monkeypatch.setenv("SSL_CERT_FILE", str(made.written(tmp_path / "authority.pem")))
    return made


def behind(world: World, certificate: tls.Signed, folder: Path) -> AbstractContextManager[str]:
    return tls.front(certificate.written(folder / "front.pem"), int(world.base.rpartition(":")[2]))


def test_a_valid_certificate_is_fine(world, root, tmp_path):
    with behind(world, tls.signed("panel", root), tmp_path) as base:
        world.attach(f"{base}/eu-1")
        assert world.checked() == (0, [])


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("expired", "The certificate of eu-1 has expired. Renew it there."),
        ("other host", "The certificate of eu-1 is not for 127.0.0.1. {correct}"),
        ("self-signed", "Nobody known vouches for the certificate of eu-1 at 127.0.0.1. {install}"),
        ("unknown authority", "Nobody known vouches for the certificate of eu-1 at 127.0.0.1. {install}"),
    ],
)
def test_a_certificate_that_is_no_good_is_named(world, root, tmp_path, way, said):
    certificates = {
        "expired": lambda: tls.signed("panel", root, until=-tls.DAY),
        "other host": lambda: tls.signed("panel", root, address="127.0.0.2"),
        "self-signed": lambda: tls.signed("panel", None),
        "unknown authority": lambda: tls.signed("panel", tls.authority()),
    }
    correct = "Correct the address, or get a certificate for that name there."
    install = "Install one from a public authority there, with its chain."
    with behind(world, certificates[way](), tmp_path) as base:
        world.attach(f"{base}/eu-1")
        assert world.wrong() == ("wrong", "tls", f"certificate: {said.format(correct=correct, install=install)}")


# 3 key


@pytest.mark.parametrize("kind", ["401", "401_in_200"])
def test_a_refused_key_is_named(world, kind):
    world.attach()
    world.plant(kind)
    assert world.wrong() == ("wrong", "key", "key: eu-1 refuses the key. Enter its current key, then resume.")


def test_a_key_that_never_was_is_named_and_not_repeated(world):
    world.attach(admin_key="a-wrong-key")
    assert world.wrong().about == "key"


# 4 rights


@pytest.mark.parametrize("stream", ["users", "payments", "tickets"])
def test_a_missing_right_is_named(world, stream):
    world.attach()
    world.plant("403", path=stream)
    said = f"The key of eu-1 may not read {stream} (HTTP 403). Give it that right there, then test again."
    assert world.wrong() == ("wrong", "rights", f"rights: {said}")


# 5 HTML challenge


@pytest.mark.parametrize("kind", ["challenge", "challenge_403"])
def test_a_bot_check_is_named(world, kind):
    world.attach()
    world.plant(kind)
    said = "eu-1 answered with a web page instead of data, probably a bot check. Ask its host to let this machine's address through."
    assert world.wrong() == ("wrong", "challenge", f"bot check: {said}")


# 6 clock


def test_a_clock_that_is_off_is_named(world):
    world.attach()
    world.panel.switch(clock_skew=1800)
    said = "The clock of eu-1 is 30 min ahead of this machine’s. Set the wrong one right, best by NTP."
    assert world.note() == ("note", "clock", f"clock: {said}")


def test_a_wrong_time_zone_is_named(world):
    world.attach()
    world.panel.switch(time_zone="Asia/Kolkata")
    found = world.wrong()
    assert found.about == "clock"
    assert found.sentence.startswith(
        "clock: eu-1 writes its times at UTC+05:30, but its time zone is set to Europe/Berlin"
    )
    assert found.sentence.endswith("then. Set one that is at UTC+05:30.")


# 7 currency


def test_another_currency_is_named(world):
    world.attach()
    world.panel.switch(currency="TRY")
    said = "eu-1 names amounts of orders, users, payments in TRY, but its currency is set to EUR. Set it to TRY."
    assert world.wrong() == ("wrong", "currency", f"currency: {said}")


# 8 staff names


def test_staff_names_that_nobody_has_here_are_noted(world, tmp_path):
    asyncio.run(rename(tmp_path))
    world.attach()
    code, found = world.checked()
    assert (code, {(one.level, one.about) for one in found}) == (0, {("note", "staff")})
    strange, unseen = found
    assert strange.sentence.startswith("staff names: In recent tickets of eu-1 staff write as ")
    assert strange.sentence.endswith(", and nobody here is called so. Spell usernames as that panel does.")
    assert unseen.sentence.endswith("x. Whoever answers there must be called the same here.")


async def rename(folder: Path) -> None:
    database = Database(address("sqlite:///hyperpanel.db", folder), 1)
    async with database.write() as connection:
        await connection.execute(update(people).values(username=people.c.username + "x", folded=people.c.folded + "x"))
    await database.close()


# 9 second key


def test_a_missing_second_key_is_noted(world):
    world.attach(services_key=None)
    said = "eu-1 has no services key, so its catalogue cannot be read. Add the key of an ordinary account there."
    assert world.note() == ("note", "second_key", f"second key: {said}")


def test_a_refused_second_key_is_named(world):
    world.attach(services_key="a-wrong-key")
    said = "eu-1 refuses the second key, the one for services. Sign in there as a customer and copy the key from its API page."
    assert world.wrong() == ("wrong", "second_key", f"second key: {said}")


# 10 speed


def test_a_slow_panel_is_named(world, monkeypatch):
    monkeypatch.setattr(looks, "SLOW", 0.1)
    world.attach()
    world.plant("timeout", seconds=0.2)
    found = world.note()
    assert found.about == "speed"
    assert found.sentence.endswith(" s or more to answer. Lower the records per fetch, and tell its owner.")


def test_a_page_that_takes_too_long_is_named(world, monkeypatch):
    monkeypatch.setattr(looks, "SLOW_PAGE", 0.0)
    world.attach()
    found = world.note()
    assert found.about == "speed"
    assert found.sentence.endswith(" orders at once. Lower the records per fetch.")
