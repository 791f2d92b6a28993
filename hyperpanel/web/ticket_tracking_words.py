"""Ticket tracking in words: what is left out, what waits, how to read the columns, and why there is nothing."""

from dataclasses import dataclass, replace

import polars as pl

from hyperpanel.support.ticket_tracking import CLOSING, LEAVES, SECOND, Asked
from hyperpanel.web import ticket_tracking_rows
from hyperpanel.web.empties import Empty
from hyperpanel.web.languages import N_
from hyperpanel.web.visits import Visit

LEFT_OUT = {
    SECOND: N_("A second message within a minute of one’s own"),
    CLOSING: N_("A closing word within a minute of the ticket’s end"),
}


@dataclass(frozen=True)
class Leave:
    """What can be left out of quick fires. `href`: the same page the other way."""

    label: str
    href: str
    chosen: bool


def leaves_of(visit: Visit) -> list[str]:
    return [value for name, value in visit.url.pairs if name == "leave" and value in LEAVES]


def waiting(visit: Visit, number: int) -> str:
    told = {"number": visit.fmt.number(number)}
    many = visit.count("%(number)s disputed flag waits", "%(number)s disputed flags wait", number, **told)
    return many if number and visit.may("staff:measure") else ""


def leaves(visit: Visit) -> list[Leave]:
    taken = leaves_of(visit)
    return [
        Leave(
            visit.say(label),
            str(
                visit.url.without_pair("leave", word)
                if word in taken
                else replace(visit.url, pairs=(*visit.url.pairs, ("leave", word)))
            ),
            word in taken,
        )
        for word, label in LEFT_OUT.items()
    ]


def totals(visit: Visit, people: pl.DataFrame) -> str:
    number = visit.fmt.number
    replies, left = int(people["replies"].sum()), int(people["left"].sum())
    told = visit.count("%(number)s reply", "%(number)s replies", replies, number=number(replies))
    more = visit.count(
        "%(number)s quick fire is left out", "%(number)s quick fires are left out", left, number=number(left)
    )
    return f"{told} · {more}" if left else told


def rules(visit: Visit, asked: Asked) -> list[str]:
    """How to read the columns, with the numbers that hold here."""
    number, measure = visit.fmt.number, asked.measure
    short, fast = number(measure.quick_characters), number(measure.quick_seconds)
    quick, repeat = (number(ticket_tracking_rows.rounded(one)) for one in (measure.quick_weight, measure.repeat_weight))
    return [
        visit.say(
            "Score: 100, less %(quick)s times the share of quick fires, less %(repeat)s times the share of repeated replies; never below 0.",
            quick=quick,
            repeat=repeat,
        ),
        visit.say(
            "Quick fire: a reply of fewer than %(characters)s characters, or sent within %(seconds)s seconds of the customer’s last message.",
            characters=short,
            seconds=fast,
        ),
        visit.say(
            "Repeated: the customer wrote twice or more after the reply, before anybody of the staff replied again."
        ),
        visit.say(
            "Average response: from the customer’s last message to the first reply after it, where there is one."
        ),
        visit.say("Replies typed in the panel itself count here; the staff statistics of panels leave them out."),
        visit.say("People stand by name. A score says where to look, and the replies behind it what to think."),
    ]


def untimed(visit: Visit, number: int) -> str:
    if not number:
        return ""
    return visit.count(
        "%(number)s reply came without a time and belongs to no window.",
        "%(number)s replies came without a time and belong to no window.",
        number,
        number=visit.fmt.number(number),
    )


def nothing(visit: Visit, is_own: bool, panels_shown: str) -> Empty:
    if is_own:
        return Empty(visit.say("None of the replies in this window carries your name."), None, "")
    if panels_shown == "0":
        return Empty(visit.say("There are no panels that you may see."), None, "")
    return Empty(visit.say("No reply of staff is held of this window."), None, "")
