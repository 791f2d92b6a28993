"""`hyperpanel check`: the doctor of the whole installation. It changes nothing."""

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from hyperpanel.cli.frame import Place, as_json, in_place, installation, run
from hyperpanel.cli.output import machine, say
from hyperpanel.errors import HyperpanelError, Unusable

if TYPE_CHECKING:
    from hyperpanel.config import Settings
    from hyperpanel.db.ai_providers import Provider
    from hyperpanel.db.opening import Installation
    from hyperpanel.support.probing import Looked

LIBRARIES = ("litestar", "sqlalchemy", "httpx2", "msgspec", "uvicorn", "cryptography")


@dataclass(frozen=True)
class Finding:
    """`state` is ok, note (worth knowing) or wrong (a person must act); `about`: which thing of a panel."""

    what: str
    state: str
    sentence: str
    about: str | None = None


@click.command()
@as_json
@in_place
def check(place: Place, as_json: bool) -> None:
    """Look the whole installation over.

    Versions, settings, database, master key, people and AI's providers; of each panel its address, certificate, keys,
    rights, clock, currency, staff names and speed. Exit 1 if something is wrong; a note is worth knowing and no more.

    \b
    Example:
    $ hyperpanel check
    """
    found = run(look_over(place))
    if as_json:
        machine([asdict(finding) for finding in found])
    for finding in [] if as_json else found:
        say(f"{finding.state:<6}{finding.what:<12}{finding.sentence}")
    if any(finding.state == "wrong" for finding in found):
        sys.exit(1)


async def look_over(place: Place) -> list[Finding]:
    """What cannot be looked at because of something before it is left out."""
    found, what = versions(), "settings"
    try:
        settings = place.settings()
        require_usable(settings)
        found.append(Finding(what, "ok", settings_told(place)))
        what = "database"
        found += [sqlite(), database(settings, place.folder)]
        async with installation(place) as opened:
            found.append(Finding("master key", "ok", "It is the one that this database was made with."))
            found.append(await people(opened))
            found += await models(opened)
            found += await panels(opened)
    except HyperpanelError as problem:
        found.append(Finding(what, "wrong", str(problem)))
    return found


def versions() -> list[Finding]:
    import platform
    from importlib.metadata import version

    from hyperpanel import __version__

    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return [
        Finding("hyperpanel", "ok", f"{__version__} on Python {platform.python_version()}, {platform.platform()}"),
        Finding("libraries", "ok", libraries),
    ]


def require_usable(settings: "Settings") -> None:
    """What only the console would find out. Raises BadSettings."""
    from hyperpanel.app import check as check_web
    from hyperpanel.web import cookies, languages

    check_web(settings.web, languages.load(False))
    cookies.of(settings.web)


def settings_told(place: Place) -> str:
    if place.file:
        return f"Read from {place.file}."
    return f"There is no settings file; all is as in config.example.toml, below {place.folder}."


def sqlite() -> Finding:
    import sqlite3

    from hyperpanel.db.engine import unsafe_sqlite

    unsafe = unsafe_sqlite()
    return Finding("sqlite", "note" if unsafe else "ok", unsafe or f"{sqlite3.sqlite_version}, a safe one.")


def database(settings: "Settings", folder: Path) -> Finding:
    """Opening an empty place would make a database there, so it is looked at first. Raises Unusable."""
    from sqlalchemy.exc import DBAPIError

    from hyperpanel.db import migrate
    from hyperpanel.db.engine import Database, address
    from hyperpanel.db.opening import exists, first_line

    url = address(settings.database.url, folder)
    looked = Database(url, 1)
    try:
        found = looked.read_now(migrate.current) if exists(looked) else None
        if found is None:
            raise Unusable(f"There is no database at {url.render_as_string()} yet. Make it: hyperpanel migrate")
        looked.read_now(migrate.require_newest)
    except DBAPIError as problem:
        raise Unusable(f"The database {url.render_as_string()} cannot be opened: {first_line(problem)}.") from None
    finally:
        looked.reading.dispose()
        looked.threads.shutdown()
    return Finding("database", "ok", f"{url.render_as_string()}, schema {found}, the newest.")


async def people(found: "Installation") -> Finding:
    from hyperpanel.db import staff
    from hyperpanel.support import roles

    known = await found.database.read(lambda connection: staff.able(connection, roles.ROLES))
    if not known:
        sentence = "Nobody can sign in. Add the first person: hyperpanel staff add NAME --role admin"
        return Finding("staff", "wrong", sentence)
    admins = sum(person.role == "admin" for person in known)
    state, sentence = "ok", f"{len(known)} may sign in, {admins} of them as admin."
    return Finding("staff", state if admins else "note", sentence)


async def models(found: "Installation") -> list[Finding]:
    """What is set up of AI, and whether each provider's key opens with this master key."""
    from hyperpanel.db import ai_providers
    from hyperpanel.db.scope import EVERYTHING

    known = await found.database.read(ai_providers.all_of)
    wrong = [finding for provider in known.values() for finding in sealed_otherwise(found, provider)]
    if not await found.database.read(ai_providers.is_set_up):
        return [
            *wrong,
            Finding("ai", "ok", "No provider is chosen, so nothing is asked of any. Settings → AI sets one up."),
        ]
    chosen = await found.database.read(ai_providers.chosen)
    uses = await found.database.read(lambda connection: ai_providers.panels(connection, EVERYTHING))
    fallback = f", and {chosen.fallback} if that fails" if chosen.fallback else ""
    on = f"AI is on for {sum(use.is_on for use in uses.values())} of {len(uses)} panels."
    return [*wrong, Finding("ai", "ok", f"{chosen.main} is asked, model {known[chosen.main].model}{fallback}. {on}")]


def sealed_otherwise(found: "Installation", provider: "Provider") -> list[Finding]:
    from hyperpanel.db.ai_providers import opened

    try:
        opened(found.vault, provider)
    except Unusable:
        sentence = f"The stored key of {provider.name} does not open. Enter it again under Settings → AI."
        return [Finding("ai", "wrong", sentence)]
    return []


async def panels(found: "Installation") -> list[Finding]:
    from hyperpanel.cli.probing import NONE_YET, chosen
    from hyperpanel.support.probing import look

    looked = await look(found, await chosen(found, ()))
    return [finding for one in looked for finding in found_at(one)] or [Finding("panels", "note", NONE_YET)]


def found_at(one: "Looked") -> Sequence[Finding]:
    """A paused panel is still asked: whether the reason is gone is what the person wants to know."""
    from hyperpanel.cli.probing import standing, told

    name = one.panel.name
    findings = [Finding(name, probe.level, told(probe), probe.about) for probe in one.probes]
    return [*findings, *(Finding(name, "note", sentence) for sentence in standing(one))]
