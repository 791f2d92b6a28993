"""The API's document as its pages show it. The document is made from the code that answers, so nothing is told here that is not so.

Calls are put together by the first word of their path. Those that never succeed, since a console does not write to panels yet, stand apart.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from hyperpanel.support.schemas import Schema, Schemas, sample, ways
from hyperpanel.web import api_shapes
from hyperpanel.web.api_shapes import Field, Shape

METHODS = ("get", "post", "put", "delete")
JSON = "application/json"
ROOT = re.compile(r"^.*?/adminapi/v2")
MOST_TOLD = 1_000_000_000
PARAMETER = re.compile(r"{(\w+)}")
SCOPE = " Scope: `"
"""Where a description tells of its scope, which stands apart on a page."""

NOT_ANCHOR = re.compile(r"\W+")


@dataclass(frozen=True)
class Parameter:
    """`place`: path or query. `fewest` and `most` are limits of a number."""

    name: str
    place: str
    kind: str
    choices: Sequence[str]
    is_required: bool
    default: str | None
    fewest: str | None
    most: str | None
    told: str


@dataclass(frozen=True)
class Answer:
    status: str
    told: str
    types: Sequence[str]


@dataclass(frozen=True)
class Call:
    """`asks`: what stands after the root of the API in the example; `sends`: its body, if it takes one."""

    anchor: str
    method: str
    path: str
    title: str
    told: str
    scope: str | None
    parameters: Sequence[Parameter]
    body: Sequence[Field]
    answers: Sequence[Answer]
    asks: str
    sends: str | None
    example: str | None
    refused: bool
    records: Sequence[str]

    @property
    def words(self) -> str:
        """What it is found by beside its path and title."""
        return " ".join([*(one.name for one in self.parameters), *(one.name for one in self.body), *self.records])


@dataclass(frozen=True)
class Resource:
    name: str
    calls: Sequence[Call]
    shapes: Sequence[Shape]


@dataclass(frozen=True)
class Refusal:
    status: str
    told: str


@dataclass(frozen=True)
class Known:
    """`resources` by name, in the order of the document; `refusals` of any of its calls."""

    resources: Mapping[str, Resource] = field(default_factory=dict)
    refusals: Sequence[Refusal] = ()


def read(document: Mapping[str, Any]) -> Known:
    return Known(resources(document), refusals(document))


def refusals(document: Mapping[str, Any]) -> list[Refusal]:
    """Each status once, as the first call tells it."""
    operations = [item[method] for item in document.get("paths", {}).values() for method in METHODS if method in item]
    found = {status: answer for told in reversed(operations) for status, answer in told["responses"].items()}
    return [
        Refusal(status, answer.get("description", ""))
        for status, answer in sorted(found.items())
        if not status.startswith("2")
    ]


def resources(document: Mapping[str, Any]) -> dict[str, Resource]:
    schemas: Schemas = document.get("components", {}).get("schemas", {})
    found: dict[str, list[tuple[Call, dict[str, None]]]] = {}
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                found.setdefault(resource_of(path), []).append(call(schemas, path, method, item[method]))
    return {name: resource(schemas, name, calls) for name, calls in found.items()}


def resource(schemas: Schemas, name: str, calls: Sequence[tuple[Call, Mapping[str, None]]]) -> Resource:
    shapes = dict.fromkeys(key for _, keys in calls for key in keys)
    return Resource(name, [call for call, _ in calls], [api_shapes.shape(schemas, key) for key in shapes])


def resource_of(path: str) -> str:
    return ROOT.sub("", path).strip("/").partition("/")[0].partition(".")[0]


def call(schemas: Schemas, path: str, method: str, told: Mapping[str, Any]) -> tuple[Call, dict[str, None]]:
    short = ROOT.sub("", path)
    parameters = [parameter(schemas, one) for one in told.get("parameters", ()) if one["in"] in ("path", "query")]
    answered = [answer for status, answer in told["responses"].items() if status.startswith("2")]
    records = dict.fromkeys(key for answer in answered for key in api_shapes.within(schemas, schema_of(answer)))
    body, sent = body_of(schemas, told)
    made = Call(
        anchor=NOT_ANCHOR.sub("-", f"{method} {short}").strip("-"),
        method=method.upper(),
        path=short,
        title=str(told.get("summary", "")),
        told=str(told.get("description", "")).partition(SCOPE)[0],
        scope=told.get("x-scope"),
        parameters=parameters,
        body=body,
        answers=[
            Answer(status, answer.get("description", ""), list(answer.get("content", ())))
            for status, answer in told["responses"].items()
        ],
        asks=asks(short, told),
        sends=sent,
        example=next((example(schemas, answer) for answer in answered), None),
        refused=not answered,
        records=[field.name for key in records for field in api_shapes.shape(schemas, key).fields],
    )
    return made, records


def parameter(schemas: Schemas, told: Mapping[str, Any]) -> Parameter:
    schema = told.get("schema", {})
    limits = ways(schema)[0]
    default = schema.get("default")
    return Parameter(
        name=told["name"],
        place=told["in"],
        kind=api_shapes.kind(schemas, schema).removesuffix(" or null"),
        choices=api_shapes.choices(schemas, schema),
        is_required=bool(told.get("required")),
        default=None if default in (None, "") else plain(default),
        fewest=number(limits.get("minimum")),
        most=number(limits.get("maximum")),
        told=str(told.get("description") or schema.get("description", "")),
    )


def number(limit: float | None) -> str | None:
    """Beyond what anybody would type it says nothing."""
    return None if limit is None or abs(limit) > MOST_TOLD else f"{limit:.0f}"


def plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def body_of(schemas: Schemas, told: Mapping[str, Any]) -> tuple[list[Field], str | None]:
    sent = told.get("requestBody", {}).get("content", {}).get(JSON)
    if not sent:
        return [], None
    key = next(api_shapes.keys(schemas, sent["schema"]), None)
    fields = api_shapes.fields(schemas, schemas[key] if key else sent["schema"])
    return fields, json.dumps(shown(schemas, sent), ensure_ascii=False)


def schema_of(answer: Mapping[str, Any]) -> Schema:
    schema: Schema = answer.get("content", {}).get(JSON, {}).get("schema", {})
    return schema


def example(schemas: Schemas, answer: Mapping[str, Any]) -> str | None:
    content = answer.get("content", {}).get(JSON)
    return json.dumps(shown(schemas, content), indent=2, ensure_ascii=False) if content else None


def shown(schemas: Schemas, content: Mapping[str, Any]) -> Any:
    if "example" in content:
        return content["example"]
    told = next(iter(content.get("examples", {}).values()), None)
    return told["value"] if told and "value" in told else sample(schemas, content["schema"])


def asks(path: str, told: Mapping[str, Any]) -> str:
    """The address of the example: each parameter that the document gives an example of, in its place."""
    given = dict(examples(told.get("parameters", ())))
    filled = PARAMETER.sub(lambda found: quote(given.get(f"path {found[1]}", found[0]), safe="{}"), path)
    query = urlencode(
        [(key.partition(" ")[2], value) for key, value in given.items() if key.startswith("query ")], safe=","
    )
    return f"{filled}?{query}" if query else filled


def examples(parameters: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for one in parameters:
        if "example" in one:
            yield f"{one['in']} {one['name']}", plain(one["example"])
