"""Calls of every shape that the document allows, or does not, made by schemathesis: no bug, and no answer that the document does not tell of.

1,500 of them, the same each time; 20,000 with --full. Only calls that follow one another by links may write.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from schemathesis.generation import GenerationMode
from sqlalchemy import text

from hyperpanel.api import frame
from hyperpanel.db.schema import api_keys, api_uses, metadata
from tests.support import fuzzing, planting
from tests.support.calls import Scripts
from tests.support.fuzzing import SAFE, Asked, beside
from tests.support.staged import Stage

pytestmark = pytest.mark.timeout(900)


@dataclass(frozen=True)
class Many:
    """How many calls of each kind; a walk is of STEPS calls."""

    edges: int
    fitting: int
    unfitting: int
    walks: int


STEPS = 5
QUICK, FULL = Many(500, 300, 300, 80), Many(2000, 6500, 6500, 1000)
"""1,500 calls, and 20,000: as many edges as there are."""

KEYLESS = {"GET /health"}
KEPT_BY_USE = {api_keys, api_uses}
"""What every call with a key writes: when it was last used, and how much of its limit is left."""

REACHED = ("orders/{order_id}", "payments/{payment_id}", "tickets/{ticket_id}", "services/{service_id}")
"""Nobody guesses the number of a record: these are answered to who came along a link, wherever a walk happens to lead."""

ROWS = range(1000, 1030)


@pytest.fixture
def many(request: pytest.FixtureRequest) -> Many:
    return FULL if request.config.getoption("--full") else QUICK


@pytest.fixture(scope="module")
def schema() -> Any:
    return schemathesis.openapi.from_dict(frame.document())


@pytest.fixture
async def asked(staged: Stage, scripts: Scripts) -> Asked:
    await planting.read_all(staged.database)
    await planting.plant(staged.database, ROWS)
    key = await scripts.key(panels=None, per_minute=1_000_000)
    return fuzzing.asking(staged, key)


async def test_the_edges_of_every_parameter_are_answered_as_the_document_says(schema, asked, many):
    await beside(lambda: [asked.judge(case) for case in fuzzing.taken_in_turn(schema, many.edges)])
    assert asked.count >= many.edges


async def test_what_fits_the_document_is_answered_as_it_says(schema, asked, many):
    await beside(lambda: fuzzing.throw(schema, GenerationMode.POSITIVE, many.fitting, asked.judge))
    assert asked.count >= many.fitting


async def test_what_does_not_fit_the_document_is_answered_as_it_says(schema, asked, many):
    await beside(lambda: fuzzing.throw(schema, GenerationMode.NEGATIVE, many.unfitting, asked.judge))
    assert asked.count >= many.unfitting


async def test_calls_along_the_links_of_the_document_are_answered_as_it_says(schema, asked, many):
    await beside(lambda: fuzzing.walk(schema, many.walks, STEPS, asked.judge))
    assert asked.count >= many.walks * STEPS
    assert len({f"GET /{path}" for path in REACHED} & asked.answered) > 1


async def test_no_call_is_answered_without_its_key(schema, asked):
    def without(operation: Any) -> int:
        return int(asked.send(fuzzing.first(operation), headers={"x-api-key": ""}).status_code)

    told = await beside(lambda: {one.label: without(one) for one in fuzzing.operations(schema)})
    assert {label for label, status in told.items() if status != 401} == KEYLESS


async def test_nothing_is_written_by_reading(staged, schema, asked):
    reading = [operation for operation in fuzzing.operations(schema) if operation.method.upper() in SAFE]
    before = await held(staged)
    await beside(lambda: fuzzing.few_of(reading, 5, asked.send))
    assert await held(staged) == before
    assert asked.count > 2 * len(reading)


async def held(staged: Stage) -> dict[str, str]:
    """A fingerprint of each table."""
    names = [table.name for table in metadata.sorted_tables if table not in KEPT_BY_USE]
    rows = {name: await staged.rows(text(f'select * from "{name}"')) for name in names}
    return {name: hashlib.sha256(repr(found).encode()).hexdigest() for name, found in rows.items()}
