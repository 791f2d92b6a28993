"""Reporting a service and resolving that: what has to be said, who may do what, and both written down with the audit.

A second report of a service that has an open one is a report of its own, once whoever makes it has seen the other: the two may tell of
different faults, and each person is told of an answer to their own words.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import audit, service_reports
from hyperpanel.db.audit import Act
from hyperpanel.db.scope import Scope
from hyperpanel.db.service_reports import OPEN, RESOLVED, New, Report
from hyperpanel.db.staff import Person
from hyperpanel.errors import BadInput
from hyperpanel.support import roles
from hyperpanel.support.wanted import N_

LONGEST = 1000
TOLD = 5
"""Of open reports, so many are shown to whoever is about to add another."""

Acting = Callable[..., Act]


def reason(text: str) -> str:
    """Raises BadInput."""
    said = plain(text)
    if not 1 <= len(said) <= LONGEST:
        raise BadInput(N_("Say what is wrong, in 1 to 1000 characters."), "reason")
    return said


def words(text: str) -> str | None:
    """Of whoever resolves: none are needed. Raises BadInput."""
    said = plain(text)
    if len(said) > LONGEST:
        raise BadInput(N_("Say it in at most 1000 characters."), "words")
    return said or None


def plain(text: str) -> str:
    """Browsers end lines with two characters, and count one."""
    return text.replace("\r\n", "\n").strip()


def may_settle(person: Person | None, report: Report) -> bool:
    """Whoever resolves reports, and whoever made this one."""
    if person is None:
        return False
    return roles.may(person.role, "reported:resolve") or is_own(person, report)


def is_own(person: Person, report: Report) -> bool:
    return roles.may(person.role, "reported:raise") and person.username == report.by


async def report(
    transaction: AsyncConnection, scope: Scope, new: New, panel: str, seen: str, act: Acting, now: datetime
) -> Sequence[Report] | str:
    """Its id; or the open reports of the service that its author has not seen yet, and then nothing was written. `panel`: its name; `seen`:
    the newest report that was shown."""
    await service_reports.alone(transaction)
    service = (new.panel_id, new.service_id)
    others = await service_reports.unseen(transaction, scope, service, seen, TOLD)
    if others:
        return others
    made = await service_reports.add(transaction, new, now)
    told = act("service-report", f"{panel}/{new.service_id}", new.panel_id, why=new.reason)
    await audit.write(transaction, told, now)
    return made


async def resolve(
    transaction: AsyncConnection, found: Report, panel: str, by: str, said: str | None, act: Acting, now: datetime
) -> bool:
    """Whether nobody was first."""
    is_first = await service_reports.resolve(transaction, found, by, said, now)
    if is_first:
        before, after = {"status": OPEN}, {"status": RESOLVED, "words": said or ""}
        target = f"{panel}/{found.service_id}"
        told = act("report-resolve", target, found.panel_id, before=before, after=after, reported_by=found.by)
        await audit.write(transaction, told, now)
    return is_first


async def reopen(transaction: AsyncConnection, found: Report, panel: str, act: Acting, now: datetime) -> bool:
    """Whether its resolution still stood. What it said stays in the audit alone."""
    was_so = await service_reports.reopen(transaction, found)
    if was_so:
        before = {"status": RESOLVED, "resolved_by": found.resolved_by or "", "words": found.resolution or ""}
        target = f"{panel}/{found.service_id}"
        told = act("report-reopen", target, found.panel_id, before=before, after={"status": OPEN})
        await audit.write(transaction, told, now)
    return was_so
