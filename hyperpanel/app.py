"""The web process put together: settings and database in, a console out; and serving it until told to stop."""

import asyncio
import errno
import gc
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from functools import cache, partial
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import uvicorn
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
from hyperpanel.errors import BadSettings, Unusable
from hyperpanel.paths import STATIC
from hyperpanel.support import ai_report_runs, removals
from hyperpanel.vault import Vault, open_vault
from hyperpanel.web import (
    account,
    account_acts,
    activity,
    ages,
    ai_analyses,
    ai_ledger,
    ai_messages,
    ai_prompt_acts,
    ai_prompt_trying,
    ai_prompts,
    ai_report_acts,
    ai_report_files,
    ai_report_plans,
    ai_reports,
    ai_settings,
    ai_settings_acts,
    announcement_acts,
    announcements,
    api_document,
    api_key_acts,
    api_keys,
    api_pages,
    console_panels,
    cookies,
    dashboard,
    description_acts,
    descriptions,
    errors,
    export_acts,
    export_runs,
    exports,
    help,
    help_topics,
    home,
    imports,
    invites,
    languages,
    live,
    margins,
    orders,
    panel_adding,
    panel_editing,
    panel_removal,
    panel_upload,
    panels,
    payments,
    personal,
    personal_acts,
    preferences,
    profile_acts,
    profiles,
    providers,
    reported,
    reported_acts,
    schedule_acts,
    schedules,
    search,
    service_refresh,
    service_snoozes,
    service_speeds,
    service_tracking,
    services,
    sessions,
    set_aside,
    set_aside_acts,
    staff,
    staff_acts,
    staff_adding,
    styleguide,
    sync,
    sync_acts,
    sync_feeds,
    sync_pauses,
    sync_runs,
    sync_settings,
    ticket_fetching,
    ticket_flag_acts,
    ticket_flags,
    ticket_tracking,
    tickets,
    user_tracking,
    users,
    view_acts,
    view_counts,
    views,
)
from hyperpanel.web.addresses import parts
from hyperpanel.web.api_document import Known
from hyperpanel.web.assets import Assets
from hyperpanel.web.door import Door
from hyperpanel.web.formats import Signs
from hyperpanel.web.guards import genuine, permitted, require_permissions
from hyperpanel.web.hub import Hub
from hyperpanel.web.templates import Pages
from hyperpanel.web.visits import Console
from sync.clocks import Clock

