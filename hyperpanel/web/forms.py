"""Fields of a posted form, by name: one that was not asked for is refused rather than ignored."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar.connection import Request

from hyperpanel.errors import HyperpanelError
from hyperpanel.web.guards import FIELD


class StrangeForm(HyperpanelError):
    """It has a field that no page of ours sends, or one of another kind."""


async def fields(request: Request[Any, Any, Any], *names: str) -> Mapping[str, str]:
    """Those that were sent, each once and as text."""
    return (await fields_and_list(request, "", *names))[0]


async def fields_and_list(
    request: Request[Any, Any, Any], many: str, *names: str
) -> tuple[Mapping[str, str], Sequence[str]]:
    """The same, and all values of the one field that may come more than once."""
    form = await request.form()
    for name, value in form.multi_items():
        is_known = name in (*names, many, FIELD) and isinstance(value, str) and "\x00" not in value
        if not is_known or (name != many and len(form.getall(name)) > 1):
            raise StrangeForm(name)
    found = {name: value for name, value in form.items() if name not in (many, FIELD)}
    return found, [str(value) for value in form.getall(many, [])]
