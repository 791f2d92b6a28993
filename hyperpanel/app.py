"""The web process put together: settings and database in, a console out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache, partial
from ipaddress import ip_network
from pathlib import Path
from zoneinfo import ZoneInfo

from litestar import Litestar
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send
from litestar_htmx import HTMXRequest

from hyperpanel.ai.desk import Desk
from hyperpanel.api import frame as api_frame
from hyperpanel.api.callers import Api
from hyperpanel.api.door import Door as ApiDoor
from hyperpanel.api.door import is_api
from hyperpanel.clock import SystemClock
from hyperpanel.config import Settings, Web
from hyperpanel.db.engine import Database, address
from hyperpanel.errors import BadSettings
from hyperpanel.paths import STATIC
from hyperpanel.support import ai_report_runs, removals
from hyperpanel.vault import Vault, open_vault
from hyperpanel.web import (
    ages,
    api_document,
    cookies,
    errors,
    export_runs,
    help_topics,
    languages,
)
from hyperpanel.web.addresses import parts
from hyperpanel.web.api_document import Known
from hyperpanel.web.assets import Assets
from hyperpanel.web.door import Door
from hyperpanel.web.formats import Signs
from hyperpanel.web.guards import genuine, permitted, require_permissions
from hyperpanel.web.hub import Hub
from hyperpanel.web.routes import ROUTES
from hyperpanel.web.templates import Pages
from hyperpanel.web.visits import Console
from sync.clocks import Clock

LARGEST_BODY = 65_536


def create_app(
    settings: Settings,
    database: Database | None = None,
    clock: Clock | None = None,
    pseudo_rtl: bool = False,
    vault: Vault | None = None,
) -> Litestar:
    """Opens the settings' database and master key unless it is given them; closes only what it opened. Raises BadSettings, Unusable."""
    own = database is None
    database = database or Database(address(settings.database.url, Path.cwd()), settings.database.readers)
    console = put_together(settings, database, clock or SystemClock(), pseudo_rtl, vault)
    api = api_of(console)

    @asynccontextmanager
    async def life(_: Litestar) -> AsyncIterator[None]:
        console.work(removals.take_up(database, console.clock))
        console.work(export_runs.watch(console))
        console.work(ai_report_runs.watch(console.ai, console.reporting))
        yield
        await console.settle()
        await api.settle()
        if own:
            await database.close()

    app = Litestar(
        ROUTES,
        guards=[permitted, genuine],
        exception_handlers={Exception: errors.answer},
        request_class=HTMXRequest,
        request_max_body_size=LARGEST_BODY,
        lifespan=[life],
        logging_config=None,
        openapi_config=None,
    )
    require_permissions(app)
    app.asgi_handler = Split(app.asgi_handler, console, api_frame.build(api))
    return app


def api_of(console: Console) -> Api:
    return Api(console.settings, console.database, console.vault, console.clock, console.lines)


class Split(Door):
    """Pages through their door; calls of the admin API through its own, which knows nothing of cookies."""

    def __init__(self, inside: ASGIApp, console: Console, api: ApiDoor) -> None:
        super().__init__(inside, console)
        self.api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and is_api(scope["path"]):
            await self.api(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def put_together(
    settings: Settings, database: Database, clock: Clock, pseudo_rtl: bool, vault: Vault | None
) -> Console:
    known = languages.load(pseudo_rtl)
    check(settings.web, known)
    baked, assets = cookies.of(settings.web), Assets(STATIC)
    vault = vault or open_vault(settings.security, Path.cwd())
    return Console(
        settings=settings,
        database=database,
        vault=vault,
        clock=clock,
        languages=known,
        signs={code: Signs(language) for code, language in known.items()},
        pages=Pages(known, assets),
        assets=assets,
        topics=help_topics.load(assets),
        cookies=baked,
        hub=Hub(
            database, clock, timedelta(minutes=settings.web.idle_minutes), partial(ages.promise, settings=settings.sync)
        ),
        ai=Desk(database, vault, clock, ZoneInfo(settings.web.time_zone)),
        api=api_told(),
    )


@cache
def api_told() -> Known:
    return api_document.read(api_frame.document())


def check(web: Web, known: languages.Languages) -> None:
    if web.language not in known:
        raise BadSettings(f"web.language cannot be {web.language!r}. Choose one of {', '.join(known)}.")
    try:
        ZoneInfo(web.time_zone)
    except (ValueError, OSError, KeyError):
        raise BadSettings(f"web.time_zone {web.time_zone!r} is not known. Write it like Europe/Istanbul.") from None
    for proxy in web.proxies:
        check_proxy(proxy)
    if web.public_url and not is_web_address(web.public_url):
        raise BadSettings(
            f"web.public_url {web.public_url!r} is no web address. Write it like https://console.example, or leave it empty."
        )


def check_proxy(proxy: str) -> None:
    try:
        ip_network(proxy, strict=False)
    except ValueError:
        raise BadSettings(
            f"web.proxies cannot hold {proxy!r}. Write addresses or networks, such as 127.0.0.1 or 10.0.0.0/8."
        ) from None


def is_web_address(url: str) -> bool:
    found = parts(url)
    return found.scheme in ("http", "https") and bool(found.hostname)
