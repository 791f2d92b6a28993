"""Where this console stands for people and scripts elsewhere: as its settings say, else as whoever asks came here."""

from litestar_htmx import HTMXRequest

from hyperpanel.web.visits import Visit


def base(request: HTMXRequest, visit: Visit) -> str:
    scheme = "https" if visit.console.cookies.secure else "http"
    return visit.console.settings.web.public_url.rstrip("/") or f"{scheme}://{request.headers.get('host', '')}"
