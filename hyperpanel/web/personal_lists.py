"""Which of one's notes the list shows: what the address asks for, the ways to ask for others, and the place where a page goes on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hyperpanel.db.notes import ALONE, Note, Place
from hyperpanel.errors import BadInput
from hyperpanel.web.addresses import Address
from hyperpanel.web.empties import Empty
from hyperpanel.web.languages import N_
from hyperpanel.web.numbered import place, placed
from hyperpanel.web.personal_rows import HERE
from hyperpanel.web.visits import Visit

LONGEST_SOUGHT = 100
TABS = {
    "": N_("All"),
    "orders": N_("Orders"),
    "users": N_("Users"),
    "tickets": N_("Tickets"),
    "services": N_("Services"),
    ALONE: N_("By themselves"),
}
NONE = N_("You have no notes yet. Write one here, or beside an order, a user, a ticket or a service.")


@dataclass(frozen=True)
class Asked:
    words: str = ""
    noun: str = ""
    after: Place | None = None


@dataclass(frozen=True)
class Tab:
    label: str
    href: str
    chosen: bool


def asked(query: Mapping[str, str]) -> Asked:
    """Raises BadInput for what no page of ours leads to."""
    noun, after = query.get("about", ""), query.get("after", "")
    if noun not in TABS:
        raise BadInput("no such notes", "about")
    return Asked(query.get("q", "").strip()[:LONGEST_SOUGHT], noun, Place(*placed(after)) if after else None)


def plain(visit: Visit) -> Address:
    """The list's address from its top."""
    return visit.url.only(("q", "about"), HERE)


def below(visit: Visit, note: Note) -> str:
    return str(plain(visit).having(after=place(note.updated_at, note.id)))


def tabs(visit: Visit, wanted: Asked) -> Sequence[Tab]:
    every = plain(visit).without("about")
    return [
        Tab(visit.say(label), str(every.having(about=noun) if noun else every), noun == wanted.noun)
        for noun, label in TABS.items()
    ]


def nothing(visit: Visit, wanted: Asked) -> Empty:
    if wanted == Asked():
        return Empty(visit.say(NONE), None, None)
    return Empty(visit.say("None of your notes is like that."), visit.say("Show all notes"), HERE)
