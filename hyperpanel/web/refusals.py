"""What was refused, for the activity log: a row in a transaction of its own, since what had begun is undone.

What anybody can try without end, passwords and links and the forms before sign-in, is told the first time in an hour, for each reason, name and
network: whoever goes on trying fills no table.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import audit, sign_ins
from hyperpanel.errors import BadInput, Missing, Refused
from hyperpanel.support.people_acts import MANAGE
from hyperpanel.web.visits import Visit

SECRETS = ("/invites/",)
"""Paths that end in something to keep."""

LONGEST_PATH = 200
ANOTHER_SITE, NO_LINK, RULES = "sent by another site", "a link that cannot be used", "not within the rules for staff"
TOO_MANY, WRONG_TOKEN = "too many tries", "a form that is not of this session"


def nameable(path: str) -> str:
    """Without the token of a link, which is as good as a password until it is used."""
    secret = next((start for start in SECRETS if path.startswith(start)), None)
    return f"{secret}…" if secret else path


async def tell(visit: Visit, actor: str = "", **details: Any) -> None:
    told = visit.act("refused", nameable(visit.url.path)[:LONGEST_PATH], actor=actor, **details)
    async with visit.write() as transaction:
        await audit.write(transaction, told, visit.now)


async def tell_first(visit: Visit, why: str, name: str = "", **details: Any) -> None:
    """`name` is somebody's, or empty."""
    if visit.console.firsts.is_first((why, name, sign_ins.network(visit.address)), visit.now):
        await tell(visit, name, why=why, **details)


@asynccontextmanager
async def acting(visit: Visit) -> AsyncIterator[AsyncConnection]:
    """A transaction in which the rules for staff are asked: what they refuse is told once it is undone."""
    try:
        async with visit.write() as transaction:
            yield transaction
    except Refused:
        await tell(visit, permission=MANAGE)
        raise
    except (BadInput, Missing):
        await tell(visit, why=RULES)
        raise
