"""Static files, from a list made once at start: what is not in it does not exist, and nothing walks folders for a
request.

Their addresses carry a digest of all of them together (style sheets name fonts relative to themselves, so one digest
serves both ways of naming a file), and may be kept for ever. They are compressed once, as small as it gets; pages are
compressed as they leave (`compression`).
"""

import gzip
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".woff2": "font/woff2",
    ".png": "image/png",
}
COMPRESSED = frozenset({".css", ".js", ".svg", ".txt"})
PREFIX = "/static/"
STYLES, SHEET = "styles", "app.css"
SCRIPTS, SCRIPT = "scripts", "app.js"
"""The console's own style sheets and scripts, which each leave as one, in the order of their names."""

AI_SCRIPTS, AI_SCRIPT = "scripts_ai", "ai.js"
"""A module of its own, for the pages that ask a model, with a copy of what finds things on a page."""

SEAM = re.compile(rb"^import .*\n|^export (?=(?:const|let|function) )", re.MULTILINE)
"""What makes modules of scripts: in one file they see each other anyhow, so no two may have the same name at the top."""

REMARK = re.compile(rb"^[ \t]*(?://.*|/\*.*?\*/)\n", re.MULTILINE)
"""Lines for those who edit the scripts, which browsers need not be sent: a sixth of them."""

JOINED = (STYLES, SCRIPTS, AI_SCRIPTS)


@dataclass(frozen=True)
class Asset:
    body: bytes
    zipped: bytes | None
    media_type: str
    etag: str


class Assets:
    def __init__(self, folder: Path) -> None:
        self.files = {
            place.relative_to(folder).as_posix(): asset(place.read_bytes(), place.suffix)
            for place in sorted(folder.rglob("*"))
            if place.is_file() and place.suffix in MEDIA_TYPES and place.parent.name not in JOINED
        }
        self.files[SHEET] = asset(
            b"".join(place.read_bytes() for place in sorted((folder / STYLES).glob("*.css"))), ".css"
        )
        self.files[SCRIPT] = script(sorted((folder / SCRIPTS).glob("*.js")))
        self.files[AI_SCRIPT] = script([folder / SCRIPTS / "0-dom.js", *sorted((folder / AI_SCRIPTS).glob("*.js"))])
        together = "".join(f"{name}{file.etag}" for name, file in self.files.items())
        self.release = hashlib.sha256(together.encode()).hexdigest()[:12]

    def address(self, name: str) -> str:
        """Raises KeyError for a file that is not there: a template that names one is wrong."""
        if name not in self.files:
            raise KeyError(name)
        return f"{PREFIX}{self.release}/{name}"

    def find(self, path: str) -> tuple[Asset | None, bool]:
        """The file, and whether this address will never hold another."""
        release, _, name = path.lstrip("/").partition("/")
        if release == self.release:
            return self.files.get(name), True
        return self.files.get(path.lstrip("/")) or self.files.get(name), False


def script(places: Iterable[Path]) -> Asset:
    return asset(b"".join(SEAM.sub(b"", REMARK.sub(b"", place.read_bytes())) for place in places), ".js")


def asset(body: bytes, suffix: str) -> Asset:
    zipped = gzip.compress(body, 9, mtime=0) if suffix in COMPRESSED and len(body) >= 1024 else None
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return Asset(body, zipped, MEDIA_TYPES[suffix], etag)
