"""Answers made from templates: the whole page, or one of its blocks where htmx asks for that block by name."""

from collections.abc import Collection
from dataclasses import fields
from typing import Any

from litestar import Response
from litestar.enums import MediaType
from litestar_htmx import HTMXRequest

from hyperpanel.web.frame import Frame
from hyperpanel.web.visits import Visit, visit_of


def render(
    request: HTMXRequest, frame: Frame, name: str, view: Any, blocks: Collection[str] = (), status: int = 200
) -> Response[str]:
    """`view` is the page's dataclass; `blocks` are those that may be asked for alone. A restored history gets the
    page."""
    content = page(visit_of(request), frame, name, view, wanted_block(request, blocks))
    return Response(content, status_code=status, media_type=MediaType.HTML, headers={"Vary": "HX-Request"})


def see_other(place: str, **headers: str) -> Response[str]:
    """To be fetched with GET, whatever was done."""
    return Response("", status_code=303, media_type=MediaType.TEXT, headers={"Location": place, **headers})


def wanted_block(request: HTMXRequest, blocks: Collection[str]) -> str | None:
    target = request.htmx.target if request.htmx and not request.htmx.history_restore_request else None
    return target if target in blocks else None


def page(visit: Visit, frame: Frame, name: str, view: Any, block: str | None = None) -> str:
    template = visit.console.pages.template(visit.language, name)
    names = {field.name: getattr(view, field.name) for field in fields(view)} | {"frame": frame, "fmt": visit.fmt}
    if block is None:
        return template.render(names)
    return "".join(template.blocks[block](template.new_context(names)))
