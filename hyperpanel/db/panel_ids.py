"""Numbers of panels, each given once: views, exports and the audit go on naming a panel after it was removed.

PostgreSQL's sequence gives none again; SQLite gives the largest one anew once its row is gone.
"""

from sqlalchemy import BigInteger, Select, cast, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import meta, panels
from hyperpanel.db.scope import EVERYTHING

NAME = "largest panel id removed"


async def remember(connection: AsyncConnection, panel_id: int) -> None:
    """In the transaction that takes the panel's row."""
    largest = max(panel_id, await connection.scalar(removed()) or 0)
    await connection.execute(delete(meta).where(meta.c.name == NAME))
    await connection.execute(insert(meta).values(name=NAME, value=str(largest)))


async def given(connection: AsyncConnection, many: int) -> list[dict[str, int]]:
    """The ids of so many new rows; nothing where the database numbers them."""
    if connection.dialect.name != "sqlite":
        return [{} for _ in range(many)]
    used = [await connection.scalar(EVERYTHING.select(func.max(panels.c.id))), await connection.scalar(removed())]
    first = 1 + max(number or 0 for number in used)
    return [{"id": first + place} for place in range(many)]


def removed() -> Select[int]:
    return select(cast(meta.c.value, BigInteger)).where(meta.c.name == NAME)
