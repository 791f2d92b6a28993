"""The document of the API, in OpenAPI 3.1: made once, of the handlers that answer, so that it says what they do.

Litestar tells of each handler what it takes and gives. Added here is what holds for all of them: the scope, the key, every refusal, the
headers, lists as lines, an example of each answer, and links from what is told to what can be asked next.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from litestar import Litestar
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.routes import HTTPRoute

from hyperpanel.api.asking import ANY, PUBLIC
from hyperpanel.api.documented_refusals import headers_of, refusals
from hyperpanel.api.errors import JSON
from hyperpanel.api.listing import NDJSON
from hyperpanel.client.envelopes import Refusal
from hyperpanel.support.schemas import PARTS, PREFIX, Schemas, resolved, sample, ways

VERSION = "2"
TITLE = "hyperpanel"
ABOUT = (
    "Reads over all panels that a key may see, by the paths and in the envelope of Perfect Panel's Admin API. A path that there is not answers "
    "200 with error_code 100, as a panel does. Times are in UTC but for `created` and its like, which are told as the panel's clocks show them."
)
BASE = "/adminapi/v2"
MODULES = re.compile(r"hyperpanel\.(?:\w+\.)+")
RATES = {
    "X-RateLimit-Limit": "Calls a minute that this key may make.",
    "X-RateLimit-Remaining": "Calls that it may make now.",
    "X-RateLimit-Reset": "Seconds until all of them may be made again.",
}
CSV = "text/csv"
AS_LINES = {"schema": {"type": "string", "description": "A record in each line, and at last how many they were."}}
AS_TABLE = {"schema": {"type": "string", "description": "A column for each figure."}}
EXAMPLES = {
    "order_id": "906386",
    "payment_id": "181680",
    "ticket_id": "255",
    "service_id": "170",
    "record_id": "906386",
    "panel": "eu-1",
    "stream": "orders",
}
"""Of what stands in a path."""

ASKED: Mapping[str, Mapping[str, str | int]] = {
    "orders.index": {"order_status": "fail", "limit": 10},
    "payments.index": {"payment_status": "completed", "limit": 10},
    "users.index": {"username": "kadir"},
    "tickets.index": {"status": "pending", "limit": 10},
    "services.index": {"panel": "eu-1", "limit": 10},
}
"""What a call is shown with."""

SENT: Mapping[str, Mapping[str, Any]] = {"sync.run": {"plan": "head"}}
"""What a body holds in an example, where that is more than it has to."""

CODES = {201: "It was done.", 202: "It was taken up.", 200: "What was asked for."}
METHODS = frozenset({"get", "post", "put", "delete"})


def document(routes: Sequence[Any], dependencies: Mapping[str, Provide]) -> dict[str, Any]:
    config = OpenAPIConfig(title=TITLE, version=VERSION, description=ABOUT, use_handler_docstrings=True)
    app = Litestar([*routes], dependencies=dict(dependencies), openapi_config=config, logging_config=None)
    made: dict[str, Any] = renamed(app.openapi_schema.to_schema())
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    schemas |= msgspec.json.schema_components([Refusal], ref_template="#/components/schemas/{name}")[1]
    describe(schemas)
    handlers: dict[tuple[str, str], BaseRouteHandler] = dict(handlers_of(app))
    paths = {path: made["paths"][path] for path in dict.fromkeys(path for path, _ in handlers)}
    for path, item in paths.items():
        for method in METHODS.intersection(item):
            tell(item[method], path, method, handlers[path, method], schemas)
    link(paths, schemas)
    made["components"]["securitySchemes"] = {"key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}}
    return {**made, "servers": [{"url": BASE}], "paths": paths}


def handlers_of(app: Litestar) -> Iterator[tuple[tuple[str, str], BaseRouteHandler]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                if "scope" in handler.opt:
                    for method in handler.http_methods:
                        yield (route.path_format, method.lower()), handler


def renamed(told: dict[str, Any]) -> dict[str, Any]:
    """Records by their own names: where they stand in the code is nobody's business. Raises LookupError where two would be called alike."""
    schemas = told.get("components", {}).get("schemas", {})
    names = {key: MODULES.sub("", key).replace("_", "") for key in schemas}
    if len(set(names.values())) < len(names):
        raise LookupError(f"Two records of the API have one name: {sorted(names)}.")
    made: dict[str, Any] = pointing({**told, "components": {}}, names)
    made["components"] = {"schemas": {names[key]: pointing(schema, names) for key, schema in schemas.items()}}
    return made


def pointing(node: Any, names: Mapping[str, str]) -> Any:
    """The same with every reference by those names."""
    if isinstance(node, dict):
        return {
            key: reference(value, names) if key == "$ref" else pointing(value, names) for key, value in node.items()
        }
    return [pointing(one, names) for one in node] if isinstance(node, list) else node


def reference(text: str, names: Mapping[str, str]) -> str:
    return PREFIX + names[text.removeprefix(PREFIX)]