LARGEST_BODY = 65_536
GRACE = 3
ROUTES = [
    dashboard.index,
    home.health,
    home.static,
    sessions.new,
    sessions.create,
    sessions.delete,
    account.index,
    account_acts.password,
    account_acts.end,
    account_acts.end_others,
    activity.index,
    activity.show,
    preferences.index,
    preferences.update,
    live.live,
    styleguide.index,
    announcements.index,
    announcements.new,
    announcements.edit,
    announcement_acts.create,
    announcement_acts.update,
    announcement_acts.end,
    announcement_acts.resume,
    announcement_acts.read,
    ai_analyses.create,
    ai_settings.edit,
    ai_settings_acts.update,
    ai_settings_acts.test,
    ai_settings_acts.switch,
    ai_prompts.index,
    ai_prompts.new,
    ai_prompts.edit,
    ai_prompts.show,
    ai_prompt_acts.create,
    ai_prompt_acts.update,
    ai_prompt_acts.revert,
    ai_prompt_acts.use,
    ai_prompt_acts.delete,
    ai_prompt_acts.restore,
    ai_prompt_trying.create,
    ai_prompt_trying.score,
    ai_ledger.index,
    ai_ledger.file,
    help.index,
    help.show,
    search.index,
    orders.index,
    orders.show,
    tickets.index,
    tickets.show,
    ai_messages.translate,
    ai_messages.intent,
    ai_messages.choose,
    ticket_tracking.staff,
    ticket_tracking.services,
    ai_reports.index,
    ai_reports.show,
    ai_report_files.file,
    ai_report_plans.new,
    ai_report_acts.begin,
    ai_report_acts.go_on,
    ai_report_acts.stop,
    ai_report_acts.delete,
    ticket_flags.index,
    ticket_flag_acts.dispute,
    ticket_flag_acts.decide,
    ticket_fetching.index,
    ticket_fetching.start,
    users.index,
    users.show,
    payments.index,
    payments.show,
    personal.index,
    personal.edit,
    personal.about,
    personal_acts.create,
    personal_acts.update,
    personal_acts.remove,
    personal_acts.restore,
    services.index,
    services.show,
    views.index,
    view_counts.counts,
    view_acts.create,
    view_acts.update,
    view_acts.rename,
    view_acts.share,
    view_acts.unshare,
    view_acts.remove,
    view_acts.restore,
    service_refresh.refresh,
    descriptions.edit,
    descriptions.update,
    description_acts.export,
    imports.index,
    imports.create,
    imports.result,
    reported.index,
    reported.new,
    reported.show,
    reported_acts.create,
    reported_acts.resolve,
    reported_acts.reopen,
    service_tracking.index,
    service_tracking.show,
    service_snoozes.create,
    service_snoozes.end,
    service_snoozes.every,
    service_snoozes.undo,
    service_speeds.update,
    profiles.index,
    profiles.new,
    profiles.pick,
    profiles.edit,
    profile_acts.create,
    profile_acts.update,
    profile_acts.remove,
    user_tracking.index,
    user_tracking.show,
    providers.index,
    providers.show,
    margins.index,
    margins.file,
    schedules.index,
    schedules.file,
    schedules.new,
    schedule_acts.create,
    schedule_acts.pause,
    schedule_acts.resume,
    schedule_acts.remove,
    exports.index,
    exports.file,
    export_acts.begin,
    export_acts.stop,
    export_acts.delete,
    sync.index,
    sync_acts.pause,
    sync_acts.pause_because,
    sync_acts.resume,
    sync_acts.resume_here,
    sync_acts.run,
    sync_acts.pause_panel,
    sync_acts.explain_panel,
    sync_acts.resume_panel,
    sync_acts.run_panel,
    sync_runs.index,
    sync_settings.edit,
    sync_settings.update,
    sync_pauses.edit,
    sync_feeds.show,
    sync_feeds.backfill,
    set_aside.index,
    set_aside.show,
    set_aside_acts.retry,
    set_aside_acts.dismiss,
    set_aside_acts.restore,
    set_aside_acts.decide,
    staff.index,
    staff.roles,
    staff_adding.new,
    staff_adding.create,
    staff.edit,
    staff_acts.update,
    staff_acts.link,
    staff_acts.disable,
    staff_acts.enable,
    staff_acts.name,
    invites.show,
    invites.take,
    panels.index,
    panels.pause,
    panels.resume,
    panel_adding.new,
    panel_adding.create,
    panel_adding.try_out,
    panel_editing.edit,
    panel_editing.update,
    panel_editing.test,
    panel_removal.removal,
    panel_removal.remove,
    panel_upload.upload,
    panel_upload.add,
    panel_upload.example,
    console_panels.new,
    console_panels.look,
    console_panels.create,
    api_pages.index,
    api_pages.show,
    api_keys.index,
    api_keys.new,
    api_keys.edit,
    api_key_acts.create,
    api_key_acts.update,
    api_key_acts.rotate,
    api_key_acts.revoke,
]


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


async def serve(
    settings: Settings,
    database: Database | None = None,
    stop: asyncio.Event | None = None,
    ready: Callable[[str], None] = lambda address: None,
    vault: Vault | None = None,
) -> None:
    """Answers until `stop` is set, or without one until Ctrl-C or SIGTERM. Raises Unusable for a port in use."""
    app = create_app(settings, database, vault=vault)
    listening = listen(settings.web)
    server = Server(
        uvicorn.Config(
            app,
            http="httptools",
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE,
        )
    )
    stop = stop or stopped_by_signals()
    ended = asyncio.create_task(server.end_after(stop, hub_of(app)))
    settle_memory()
    ready(f"http://{settings.web.host}:{listening.getsockname()[1]}")
    try:
        await server.serve(sockets=[listening])
    finally:
        ended.cancel()
        listening.close()


class Server(uvicorn.Server):
    """Uvicorn without its own hold on signals: they belong to whoever put the process together."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def end_after(self, stop: asyncio.Event, hub: Hub) -> None:
        """Uvicorn waits for answers under way: those to open pages would last for minutes."""
        await stop.wait()
        hub.close()
        self.should_exit = True


def hub_of(app: Litestar) -> Hub:
    door: Any = app.asgi_handler
    hub: Hub = door.console.hub
    return hub


def listen(web: Web) -> socket.socket:
    """Taken before anything starts, so that a busy port is one sentence and not a trace."""
    family = socket.AF_INET6 if ":" in web.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # asyncio leaves this out where a socket does not name its protocol; small answers then waited 40 ms for the client.
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        made.bind((web.host, web.port))
    except OSError as problem:
        made.close()
        raise Unusable(unusable(web, problem)) from None
    made.listen(512)
    made.setblocking(False)
    return made


def unusable(web: Web, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return (
            f"Port {web.port} on {web.host} is in use, perhaps by another hyperpanel. End that one, or choose another "
            "port with --port or web.port."
        )
    return f"Nothing can listen at {web.host}:{web.port}: {problem.strerror}. Change web.host or web.port."


def stopped_by_signals() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def settle_memory() -> None:
    """What was loaded stays: looking through it again and again made the slowest pages ten times slower than the
    median."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
