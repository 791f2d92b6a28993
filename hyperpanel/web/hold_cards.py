"""Questions that only a person can answer, each as a sentence with two buttons; and what is said once it is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from hyperpanel.db.holds import ACCEPT, DELETES, FIELDS, REFUSE, Hold
from hyperpanel.web import ages
from hyperpanel.web.languages import N_
from hyperpanel.web.set_aside_pages import HERE
from hyperpanel.web.set_aside_rows import order_href
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

SENTENCES = {
    DELETES: N_(
        "Two sweeps on end did not find %(rows)s of %(of)s records of “%(stream)s” at %(panel)s any more. That is more than is believed "
        "without a person, so all of them are still shown."
    ),
    FIELDS: N_(
        "%(panel)s no longer sends “%(what)s” in “%(stream)s”, which %(rows)s records of one page had. Nothing was overwritten, and the "
        "stream is paused."
    ),
}
ANSWERS = {
    (DELETES, ACCEPT): N_("They are gone"),
    (DELETES, REFUSE): N_("Keep them"),
    (FIELDS, ACCEPT): N_("Accept the change"),
    (FIELDS, REFUSE): N_("Keep what is held"),
}
QUESTIONS = {
    DELETES: N_(
        "%(panel)s is asked for each of the %(rows)s records of “%(stream)s” once more. Those that are still not there leave the lists; what "
        "was last known of them is kept."
    ),
    FIELDS: N_(
        "“%(stream)s” of %(panel)s is read again as it comes, and “%(what)s” is emptied in every record that comes without it: up to "
        "%(of)s. What is held of it now cannot be brought back."
    ),
}
CONFIRMED = {
    DELETES: N_("Hide up to %(rows)s records"),
    FIELDS: N_("Empty it in up to %(of)s records"),
}
FOLLOWS = {
    (DELETES, ACCEPT): N_("They are looked for once more, then hidden."),
    (DELETES, REFUSE): N_("They are kept. Sweeps count anew from now on."),
    (FIELDS, ACCEPT): N_("“%(stream)s” of %(panel)s is read again."),
    (FIELDS, REFUSE): N_(
        "What is held is kept. “%(stream)s” of %(panel)s stays paused until it is resumed under Sync."
    ),
}


@dataclass(frozen=True)
class Sample:
    id: str
    href: str | None


@dataclass(frozen=True)
class HoldCard:
    """`question` and `confirm` are of the dialog before what cannot be undone. The addresses are None for those who only look."""

    element: str
    sentence: str
    at: datetime
    samples: Sequence[Sample]
    accept: str
    accept_href: str | None
    refuse: str
    refuse_href: str | None
    question: str
    confirm: str


def hold_card(visit: Visit, panel: str, hold: Hold, samples: Mapping[tuple[int, str], Sequence[str]]) -> HoldCard:
    facts = words(visit, panel, hold)
    path = f"{HERE}/holds/{quote(panel, safe='')}/{quote(hold.id, safe='')}"
    may = visit.may("set_aside:decide")
    some = samples.get((hold.panel_id, hold.stream), ()) if hold.kind == DELETES else ()
    return HoldCard(
        element=f"hold-{hold.id}",
        sentence=visit.say(SENTENCES[hold.kind], **facts),
        at=hold.at,
        samples=[sample(panel, hold.stream, id) for id in some],
        accept=visit.say(ANSWERS[hold.kind, ACCEPT]),
        accept_href=f"{path}/{ACCEPT}" if may else None,
        refuse=visit.say(ANSWERS[hold.kind, REFUSE]),
        refuse_href=f"{path}/{REFUSE}" if may else None,
        question=visit.say(QUESTIONS[hold.kind], **facts),
        confirm=visit.say(CONFIRMED[hold.kind], **facts),
    )


def words(visit: Visit, panel: str, hold: Hold) -> dict[str, str]:
    number = visit.fmt.number
    return {
        "panel": panel,
        "stream": ages.stream_label(visit, hold.stream),
        "what": shown(hold.what) or "",
        "rows": number(hold.rows),
        "of": number(hold.of_rows),
    }


def sample(panel: str, stream: str, record_id: str) -> Sample:
    """A link where there is a page for such records."""
    return Sample(shown(record_id) or "", order_href(panel, record_id) if stream == "orders" else None)


def follows(visit: Visit, panel: str, hold: Hold, decision: str) -> str:
    return visit.say(FOLLOWS[hold.kind, decision], **words(visit, panel, hold))
