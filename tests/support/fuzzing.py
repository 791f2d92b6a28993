"""Calls of every shape that the API's document allows, or does not: sent to a console in process, and each answer held against the document.

Hypothesis asks and waits, a console answers in an event loop: so the asking is done in a thread beside it.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

import httpx2
import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase, given
from requests import Request
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.generation.drivers import CoverageGenerator
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.generation.hypothesis.examples import generate_one
from schemathesis.generation.overrides import Override
from schemathesis.generation.stateful import run_state_machine_as_test
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support.staged import Stage

T = TypeVar("T")
CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
"""Nothing is answered that the document does not say: no status, no type, no header and no body."""

SAFE = ("GET", "HEAD")
SEED = 9
LINKED = "^/(orders|payments|tickets|users|services|changes|panels)"
"""Where lists lead to their records and pages: the more other calls there are, the more rarely a walk follows any of these."""

NOT_BUILT = 501
LONGEST = 60_000
"""What a client would not send is cut there."""


@dataclass
class Asked:
    """`count`: the calls made so far; `answered`: those that were told what they asked for."""

    client: httpx2.AsyncClient
    loop: asyncio.AbstractEventLoop
    base: str
    headers: Mapping[str, str]
    count: int = 0
    answered: set[str] = field(default_factory=set)

    def send(self, case: Any, headers: Mapping[str, str] | None = None) -> httpx2.Response:
        """As it would leave a client: written out by the library that a script would use. The key is a good one, whatever was made up."""
        self.count += 1
        told = case.as_transport_kwargs(base_url=self.base)
        sent: Any = Request(**{name: told[name] for name in WRITTEN if name in told}).prepare()
        given = {**sent.headers, **self.headers, **(headers or {})}
        asking = self.client.request(sent.method, sent.url[:LONGEST], headers=given, content=sent.body)
        return asyncio.run_coroutine_threadsafe(asking, self.loop).result()

    def judge(self, case: Any) -> httpx2.Response:
        """Raises for an answer that the document does not tell of."""
        answer = self.send(case)
        assert answer.status_code < 500 or answer.status_code == NOT_BUILT, f"{case.as_curl_command()}: {answer.text}"
        if is_nowhere(answer):
            return answer
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code == 200:
            self.answered.add(case.operation.label)
        return answer


def asking(staged: Stage, key: str) -> Asked:
    base = f"{staged.address}/adminapi/v2"
    return Asked(staged.browser(), asyncio.get_running_loop(), base, {"X-Api-Key": key})


def is_nowhere(answer: httpx2.Response) -> bool:
    """A value with a slash makes another path of it, which is no call of the document: what is said then stands at its beginning."""
    return answer.status_code == 200 and NOWHERE in answer.content[:200]


NOWHERE = b'"error_code":100'
WRITTEN = ("method", "url", "headers", "params", "json", "data", "cookies")


async def beside(work: Callable[[], T]) -> T:
    return await asyncio.to_thread(work)


def operations(schema: BaseSchema) -> list[APIOperation[Any, Any, Any, Any]]:
    found = list(schema.get_all_operations())
    good = [one.ok() for one in found if isinstance(one, Ok)]
    assert len(good) == len(found), found
    return good


def at_the_edges(operation: APIOperation[Any, Any, Any, Any]) -> Iterator[Any]:
    """What stands in the document as an example, then each limit of each parameter, from both sides."""
    yield from (generate_one(one) for one in operation.get_strategies_from_examples())
    config = operation.schema.config.generation_for(operation=operation, phase="coverage")
    yield from CoverageGenerator(
        operation=operation,
        generation_modes=list(GenerationMode),
        generation_config=config,
        auth_storage=None,
        override=Override(),
        feedback=NO_FEEDBACK,
    )


def first(operation: APIOperation[Any, Any, Any, Any]) -> Any:
    return next(at_the_edges(operation))


def few(operation: APIOperation[Any, Any, Any, Any], most: int, act: Callable[[Any], Any]) -> None:
    for case in islice(at_the_edges(operation), most):
        act(case)


def few_of(chosen: Iterable[APIOperation[Any, Any, Any, Any]], most: int, act: Callable[[Any], Any]) -> None:
    for operation in chosen:
        few(operation, most, act)


def taken_in_turn(schema: BaseSchema, most: int) -> Iterator[Any]:
    """Of each call the same number, one after the other, until there are so many."""
    yield from islice(in_turn([at_the_edges(one) for one in operations(schema)]), most)


def in_turn(sources: Sequence[Iterator[Any]]) -> Iterator[Any]:
    left = list(sources)
    while left:
        for source in list(left):
            case = next(source, None)
            if case is None:
                left.remove(source)
            else:
                yield case


def throw(schema: BaseSchema, mode: GenerationMode, most: int, act: Callable[[Any], Any]) -> None:
    """So many calls with values that fit the document, or with some that do not."""

    @hypothesis.seed(SEED)
    @hypothesis.settings(settings(most))
    @given(schema.as_strategy(generation_mode=mode))
    def each(case: Any) -> None:
        act(case)

    each()


def walk(schema: BaseSchema, walks: int, steps: int, act: Callable[[Any], Any]) -> None:
    """Calls that follow one another along the links of the document."""

    linked = schema.include(method="GET", path_regex=LINKED)

    class Walk(linked.as_state_machine()):  # type: ignore[misc] # it is made at run time
        def step(self, input: Any) -> Any:
            """It begins as anybody would: filters at random find nothing, and nothing leads on."""
            if input.transition is None and input.case.method == "GET":
                input.case.query = {}
            return super().step(input)

        def call(self, case: Any, **_: Any) -> Any:
            return schemathesis.Response.from_any(act(case))

        def validate_response(self, *_: Any, **__: Any) -> None:
            """Done where the call is."""

    run_state_machine_as_test(Walk, settings=hypothesis.settings(settings(walks), stateful_step_count=steps))


def settings(most: int) -> hypothesis.settings:
    return hypothesis.settings(
        max_examples=most,
        phases=[Phase.generate],
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
