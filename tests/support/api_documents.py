"""A small document of an API, as the console's own is made."""

from typing import Any

JSON = "application/json"
REF = "#/components/schemas/"


def operation(status: str = "200", shape: str = "Listed", **told: Any) -> dict[str, Any]:
    """A call that answers with a record, and refuses whoever has no key."""
    answered = {status: {"description": "Told.", "content": {JSON: {"schema": {"$ref": REF + shape}}}}} if shape else {}
    refusal = {"description": "No good key.", "content": {JSON: {"schema": {}, "example": {"error_code": 401}}}}
    return {"summary": "Tell", "responses": {**answered, "401": refusal}, **told}


def query(name: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema}


LIMIT = query("limit", type="integer", minimum=1.0, maximum=1000.0, default=100) | {"example": 10}
STATUS = query("order_status", oneOf=[{"type": "string"}, {"type": "null"}], description="Of these.") | {
    "example": "fail"
}
NUMBER = {"name": "order_id", "in": "path", "required": True, "schema": {"type": "string"}, "example": "906386"}
SCHEMAS = {
    "Order": {
        "title": "Order",
        "properties": {"id": {"type": "integer", "examples": [906386]}, "provider": {"type": "string"}},
    },
    "Rows": {"properties": {"list": {"type": "array", "items": {"$ref": REF + "Order"}}}},
    "Listed": {"properties": {"data": {"$ref": REF + "Rows"}}},
    "Detail": {"properties": {"data": {"$ref": REF + "Order"}}},
}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "paths": {
        "/orders": {"get": operation(parameters=[STATUS, LIMIT], **{"x-scope": "orders:read"})},
        "/orders/resend": {"post": {"summary": "Resend", "responses": {"501": {"description": "Not yet."}}}},
        "/orders/{order_id}": {"get": operation(shape="Detail", parameters=[NUMBER])},
        "/health": {"get": operation(shape="", responses={"200": {"description": "It answers."}})},
    },
    "components": {"schemas": SCHEMAS},
}
