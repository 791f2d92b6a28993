"""Schemas as a document of an API holds them, and a sample of what one describes: put together from the examples that stand beside the types."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
Schemas = Mapping[str, Schema]
PREFIX = "#/components/schemas/"
PARTS = ("oneOf", "anyOf", "allOf")
EMPTY: Mapping[str, Any] = {"string": "", "integer": 0, "number": 0, "boolean": False}
MOMENT = "2026-03-01T12:00:00Z"
DEEPEST = 8


def resolved(schemas: Schemas, schema: Schema) -> Schema:
    return schemas[named(schema)] if "$ref" in schema else schema


def named(schema: Schema) -> str:
    reference: str = schema["$ref"]
    return reference.removeprefix(PREFIX)


def ways(schema: Schema) -> list[Schema]:
    """What it may be, one by one; null is told apart."""
    found: list[Schema] = [way for part in PARTS for way in schema.get(part, ())]
    return [way for way in found if way.get("type") != "null"] or [schema]


def sample(schemas: Schemas, schema: Schema, depth: int = 0) -> Any:
    """What it can look like: its own example, else one made of those of its parts."""
    if schema.get("examples"):
        return schema["examples"][0]
    if "$ref" in schema:
        return sample(schemas, resolved(schemas, schema), depth)
    if "default" in schema or depth > DEEPEST:
        return schema.get("default")
    way = ways(schema)[0]
    return sample(schemas, way, depth) if way is not schema else made(schemas, schema, depth)


def made(schemas: Schemas, schema: Schema, depth: int) -> Any:
    if "enum" in schema or "const" in schema:
        return schema.get("const", next(iter(schema.get("enum", [None]))))
    if "properties" in schema:
        return {name: sample(schemas, of, depth + 1) for name, of in schema["properties"].items()}
    kinds = schema.get("type")
    first = next((name for name in kinds if name != "null"), "null") if isinstance(kinds, list) else kinds
    if first == "array":
        return [sample(schemas, schema["items"], depth + 1)] if "items" in schema else []
    if schema.get("format") == "date-time":
        return MOMENT
    return {} if first == "object" else EMPTY.get(str(first))
