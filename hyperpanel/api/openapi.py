"""The document itself, for programs that make clients, tests or pages of it."""

from typing import Any

from litestar import Request, get

from hyperpanel.api.asking import ANY


@get("/openapi.json", name="openapi.show", opt={"scope": ANY}, sync_to_thread=False)
def show(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """This document, in OpenAPI 3.1. It is made of the code that answers."""
    document: dict[str, Any] = request.app.state.document
    return document
