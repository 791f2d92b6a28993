"""Settings: a TOML file, each key also by environment (HYPERPANEL_DATABASE__URL=…), checked as a whole before anything starts.

The file is the one named by --config, else by HYPERPANEL_CONFIG, else `config.toml` in the current folder, where there is one.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from hyperpanel.errors import BadSettings

PREFIX = "HYPERPANEL_"
OTHER_VARIABLES = frozenset({"CONFIG", "VENV", "PYTHON", "STRICT", "CHROMIUM", "TEST_POSTGRES", "KEY", "REMOTE_KEY"})
"""HYPERPANEL_… names that are no settings: the launcher's, the tests', and the keys by which scripts and --remote ask a console."""

Port = Annotated[int, Meta(ge=0, le=65535)]
Seconds = Annotated[float, Meta(gt=0)]
Hours = Annotated[float, Meta(gt=0)]


class Database(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    url: str = "sqlite:///hyperpanel.db"
    readers: Annotated[int, Meta(ge=1, le=64)] = 4


class Web(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    host: str = "127.0.0.1"
    port: Port = 8000
    public_url: str = ""
    plain_http: bool = False
    proxies: tuple[str, ...] = ()
    idle_minutes: Annotated[int, Meta(ge=1)] = 30
    session_hours: Annotated[int, Meta(ge=1)] = 12
    language: str = "en"
    time_zone: str = "UTC"
    exports_folder: str = "export-files"
    exports_hours: Annotated[int, Meta(ge=1, le=720)] = 24


class Security(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key_file: str = "hyperpanel.key"
    key: str = ""

    def __repr__(self) -> str:
        return f"Security(key_file={self.key_file!r}, key=***)"


class Sync(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    head_seconds: Seconds = 30
    watch_seconds: Seconds = 30
    refresh_seconds: Seconds = 120
    users_seconds: Seconds = 120
    payments_seconds: Seconds = 60
    tickets_seconds: Seconds = 30
    threads_seconds: Seconds = 1800
    walk_seconds: Seconds = 600
    services_seconds: Seconds = 3600
    sweep_hours: Hours = 24
    pace_range: Annotated[float, Meta(ge=1, le=20)] = 4
    per_fetch: Annotated[int, Meta(ge=1, le=1000)] = 1000
    retention_days: Annotated[int, Meta(ge=1, le=3650)] = 90
    at_once: Annotated[int, Meta(ge=1, le=200)] = 50


class Reports(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    folder: str = "report-files"
    quick_characters: Annotated[int, Meta(ge=0, le=1000)] = 25
    quick_seconds: Annotated[int, Meta(ge=0, le=3600)] = 30
    quick_weight: Annotated[float, Meta(ge=0, le=100)] = 50
    repeat_weight: Annotated[float, Meta(ge=0, le=100)] = 50


class Api(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    per_minute: Annotated[int, Meta(ge=1, le=600_000)] = 300
    changes_days: Annotated[int, Meta(ge=1, le=90)] = 7
    reads_at_once: Annotated[int, Meta(ge=1, le=64)] = 2
    read_seconds: Annotated[float, Meta(ge=0.01, le=600)] = 20


class Log(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    level: str = "info"
    json: bool = False


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    database: Database = Database()
    web: Web = Web()
    security: Security = Security()
    sync: Sync = Sync()
    reports: Reports = Reports()
    api: Api = Api()
    log: Log = Log()


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Raises BadSettings, naming the file or variable, the key, and what would be right."""
    chosen = path or (Path(environ[PREFIX + "CONFIG"]) if environ.get(PREFIX + "CONFIG") else None)
    place = chosen or Path("config.toml")
    data = read(place) if chosen or place.exists() else {}
    try:
        msgspec.convert(data, Settings)
    except msgspec.ValidationError as problem:
        raise BadSettings(f"{place}: {plain(problem)}. See config.example.toml.") from None
    return with_environment(data, environ)


def anchored(settings: Settings, folder: Path) -> Settings:
    """With the folders of report files and of exports as they are meant, beside the settings file. The database and the master key are told
    that when opened."""
    reports = msgspec.structs.replace(settings.reports, folder=str(folder / settings.reports.folder))
    web = msgspec.structs.replace(settings.web, exports_folder=str(folder / settings.web.exports_folder))
    return msgspec.structs.replace(settings, reports=reports, web=web)


def read(place: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(place.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadSettings(
            f"There is no settings file {place}. Copy config.example.toml to it, or leave --config out."
        ) from None
    except (OSError, UnicodeDecodeError) as problem:
        raise BadSettings(f"The settings file {place} cannot be read: {problem}.") from None
    except tomllib.TOMLDecodeError as problem:
        raise BadSettings(f"The settings file {place} is not valid TOML: {problem}.") from None


def with_environment(data: dict[str, Any], environ: Mapping[str, str]) -> Settings:
    settings = msgspec.convert(data, Settings)
    for name, text in sorted(environ.items()):
        if not name.startswith(PREFIX) or name.removeprefix(PREFIX) in OTHER_VARIABLES:
            continue
        section, _, key = name.removeprefix(PREFIX).lower().partition("__")
        if not key:
            raise BadSettings(f"The variable {name} is no setting. Settings are named like HYPERPANEL_DATABASE__URL.")
        data = {**data, section: {**data.get(section, {}), key: value(text, section, key)}}
        try:
            settings = msgspec.convert(data, Settings, strict=False)
        except msgspec.ValidationError as problem:
            raise BadSettings(f"The variable {name}: {plain(problem)}. See config.example.toml.") from None
    return settings


def value(text: str, section: str, key: str) -> str | list[str]:
    """Lists are written with commas; everything else is converted by the setting's own type."""
    return [part.strip() for part in text.split(",") if part.strip()] if (section, key) == ("web", "proxies") else text


def plain(problem: msgspec.ValidationError) -> str:
    """`Object contains unknown field `prot` - at `$.web`` as a person would say it."""
    text, _, place = str(problem).partition(" - at ")
    where = place.strip("`").removeprefix("$").removeprefix(".")
    said = text.replace("Object contains unknown field", "unknown setting")
    return f"{said} in [{where}]" if where else said
