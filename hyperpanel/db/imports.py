"""The history of files that were taken in: who, when, what became of each row. Seen by whoever may see every panel that a file had.

A panel that is removed takes its part of an import away; what is left is for those alone who see all panels.
"""

import json
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import import_panels, imports
from hyperpanel.db.scope import Scope
from hyperpanel.errors import Missing

ON_PAGE = 50


@dataclass(frozen=True)
class Import:
    """`counts`: how many rows became what."""

    id: int
    kind: str
    file_name: str
    by: str
    at: datetime
    valid_only: bool
    counts: Mapping[str, int]


TOLD = tuple(imports.c[name] for name in Import.__dataclass_fields__)


def newest(connection: Connection, scope: Scope, kind: str, before: int | None = None) -> list[Import]:
    """One more than stand on a page, if there are so many: from the newest, or from before that one."""
    asked = select(*TOLD).where(imports.c.kind == kind, seen(scope))
    if before is not None:
        asked = asked.where(imports.c.id < before)
    rows = asked.order_by(imports.c.id.desc()).limit(ON_PAGE + 1).execution_options(scoped=True)
    return [told(row) for row in connection.execute(rows)]


def result(connection: Connection, scope: Scope, kind: str, number: int) -> bytes | None:
    mine = (imports.c.kind == kind, imports.c.id == number, seen(scope))
    packed = connection.scalar(select(imports.c.result).where(*mine).execution_options(scoped=True))
    return None if packed is None else zlib.decompress(packed)


def seen(scope: Scope) -> ColumnElement[bool]:
    if scope.panel_ids is None:
        return imports.c.id.is_not(None)
    mine = scope.select(func.count(import_panels.c.panel_id)).where(import_panels.c.import_id == imports.c.id)
    return mine.correlate(imports).scalar_subquery() == imports.c.panels


def told(row: object) -> Import:
    values = dict(zip(Import.__dataclass_fields__, row, strict=True))  # type: ignore[call-overload] # a row of TOLD
    return Import(**{**values, "counts": json.loads(values["counts"])})


async def keep(
    connection: AsyncConnection,
    made: Import,
    panel_ids: Collection[int],
    result: bytes,
) -> int:
    """Its number. That of `made` is none yet. Raises Missing where a panel is gone."""
    values = {name: value for name, value in vars(made).items() if name != "id"}
    values |= {"counts": json.dumps(made.counts), "result": zlib.compress(result), "panels": len(panel_ids)}
    number = (await connection.execute(insert(imports).values(**values).returning(imports.c.id))).scalar_one()
    rows = [{"panel_id": panel_id, "import_id": number} for panel_id in sorted(panel_ids)]
    try:
        await connection.execute(insert(import_panels), rows)
    except IntegrityError:
        raise Missing("panel") from None
    return int(number)
