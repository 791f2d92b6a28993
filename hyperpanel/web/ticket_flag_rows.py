"""Flagged replies as they are shown: a card for each ticket, its messages around them, and under each flagged one what is said of its flags."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hyperpanel.db.disputes import LIFTED, Dispute, Flag
from hyperpanel.db.messages import Message
from hyperpanel.support import disputing
from hyperpanel.web import thread_views
from hyperpanel.web.languages import N_
from hyperpanel.web.texts import shown
from hyperpanel.web.thread_views import Day
from hyperpanel.web.ticket_rows import place
from hyperpanel.web.ticket_tracking_rows import FLAG_LABELS, ticket_href
from hyperpanel.web.visits import Visit
from reports.ticket_staff import FLAGS, QUICK

DECIDED = {LIFTED: N_("lifted by %(who)s"), "stands": N_("stands, decided by %(who)s")}


@dataclass(frozen=True)
class Mark:
    """One flag of one reply. `why`: what made it; `disputed` and `decided`: who said what, and when; None where nobody did."""

    panel: str
    ticket: str
    message: str
    flag: str
    label: str
    why: str
    is_lifted: bool
    disputed: str
    disputed_why: str
    disputed_at: datetime | None
    decided: str
    decided_why: str
    decided_at: datetime | None
    may_dispute: bool
    may_decide: bool


@dataclass(frozen=True)
class Card:
    """`marks` by the id of the message under which they stand; `loose` are those whose message is not held."""

    panel: str
    id: str
    href: str
    days: Sequence[Day]
    marks: Mapping[str, Sequence[Mark]]
    loose: Sequence[Mark]


def cards(
    visit: Visit,
    names: Mapping[int, str],
    some: Sequence[Mapping[str, Any]],
    disputed: Mapping[Flag, Dispute],
    around: Mapping[tuple[int, str], Sequence[Message]],
) -> list[Card]:
    """In the order in which the first reply of each stands."""
    by_ticket: dict[tuple[int, str], list[Mapping[str, Any]]] = {}
    for row in some:
        by_ticket.setdefault((row["panel_id"], row["ticket_id"]), []).append(row)
    return [card(visit, names[key[0]], key, rows, disputed, around.get(key, ())) for key, rows in by_ticket.items()]


def card(
    visit: Visit,
    panel: str,
    key: tuple[int, str],
    rows: Sequence[Mapping[str, Any]],
    disputed: Mapping[Flag, Dispute],
    near: Sequence[Message],
) -> Card:
    href, ids = place("tickets", panel, key[1]), {one.id for one in near}
    marks = {row["id"]: [mark(visit, panel, row, flag, disputed) for flag in FLAGS if row[flag]] for row in rows}
    return Card(
        panel=panel,
        id=shown(key[1]) or "",
        href=ticket_href(panel, key[1]),
        days=thread_views.days(visit, thread_views.read(near), (), {}, href, False),
        marks={id: some for id, some in marks.items() if id in ids},
        loose=[one for id, some in marks.items() if id not in ids for one in some],
    )


def mark(visit: Visit, panel: str, row: Mapping[str, Any], flag: str, disputed: Mapping[Flag, Dispute]) -> Mark:
    found = disputed.get(Flag(row["panel_id"], row["ticket_id"], row["id"], flag))
    person = visit.person
    own_word = found is None and person is not None and disputing.may_dispute(person, row["sender"])
    to_decide = person is not None and found is not None and found.decision is None
    return Mark(
        panel=panel,
        ticket=row["ticket_id"],
        message=row["id"],
        flag=flag,
        label=visit.say(FLAG_LABELS[flag]),
        why=why(visit, row, flag),
        is_lifted=bool(found and found.decision == LIFTED),
        disputed=visit.say("disputed by %(who)s", who=shown(found.by) or "") if found else "",
        disputed_why=(shown(found.why, disputing.LONGEST) or "") if found else "",
        disputed_at=found.at if found else None,
        decided=decided(visit, found),
        decided_why=(shown(found.decided_why, disputing.LONGEST) or "") if found else "",
        decided_at=found.decided_at if found else None,
        may_dispute=own_word,
        may_decide=bool(to_decide and person and found and disputing.may_decide(person, found)),
    )


def decided(visit: Visit, found: Dispute | None) -> str:
    if found is None or found.decision is None:
        return ""
    return visit.say(DECIDED[found.decision], who=shown(found.decided_by) or "")


def why(visit: Visit, row: Mapping[str, Any], flag: str) -> str:
    """With this reply's own numbers; nothing where it is gone."""
    number = visit.fmt.number
    if row["length"] is None:
        return ""
    if flag != QUICK:
        times = row["follow_ups"]
        return visit.count(
            "the customer wrote %(number)s time before the next reply",
            "the customer wrote %(number)s times before the next reply",
            times,
            number=number(times),
        )
    length = visit.count("%(number)s character", "%(number)s characters", row["length"], number=number(row["length"]))
    if row["gap"] is None:
        return length
    waited = visit.say("%(span)s after the customer", span=visit.fmt.seconds(row["gap"]))
    return f"{length}, {waited}"