def describe(schemas: Mapping[str, dict[str, Any]]) -> None:
    """What stands in the code above the fields of a record."""
    known = {one.__name__: one.__dict__.get("__doc__") for one in shapes(msgspec.Struct)}
    for name, schema in schemas.items():
        if words := known.get(name):
            schema["description"] = " ".join(words.split())


def shapes(of: type) -> Iterator[type]:
    found: list[type] = type.__subclasses__(of)
    for one in found:
        if one.__module__.startswith("hyperpanel.client."):
            yield one
        yield from shapes(one)


def tell(operation: dict[str, Any], path: str, method: str, handler: BaseRouteHandler, schemas: Schemas) -> None:
    scope = handler.opt["scope"]
    words = " ".join(str(operation.get("description", "")).split())
    operation["summary"] = words.partition(". ")[0].rstrip(".")
    operation["tags"] = [path.strip("/").partition("/")[0]]
    operation["description"] = words if scope in (PUBLIC, ANY) else f"{words} Scope: `{scope}`."
    operation["security"] = [] if scope == PUBLIC else [{"key": []}]
    if scope not in (PUBLIC, ANY):
        operation["x-scope"] = scope
    asked = ASKED.get(str(handler.name), {})
    operation["parameters"] = [parameter(one, asked) for one in operation.get("parameters", ())]
    if "requestBody" in operation:
        sends(operation["requestBody"]["content"][JSON], SENT.get(str(handler.name), {}), schemas)
    told = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
    operation["responses"] = told | refusals(path, method, operation, handler)
    for status, answer in told.items():
        answered(answer, status, schemas, {one["name"] for one in operation["parameters"]})
        answer["headers"] = {} if scope == PUBLIC else headers_of(RATES)


def sends(body: dict[str, Any], more: Mapping[str, Any], schemas: Schemas) -> None:
    """With what a body has to hold, and no more than is said."""
    schema = next(resolved(schemas, way) for way in ways(body["schema"]))
    body["example"] = {name: sample(schemas, schema["properties"][name]) for name in schema.get("required", ())} | dict(
        more
    )


def parameter(told: Mapping[str, Any], asked: Mapping[str, str | int]) -> dict[str, Any]:
    """A query holds no null: a parameter without a value is left out."""
    schema = dict(told.get("schema", {}))
    for part in PARTS:
        ways = [way for way in schema.pop(part, ()) if way.get("type") != "null"]
        schema |= ways[0] if len(ways) == 1 else {part: ways} if ways else {}
    schema = {name: value for name, value in schema.items() if name not in ("description",) and value is not None}
    kept = {name: told[name] for name in ("name", "in", "description") if name in told}
    example = (EXAMPLES if told["in"] == "path" else asked).get(told["name"])
    shown = {} if example is None else {"example": example}
    return {**kept, "required": told.get("required", False), "schema": schema, **shown}


def answered(answer: dict[str, Any], status: str, schemas: Schemas, names: Collection[str]) -> None:
    answer["description"] = CODES.get(int(status), "It was done.")
    content = answer.get("content", {})
    if JSON in content:
        content[JSON]["example"] = sample(schemas, content[JSON]["schema"])
        lines, table = is_list(content[JSON]["schema"], schemas) or "format" in names, "format" in names
        content |= ({NDJSON: AS_LINES} if lines else {}) | ({CSV: AS_TABLE} if table else {})


def is_list(schema: Mapping[str, Any], schemas: Schemas) -> bool:
    data = resolved(schemas, schema).get("properties", {}).get("data", {})
    return "list" in resolved(schemas, data).get("properties", {})


def link(paths: Mapping[str, Any], schemas: Schemas) -> None:
    """From a list to its next page and to each of its records; from changes to those that come after them."""
    for path, item in paths.items():
        told = item.get("get", {}).get("responses", {}).get("200", {})
        schema = told.get("content", {}).get(JSON, {}).get("schema")
        if schema and is_list(schema, schemas):
            told["links"] = dict(links(path, item["get"], paths))


def links(path: str, operation: Mapping[str, Any], paths: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    names = {one["name"] for one in operation["parameters"]}
    if "cursor" in names:
        yield "next", onward(operation, cursor="$response.body#/pagination/next_cursor")
    if "since" in names:
        yield "later", onward(operation, since="$response.body#/data/next_cursor")
    for place, item in paths.items():
        rest = place.removeprefix(f"{path}/")
        if place != rest and re.fullmatch(r"{\w+}", rest) and "get" in item:
            yield "record", onward(item["get"], **dict(of_the_first(rest.strip("{}"), item["get"])))


def of_the_first(name: str, operation: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What names the first record of a list; the panel too, since several may have its id."""
    row = "$response.body#/data/list/0"
    yield name, f"{row}/{'name' if name == 'panel' else 'id'}"
    if name != "panel" and any(one["name"] == "panel" for one in operation["parameters"]):
        yield "panel", f"{row}/panel"


def onward(operation: Mapping[str, Any], **parameters: str) -> dict[str, Any]:
    return {"operationId": operation["operationId"], "parameters": parameters}
