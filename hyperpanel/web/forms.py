"""Fields of a posted form, by name: one that was not asked for is refused rather than ignored."""

from collections.abc import Mapping
from typing import Any

from litestar.connection import Request

from hyperpanel.errors import HyperpanelError
from hyperpanel.web.guards import FIELD


class StrangeForm(HyperpanelError):
    """It has a field that no page of ours sends, or one of another kind."""


async def fields(request: Request[Any, Any, Any], *names: str) -> Mapping[str, str]:
    """Those that were sent, each once and as text."""
    form = await request.form()
    for name, value in form.multi_items():
        if name not in (*names, FIELD) or not isinstance(value, str) or "\x00" in value or len(form.getall(name)) > 1:
            raise StrangeForm(name)
    return {name: value for name, value in form.items() if name != FIELD}
