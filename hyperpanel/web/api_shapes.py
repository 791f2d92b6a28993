"""What stands in the API's answers, read from the schemas of its document: each record with its fields and their types in words.

An envelope is around every answer and says nothing about it, so what is told of an answer begins with what stands in its `data`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hyperpanel.support.schemas import PARTS, Schema, Schemas, named, resolved, ways


@dataclass(frozen=True)
class Field:
    """`kind` is its type in words; `shape` the record that it is, or is a list of; `choices` all that it can be."""

    name: str
    kind: str
    shape: str | None
    choices: Sequence[str]
    is_always: bool
    told: str


@dataclass(frozen=True)
class Shape:
    key: str
    name: str
    told: str
    fields: Sequence[Field]


def title(schemas: Schemas, key: str) -> str:
    told: str = schemas[key].get("title") or key
    return told


def may_be_null(schema: Schema) -> bool:
    kinds = schema.get("type")
    return (
        "null" in kinds
        if isinstance(kinds, list)
        else any(w.get("type") == "null" for p in PARTS for w in schema.get(p, ()))
    )


def kind(schemas: Schemas, schema: Schema) -> str:
    told = list(dict.fromkeys(one_kind(schemas, way) for way in ways(schema)))
    return " or ".join([*told, "null"] if may_be_null(schema) else told)


def one_kind(schemas: Schemas, schema: Schema) -> str:
    if "$ref" in schema:
        return title(schemas, named(schema))
    if "enum" in schema or "const" in schema:
        return "string"
    kinds = schema.get("type", "any")
    kinds = [name for name in kinds if name != "null"] if isinstance(kinds, list) else [kinds]
    if kinds == ["array"]:
        return f"list of {kind(schemas, schema.get('items', {}))}"
    return " or ".join(kinds) + (f" ({schema['format']})" if "format" in schema else "")


def choices(schemas: Schemas, schema: Schema) -> list[str]:
    """Nothing where it is free."""
    found = [resolved(schemas, way) for way in ways(schema)]
    if any("enum" not in way and "const" not in way for way in found):
        return []
    return [str(value) for way in found for value in way.get("enum", [way.get("const")]) if value is not None]


def shape_in(schemas: Schemas, schema: Schema) -> str | None:
    """The record that it is, or is a list or a mapping of."""
    for way in ways(schema):
        if "$ref" in way and "properties" in resolved(schemas, way):
            return named(way)
        for inside in (way.get("items"), way.get("additionalProperties")):
            if isinstance(inside, Mapping) and (found := shape_in(schemas, inside)):
                return found
    return None


def fields(schemas: Schemas, schema: Schema) -> list[Field]:
    always = frozenset(schema.get("required", ()))
    return [
        Field(
            name,
            kind(schemas, of),
            shape_in(schemas, of),
            choices(schemas, of),
            name in always or "default" in of,
            str(of.get("description", "")),
        )
        for name, of in schema.get("properties", {}).items()
    ]


def shape(schemas: Schemas, key: str) -> Shape:
    schema = schemas[key]
    return Shape(key, title(schemas, key), str(schema.get("description", "")), fields(schemas, schema))


def within(schemas: Schemas, schema: Schema) -> dict[str, None]:
    """The records that an answer is made of, those that stand outermost first."""
    found: dict[str, None] = {}
    waiting = list(starts(schemas, schema))
    while waiting:
        key = waiting.pop(0)
        if key not in found:
            found[key] = None
            waiting += [one for of in schemas[key]["properties"].values() for one in keys(schemas, of)]
    return found


def starts(schemas: Schemas, schema: Schema) -> Iterator[str]:
    """Past the envelope, and past the list that counts."""
    outer = resolved(schemas, schema).get("properties", {})
    if "data" not in outer:
        return keys(schemas, schema)
    inner = resolved(schemas, outer["data"]).get("properties", {})
    return keys(schemas, inner["list"] if "list" in inner else outer["data"])


def keys(schemas: Schemas, schema: Schema) -> Iterator[str]:
    for way in ways(schema):
        inside = way.get("items") or way.get("additionalProperties")
        if "$ref" in way and "properties" in resolved(schemas, way):
            yield named(way)
        elif isinstance(inside, Mapping):
            yield from keys(schemas, inside)
