"""The demo put together: the panels' process, the database, people who may sign in, the console and the worker."""

import asyncio
import signal
import time
from functools import partial
from pathlib import Path
from typing import TextIO

from msgspec.structs import replace

from hyperpanel.cli import demo_ai, fleets, logs
from hyperpanel.cli.attaching import store
from hyperpanel.cli.fleets import Fleet, Simulated
from hyperpanel.cli.frame import run
from hyperpanel.cli.keepsakes import Kept
from hyperpanel.cli.migrating import upgrade
from hyperpanel.cli.output import machine, note, say
from hyperpanel.cli.progress import Show, shown
from hyperpanel.cli.sandbox import HOST
from hyperpanel.cli.staff_changes import enrol
from hyperpanel.cli.staying import Ending, leave, side_by_side
from hyperpanel.clock import SystemClock
from hyperpanel.config import Log, Settings, anchored, load
from hyperpanel.db import feeds, panels, staff
from hyperpanel.db.engine import unsafe_sqlite
from hyperpanel.db.opening import Installation, opened
from hyperpanel.db.panels import Panel
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.worker import work

RATE = 4.0
CONFIG = """\
# The demo's settings, for every other command: hyperpanel --config THIS-FILE panel list
[database]
url = "sqlite:///hyperpanel.db"

[web]
plain_http = true

[sync] # more eager than usual, so that there is something to see
head_seconds = 10
refresh_seconds = 30
"""
LOOK_EVERY = 0.5


def perform(kept: Kept, folder: Path, port: int, as_json: bool) -> None:
    """Until a signal; everything that was started has ended when this returns."""
    settings = settings_for(folder, port)
    with (folder / "demo.log").open("a", encoding="utf-8") as log:
        logs.set_up(Log(), file=log)
        with logs.kept():
            ended_by = run(play(kept, settings, folder, log, as_json))
    note(f"The demo has ended. What it knows is in {folder}.")
    leave(ended_by)


def settings_for(folder: Path, port: int) -> Settings:
    """From a file beside the database, so that every other command can be used on the demo too."""
    place = folder / "config.toml"
    if not place.exists():
        place.write_text(CONFIG, encoding="utf-8")
    settings = anchored(load(place, {}), folder)
    return replace(settings, web=replace(settings.web, host=HOST, port=port))


async def play(kept: Kept, settings: Settings, folder: Path, log: TextIO, as_json: bool) -> signal.Signals | None:
    ending = Ending()
    async with fleets.running(kept, log) as coming:
        from hyperpanel.serving import listen, serve  # takes a second or two, while the panels begin

        listen(settings.web).close()
        await upgrade(settings, folder)
        found = await opened(settings, folder)
        try:
            fleet = await unless_ended(coming, ending.stop)
            if fleet is None:
                return ending.signal
            await prepare(found, fleet, kept)
            tell = partial(announce, found, kept, folder, as_json)
            await side_by_side(
                [
                    serve(settings, found.database, ending.stop, lambda _: tell(), found.vault),
                    work(found, ending.stop),
                    fleet.watch(ending.stop),
                    follow(found, ending.stop),
                ],
                ending.stop,
            )
        finally:
            await found.database.close()
    return ending.signal


async def unless_ended(coming: asyncio.Task[Fleet], stop: asyncio.Event) -> Fleet | None:
    """A large fleet takes its time; nobody should have to wait for it to end."""
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((coming, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    return None if stop.is_set() else await coming


async def prepare(found: Installation, fleet: Fleet, kept: Kept) -> None:
    """Only what is not there yet."""
    known = await found.database.read(lambda connection: panels.all_of(connection, EVERYTHING))
    names = {panel.name for panel in known}
    for simulated in fleet.panels:
        if simulated.name not in names:
            keys = {"admin_key": simulated.admin_key, "services_key": simulated.services_key}
            await store(found, attached(simulated), keys)
    there = {person.username for person in await found.database.read(staff.all_of)}
    for name, role, allowed in people(fleet):
        if name not in there:
            await enrol(found, name, role, allowed, kept.passwords[name])
    await demo_ai.prepare(found, fleet.panels[0].url)


def attached(simulated: Simulated) -> Panel:
    return Panel(
        id=0,
        name=simulated.name,
        kind="perfect_panel",
        url=simulated.url,
        currency=simulated.currency,
        time_zone=simulated.time_zone,
        rate=RATE,
        private=True,
    )


def people(fleet: Fleet) -> list[tuple[str, str, list[str] | None]]:
    """Name, role and panels (None: all). The viewer sees less, so that there is a difference to see."""
    return [("admin", "admin", None), ("support", "support", None), ("viewer", "viewer", [fleet.panels[0].name])]


def announce(found: Installation, kept: Kept, folder: Path, as_json: bool) -> None:
    address = f"http://{HOST}:{found.settings.web.port}"
    if as_json:
        machine({"address": address, "sign_in": kept.passwords, "folder": str(folder)})
        return
    unsafe = unsafe_sqlite()
    told = [f"  {name:<8} {password}" for name, password in kept.passwords.items()]
    say("\n".join(["", f"  {address}", "", *told, "", f"  Database and log: {folder}", *([unsafe] if unsafe else [])]))
    say("  AI answers are canned here: no model is asked. Ctrl-C ends all of it.\n")


async def follow(found: Installation, stop: asyncio.Event) -> None:
    """Tell how far the first reading is, then only wait."""
    began = time.monotonic()
    if await filling(found):
        with shown("orders") as show:
            while (left := await filling(found, show)) and not stop.is_set():
                await pause(stop)
        if not left:
            note(
                f"All orders of the last {found.settings.sync.retention_days} days are read, after {time.monotonic() - began:.0f} s."
            )
    await stop.wait()


async def filling(found: Installation, show: Show = lambda name, count: None) -> bool:
    """Whether some panel's past is still being read."""
    now = SystemClock().now()
    known = await found.database.read(lambda connection: panels.all_of(connection, EVERYTHING))
    read = await found.database.read(lambda connection: feeds.all_of(connection, EVERYTHING, now, "orders"))
    names = {panel.id: panel.name for panel in known}
    for feed in read:
        show(names[feed.panel_id], feed.cached)
    return any(feed.is_filling for feed in read)


async def pause(stop: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(LOOK_EVERY):
            await stop.wait()
    except TimeoutError:
        return
