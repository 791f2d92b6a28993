"""What all commands share: where the settings come from, and how a command ends when something is wrong."""

import os
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import rich_click as click
from click import Abort, ClickException, UsageError

from hyperpanel.db.machines import COMMAND_LINE
from hyperpanel.errors import HyperpanelError

if TYPE_CHECKING:
    from hyperpanel.config import Settings
    from hyperpanel.db.opening import Installation

T = TypeVar("T")
click.rich_click.TEXT_PARAGRAPH_LINEBREAKS = "\n\n"
click.rich_click.PADDING_HELPTEXT_FIRST_LINE = (0, 1, 1, 0)
ACTOR = COMMAND_LINE
INTERRUPTED = 130

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


@dataclass(frozen=True)
class Place:
    """The settings file, where one was named."""

    config: Path | None = None

    def settings(self) -> "Settings":
        from hyperpanel.config import anchored, load

        return anchored(load(self.config, os.environ), self.folder)

    @property
    def file(self) -> Path | None:
        """Where the settings are read from, as hyperpanel.config chooses it; None where there is no such file."""
        named = self.config or os.environ.get("HYPERPANEL_CONFIG")
        found = Path(named) if named else Path("config.toml")
        return found.resolve() if named or found.exists() else None

    @property
    def folder(self) -> Path:
        """Relative paths in the settings are read from beside the settings file, else from the current folder."""
        return self.file.parent if self.file else Path.cwd()


in_place = click.make_pass_decorator(Place, ensure=True)


@asynccontextmanager
async def installation(place: Place) -> AsyncIterator["Installation"]:
    """The database with its master key, for as long as the block lasts."""
    from hyperpanel.cli import logs
    from hyperpanel.db.opening import opened

    settings = place.settings()
    logs.set_up(settings.log, least="warning")
    found = await opened(settings, place.folder)
    try:
        yield found
    finally:
        await found.database.close()


def run(work: Coroutine[Any, Any, T]) -> T:
    """On uvloop, where there is one: a page costs about a twentieth less."""
    if sys.platform == "win32":
        import asyncio

        return asyncio.run(work)
    import uvloop

    return uvloop.run(work)


class Commands(click.RichGroup):
    """Ends every command the same way, whoever raised: one line, and an exit code that says whose turn it is."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            code = super().main(*args, **{**kwargs, "standalone_mode": False})
        except Abort:
            sys.exit(INTERRUPTED)
        except UsageError as wrong:
            fail(usage(wrong), 2)
        except ClickException as wrong:
            fail(wrong.format_message(), wrong.exit_code)
        except HyperpanelError as problem:
            fail(str(problem), 1)
        except Exception as bug:
            from hyperpanel.cli import logs

            fail(logs.told(bug), 1)
        if code:
            sys.exit(code)


def usage(wrong: UsageError) -> str:
    path = wrong.ctx.command_path if wrong.ctx else "hyperpanel"
    return f"{wrong.format_message().rstrip('.')}. See: {path} --help"


def fail(sentence: str, code: int) -> NoReturn:
    complain(sentence)
    sys.exit(code)


def complain(sentence: str) -> None:
    """One line on stderr, whatever the sentence holds."""
    from hyperpanel.cli.output import one_line

    click.echo(f"{click.style('Error:', fg='red')} {one_line(sentence)}", err=True)
