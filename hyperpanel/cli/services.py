"""`hyperpanel serve` and `work`: the processes that stay."""

import rich_click as click

from hyperpanel.cli.frame import Place, in_place


@click.command()
@click.option("--host", help="The address to answer at; else web.host of the settings.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; else web.port of the settings.")
@click.option("--with-worker", is_flag=True, help="Read the panels in this process too.")
@in_place
def serve(place: Place, host: str | None, port: int | None, with_worker: bool) -> None:
    """The console in a browser, until Ctrl-C.

    \b
    Example:
    $ hyperpanel serve --port 8080 --with-worker
    """
    from msgspec.structs import replace

    from hyperpanel.cli.staying import console, stay, worker

    settings = place.settings()
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = replace(settings, web=replace(settings.web, **given))
    stay(place, settings, [console, worker] if with_worker else [console])


@click.command()
@in_place
def work(place: Place) -> None:
    """Read the panels, until Ctrl-C.

    On PostgreSQL any number of these share the work.

    \b
    Example:
    $ hyperpanel work
    """
    from hyperpanel.cli.staying import stay, worker

    stay(place, place.settings(), [worker])
