"""The floor under every page: a text of the same size that is ready, from the console's own web server.

`bare`: a handler of Litestar's and nothing about it. `behind_the_door`: the same within the console, so with everything that each page goes
through whatever it shows: who asks (a look into the database), permissions, headers, a line in the log.
Run by servers.py: `python -m tests.bench.plain WAY PORT FILE CONFIG`.
"""

import sys
from pathlib import Path

import uvicorn
from litestar import Litestar, MediaType, get

from hyperpanel import app
from hyperpanel.cli import logs
from hyperpanel.cli.frame import run
from hyperpanel.config import load
from hyperpanel.db.opening import opened
from hyperpanel.serving import settle_memory
from hyperpanel.web.routes import ROUTES

TEXT = Path(sys.argv[3]).read_text(encoding="utf-8")


@get("/bench", media_type=MediaType.HTML, opt={"permission": "orders:read"})
async def ready() -> str:
    return TEXT


async def serve(way: str, port: int, config: Path) -> None:
    settings = load(config, {})
    logs.set_up(settings.log)
    with logs.kept():
        if way == "bare":
            inside = Litestar([ready], logging_config=None, openapi_config=None)
        else:
            ROUTES.append(ready)
            found = await opened(settings, config.parent)
            inside = app.create_app(settings, found.database, vault=found.vault)
        server = uvicorn.Server(
            uvicorn.Config(
                inside, port=port, http="httptools", ws="none", log_config=None, access_log=False, server_header=False
            )
        )
        settle_memory()
        await server.serve()


if __name__ == "__main__":
    run(serve(sys.argv[1], int(sys.argv[2]), Path(sys.argv[4])))
