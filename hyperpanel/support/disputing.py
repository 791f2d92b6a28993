"""Who may see and dispute a flag on a reply, and the two acts themselves, each with its reason and in the audit."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.config import Reports
from hyperpanel.db import audit, disputes
from hyperpanel.db.audit import Act
from hyperpanel.db.disputes import DECISIONS, Dispute, Flag, Reply
from hyperpanel.db.scope import Scope
from hyperpanel.db.sources import Source
from hyperpanel.db.staff import Person
from hyperpanel.errors import BadInput, Refused
from hyperpanel.support import roles, ticket_tracking
from reports.ticket_staff import FLAGS, MESSAGE, folded
from reports.windows import Window

LONGEST = 500
KEY = {"panel_id": pl.Int64, "ticket_id": pl.String, "id": pl.String}
NO_REASON = "Say why, in 1 to 500 characters."
STRANGE = "There is no such flag or decision."
NOT_FLAGGED = "This reply does not carry that flag now."
INSTANT = timedelta(seconds=1)


def is_own(person: Person, sender: str) -> bool:
    """Whether a reply is this person's: panels know staff by name alone."""
    return folded(person.username) == folded(sender)


def may_see(person: Person, sender: str) -> bool:
    """Everybody sees their own replies; those of others, whoever measures staff."""
    return is_own(person, sender) or roles.may(person.role, "staff:measure")


def may_decide(person: Person, found: Dispute) -> bool:
    """Nobody judges their own reply, nor what they said themselves."""
    is_partial = is_own(person, found.staff) or is_own(person, found.by)
    return not is_partial and roles.may(person.role, "disputes:decide")


def may_dispute(person: Person, sender: str) -> bool:
    return may_see(person, sender) and (is_own(person, sender) or roles.may(person.role, "disputes:raise"))


def reason(text: str) -> str:
    """Raises BadInput."""
    said = " ".join(text.split())
    if not 1 <= len(said) <= LONGEST:
        raise BadInput(NO_REASON, "why")
    return said


def flagged(source: Source, scope: Scope, settings: Reports, replies: Sequence[Reply]) -> pl.DataFrame:
    """These replies with what they are flagged for now, by the measure that leaves nothing out. Those that are gone, or without a time, are not
    among them."""
    found = [
        ticket_tracking.strictly(source, scope.narrowed([panel_id]), Window(at, at + INSTANT), settings)
        for panel_id, at in sorted({(one.panel_id, one.created_at) for one in replies if one.created_at is not None})
    ]
    wanted = pl.DataFrame([(one.panel_id, one.ticket_id, one.id) for one in replies], schema=KEY, orient="row")
    return pl.concat(found).unique(MESSAGE).join(wanted, on=MESSAGE, how="semi") if found else pl.DataFrame()


def carries(found: pl.DataFrame, flag: Flag) -> bool:
    return found.height > 0 and bool(found[flag.flag].any())


def flag_of(panel_id: int, ticket_id: str, message_id: str, flag: str) -> Flag:
    if flag not in FLAGS:
        raise BadInput(STRANGE, "flag")
    return Flag(panel_id, ticket_id, message_id, flag)


async def dispute(
    transaction: AsyncConnection,
    person: Person,
    flag: Flag,
    sender: str,
    why: str,
    act: Callable[..., Act],
    now: datetime,
) -> None:
    """A flag that is there: `flagged` tells. Raises Refused, BadInput, and Conflict for one that was disputed before."""
    if not may_dispute(person, sender):
        raise Refused("not this person's reply")
    told = Dispute(**vars(flag), staff=sender, by=person.username, why=reason(why), at=now)
    await disputes.begin(transaction, told)
    await audit.write(transaction, act("dispute", target(flag), flag.panel_id, staff=sender, why=told.why), now)


async def decide(
    transaction: AsyncConnection,
    person: Person,
    found: Dispute,
    decision: str,
    why: str,
    act: Callable[..., Act],
    now: datetime,
) -> None:
    """Raises BadInput, Refused, and Conflict for whoever comes second."""
    if decision not in DECISIONS:
        raise BadInput(STRANGE, "decision")
    said, flag = reason(why), found.key
    if not may_decide(person, found):
        raise Refused("nobody decides on their own reply or dispute")
    await disputes.decide(transaction, flag, decision, person.username, said, now)
    told = act("dispute-decide", target(flag), flag.panel_id, decision=decision, why=said)
    await audit.write(transaction, told, now)


def target(flag: Flag) -> str:
    return f"{flag.ticket_id}/{flag.message_id}/{flag.flag}"
