"""What every application of a test run would make anew, and alike: read, packed, compiled and registered once in each process.

Two thirds of a page test went into that. Each stage still has a console of its own, and the application for a real browser is made whole.
"""

from copy import copy
from functools import cache
from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from litestar import Litestar

from hyperpanel.api import frame as api_frame
from hyperpanel.app import Split, api_of, create_app, put_together
from hyperpanel.config import Settings
from hyperpanel.db.engine import Database
from hyperpanel.vault import Vault
from hyperpanel.web import assets, languages
from hyperpanel.web.door import Door
from hyperpanel.web.visits import Console
from sync.clocks import Clock

languages.texts = cache(languages.texts)
assets.asset = cache(assets.asset)


class Compiled(BytecodeCache):
    """Told apart by name and source, so that a template that changes is compiled again."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()
FIRST: list[Litestar] = []


def application(settings: Settings, database: Database, clock: Clock, vault: Vault, pseudo_rtl: bool) -> Litestar:
    """As create_app makes it, over a database that is the caller's to close. The routes are those of the first; they know no console."""
    if not FIRST:
        FIRST.append(create_app(settings, database, clock, pseudo_rtl, vault))
    made, door = copy(FIRST[0]), door_of(FIRST[0])
    console = compiled(put_together(settings, database, clock, pseudo_rtl, vault))
    made.asgi_handler = Split(door.inside, console, api_frame.build(api_of(console)))
    return made


def door_of(app: Litestar) -> Door:
    door: Any = app.asgi_handler
    assert isinstance(door, Door)
    return door


def compiled(console: Console) -> Console:
    for environment in console.pages.environments.values():
        environment.bytecode_cache = COMPILED
    return console
