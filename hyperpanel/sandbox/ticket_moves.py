"""Changes made to tickets by hand, for tests: new ones, replies, edits, other states, deletions, all at the clock's now."""

from random import Random

import msgspec

from hyperpanel.sandbox import phrases
from hyperpanel.sandbox.between import Many
from hyperpanel.sandbox.panel import Panel
from hyperpanel.sandbox.picks import New, Which, chance, named, some
from hyperpanel.sandbox.pulse import NEVER
from hyperpanel.sandbox.threads import ANSWERED, CLOSED, CUSTOMER, LOCKED, PENDING, Event, html


class Reply(msgspec.Struct, forbid_unknown_fields=True):
    """So many tickets are written to, or these; by staff or customer (None: now one, now the other), with this body (HTML)."""

    count: Many = 1
    ids: tuple[str, ...] = ()
    staff: bool | None = None
    body: str | None = None


class Edit(msgspec.Struct, forbid_unknown_fields=True):
    """One message of so many tickets, or of these, says something else; `index` counts from the oldest.

    `touch` raises the ticket's last update; without it only who reads the messages again can see the edit.
    """

    count: Many = 1
    ids: tuple[str, ...] = ()
    index: int | None = None
    body: str | None = None
    touch: bool = False


def create(panel: Panel, asked: New) -> list[str]:
    panel.settle()
    random = _chance(panel)
    return _ids(panel, [panel.tickets.open(random, panel.tickets.now) for _ in range(asked.count)])


def reuse(panel: Panel) -> list[str]:
    """The newest number comes a second time: another customer, another subject, another thread."""
    panel.settle()
    return _ids(panel, [panel.tickets.again(_chance(panel))] if len(panel.tickets) else [])


def reply(panel: Panel, asked: Reply) -> list[str]:
    random, places = _chosen(panel, asked.count, asked.ids)
    for place in places:
        by_staff = random.random() < 0.5 if asked.staff is None else asked.staff
        panel.tickets.happen(place, _event(panel, place, random, by_staff, asked.body))
    return _ids(panel, places)


def _event(panel: Panel, place: int, random: Random, by_staff: bool, body: str | None) -> Event:
    tickets, now = panel.tickets, panel.tickets.now
    language = phrases.spoken(panel.users.all[tickets.customer[place]].language)
    if by_staff:
        member = random.randrange(len(tickets.desk.team))
        words = body if body is not None else html(random, random.choice((*phrases.SHORT, phrases.STOCK)))
        return Event(now, ANSWERED, member, words, now + 600)
    said = body if body is not None else html(random, random.choice(phrases.AGAIN[language]).replace("{}", "").strip())
    return Event(now, PENDING, CUSTOMER, said, NEVER, sender=panel.users.names[tickets.customer[place]])


def edit(panel: Panel, asked: Edit) -> list[str]:
    random, places = _chosen(panel, asked.count, asked.ids)
    for place in places:
        index = _message(panel, place, random, asked.index)
        body = asked.body if asked.body is not None else html(random, f"(edited) {random.choice(phrases.SHORT)}")
        _replace(panel, place, index, body)
        if asked.touch:
            panel.tickets.touch(place)
    return _ids(panel, places)


def _message(panel: Panel, place: int, random: Random, index: int | None) -> int:
    """Where a message stands among what has happened."""
    events = panel.tickets.events[place][: panel.tickets.shown[place]]
    said = [where for where, event in enumerate(events) if event.body is not None]
    if index is None:
        return random.choice(said)
    if not 0 <= index < len(said):
        raise ValueError(f"ticket {panel.tickets.ids[place]} has {len(said)} messages, numbered from 0")
    return said[index]


def _replace(panel: Panel, place: int, index: int, body: str | None) -> None:
    events = panel.tickets.events[place]
    events[index] = events[index]._replace(body=body, names=())


def delete_message(panel: Panel, asked: Edit) -> list[str]:
    """The last one stays: a ticket without a word is none."""
    random, places = _chosen(panel, asked.count, asked.ids)
    places = [place for place in places if len(panel.tickets.said(place)) > 1]
    for place in places:
        _replace(panel, place, _message(panel, place, random, asked.index), None)
        if asked.touch:
            panel.tickets.touch(place)
    return _ids(panel, places)


def move(panel: Panel, asked: Which) -> list[str]:
    """Staff close, lock, open again or hand over, without a word."""
    random, places = _chosen(panel, asked.count, asked.ids)
    tickets = panel.tickets
    for place in places:
        ticket = tickets[place]
        keeper = random.randrange(len(tickets.desk.team))
        if random.random() < 0.3:
            tickets.assigned[place] = keeper if tickets.desk.team[keeper].name != ticket.assignee else keeper - 1
            tickets.read[place] = tickets.now
            tickets.touch(place)
            continue
        status = random.choice([status for status in (ANSWERED, CLOSED, LOCKED, PENDING) if status != ticket.status])
        tickets.happen(place, Event(tickets.now, status, keeper, None, tickets.now))
    return _ids(panel, places)


def delete(panel: Panel, asked: Which) -> list[str]:
    _, places = _chosen(panel, asked.count, asked.ids)
    for place in places:
        panel.tickets.delete(place)
    return _ids(panel, places)


def _chosen(panel: Panel, count: int, ids: tuple[str, ...]) -> tuple[Random, list[int]]:
    panel.settle()
    random, tickets = _chance(panel), panel.tickets
    return random, named(ids, tickets.place) if ids else some(random, tickets.live(), count)


def _chance(panel: Panel) -> Random:
    panel.tickets.moves += 1
    return chance(panel, "ticket moves", panel.tickets.moves)


def _ids(panel: Panel, places: list[int]) -> list[str]:
    return [str(panel.tickets.ids[place]) for place in places]
