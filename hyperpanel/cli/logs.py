"""The log: lines for people or JSON on stderr, set up here and nowhere else.

Whatever comes from outside may hold line ends or a terminal's escape sequences; they are written as text, so that nobody can add a
line to the log or move the cursor of whoever reads it.
"""

import logging
import os
import secrets
import sys
import tempfile
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, TextIO

import structlog
from click import ClickException
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

from hyperpanel.cli.output import one_line, plain
from hyperpanel.config import Log
from hyperpanel.errors import BadSettings, HyperpanelError

LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
    "critical": logging.CRITICAL,
}
CHATTY = ("aiosqlite", "alembic", "apscheduler", "asyncio", "httpcore2", "httpx2", "uvicorn")
STAMP = "timestamp"
OWN_NAMES = (STAMP, "level", "event", "exception")

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%SZ", utc=True, key=STAMP),
]


class Errors(logging.StreamHandler[TextIO]):
    """Writes to a file, or to whatever stderr is at that moment."""

    def __init__(self, file: TextIO | None) -> None:
        super().__init__(file)
        self.file = file

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = self.file or sys.stderr
        super().emit(record)


def set_up(log: Log, *, least: str = "debug", file: TextIO | None = None) -> None:
    """`least` is what a short command says at least; a long-running one says all that the settings ask for."""
    if log.level.lower() not in LEVELS:
        raise BadSettings(f"log.level is {log.level!r}, but must be one of {', '.join(LEVELS)}.")
    level = max(LEVELS[log.level.lower()], LEVELS[least])
    structlog.configure(
        processors=[*SHARED, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    handler = Errors(file)
    render: Processor = structlog.processors.JSONRenderer(default=str) if log.json else human
    last: list[Processor] = [ProcessorFormatter.remove_processors_meta, structlog.processors.format_exc_info, render]
    handler.setFormatter(ProcessorFormatter(foreign_pre_chain=SHARED, processors=last))
    root = logging.getLogger()
    root.handlers = [*(old for old in root.handlers if not isinstance(old, Errors)), handler]
    root.setLevel(level)
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def human(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    """`2026-01-31T12:00:00Z warning eu-1 refuses the key.  panel_id=1`; a traceback follows, indented."""
    facts = "".join(f" {name}={quoted(value)}" for name, value in event.items() if name not in OWN_NAMES)
    line = f"{event[STAMP]} {event['level']:<7} {one_line(str(event['event']))}{' ' if facts else ''}{facts}"
    lines = str(event["exception"]).split("\n") if event.get("exception") else []
    return "\n".join([line, *("    " + "".join(map(plain, text)) for text in lines)])


def quoted(value: object) -> str:
    text = "".join(map(plain, str(value)))
    return '"' + text.replace('"', '\\"') + '"' if not text or " " in text or '"' in text else text


@contextmanager
def kept() -> Iterator[None]:
    """Around a process that stays: its log holds the traceback of a fault, under the number that the person is told."""
    try:
        yield
    except (HyperpanelError, ClickException):
        raise
    except Exception as bug:
        number = secrets.token_hex(4)
        structlog.get_logger().error("a fault of this program", number=number, exc_info=bug)
        raise HyperpanelError(f"A fault of this program, number {number}. The log holds its traceback.") from None


def told(bug: BaseException) -> str:
    """The same for a command that ends at once: the traceback is kept in a file that only this user may read."""
    number = secrets.token_hex(4)
    text = "".join(traceback.format_exception(bug))
    try:
        descriptor, place = tempfile.mkstemp(prefix=f"hyperpanel-{number}-", suffix=".log")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError:
        return f"A fault of this program, number {number}: {type(bug).__name__}."
    return f"A fault of this program, number {number}. Its traceback is in {place}."
