"""Who may see and dispute a flag on a reply, and the two acts themselves, each with its reason and in the audit."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import audit, disputes
from hyperpanel.db.audit import Act
from hyperpanel.db.disputes import DECISIONS, Dispute, Flag
from hyperpanel.db.staff import Person
from hyperpanel.errors import BadInput, Refused
from hyperpanel.support import roles
from reports.ticket_staff import FLAGS, folded

LONGEST = 500
NO_REASON = "Say why, in 1 to 500 characters."
STRANGE = "There is no such flag or decision."


def is_own(person: Person, sender: str) -> bool:
    """Whether a reply is this person's: panels know staff by name alone."""
    return folded(person.username) == folded(sender)


def may_see(person: Person, sender: str) -> bool:
    """Everybody sees their own replies; those of others, whoever measures staff."""
    return is_own(person, sender) or roles.may(person.role, "staff:measure")


def may_dispute(person: Person, sender: str) -> bool:
    return may_see(person, sender) and (is_own(person, sender) or roles.may(person.role, "disputes:raise"))


def reason(text: str) -> str:
    """Raises BadInput."""
    said = " ".join(text.split())
    if not 1 <= len(said) <= LONGEST:
        raise BadInput(NO_REASON, "why")
    return said


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
    """Raises Refused, BadInput, and Conflict for a flag that was disputed before."""
    if not may_dispute(person, sender):
        raise Refused("not this person's reply")
    told = Dispute(**vars(flag), staff=sender, by=person.username, why=reason(why), at=now)
    await disputes.begin(transaction, told)
    await audit.write(transaction, act("dispute", target(flag), flag.panel_id, staff=sender, why=told.why), now)


async def decide(
    transaction: AsyncConnection, flag: Flag, decision: str, by: str, why: str, act: Callable[..., Act], now: datetime
) -> None:
    """Raises BadInput, and Conflict for whoever comes second."""
    if decision not in DECISIONS:
        raise BadInput(STRANGE, "decision")
    said = reason(why)
    await disputes.decide(transaction, flag, decision, by, said, now)
    told = act("dispute-decide", target(flag), flag.panel_id, decision=decision, why=said)
    await audit.write(transaction, told, now)


def target(flag: Flag) -> str:
    return f"{flag.ticket_id}/{flag.message_id}/{flag.flag}"
