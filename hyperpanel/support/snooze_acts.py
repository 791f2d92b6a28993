"""Services put aside, and taken back: a page, a command and the API do the same, each act in the audit.

What a snooze keeps of the report (its window and measure, the score and what was stuck) is computed anew when it is set: "until worse" is
told by these.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import audit, picks, services, snoozes
from hyperpanel.db.audit import Act
from hyperpanel.db.scope import Scope
from hyperpanel.errors import Missing
from hyperpanel.support import snoozing
from hyperpanel.support.service_tracking import Row
from hyperpanel.support.snoozing import Wish

LONGEST_WHY = 500
Acting = Callable[..., Act]


@dataclass(frozen=True)
class Named:
    """A service's row of the report, with the name of its panel."""

    panel: str
    row: Row


def known(connection: Connection, scope: Scope, panel_id: int, service_id: str) -> bool:
    """Whether the catalogue has it. Raises Missing where no order names it either."""
    if services.one(connection, scope, panel_id, service_id) is not None:
        return True
    if not picks.ordered(connection, scope, [panel_id], service_id):
        raise Missing("service")
    return False


async def put(transaction: AsyncConnection, those: Sequence[Named], wish: Wish, act: Acting) -> None:
    """One that runs already is replaced."""
    await snoozes.put(transaction, [snoozing.new(one.row, wish) for one in those], wish.now)
    until = wish.until.isoformat() if wish.until else ""
    for one in those:
        target = f"{one.panel}/{one.row.service_id}"
        told = act("snooze", target, one.row.panel_id, wakes=wish.wakes, until=until, why=wish.why)
        await audit.write(transaction, told, wish.now)


async def end(
    transaction: AsyncConnection,
    scope: Scope,
    panel: str,
    service: tuple[int, str],
    by: str,
    act: Acting,
    now: datetime,
) -> int:
    """How many ended: one, or none where it did not run."""
    ended = await snoozes.end(transaction, scope, [service], by, now)
    if ended:
        await audit.write(transaction, act("snooze-end", f"{panel}/{service[1]}", service[0]), now)
    return ended
