"""What the tickets about one service complain about: what a model is given of them, and what of its answer counts.

A ticket is given as one line: its number, its subject and what its customer wrote first, without what tells who somebody is. Which tickets are
in a theme is the model's word; how many they are is counted here, and a number that was not given counts nowhere.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import msgspec

from hyperpanel.ai import answers, desk, forms, hiding, prompts
from hyperpanel.ai.analyzing import in_english
from hyperpanel.ai.answers import Made, Wanted
from hyperpanel.ai.asks import About, Ask, Hear, Prompt
from hyperpanel.ai.desk import Desk
from hyperpanel.ai.figures import DURATION, PERCENT, Figure, figures
from hyperpanel.ai.forms import THEMES, Themes
from hyperpanel.db.ai_answers import Answer
from hyperpanel.db.ai_report_services import Theme
from hyperpanel.db.ai_report_tickets import Given

PURPOSE = "themes"
MOST_TICKETS = 60
"""Of one service, the latest."""

LONGEST_SUBJECT, LONGEST_TEXT, LONGEST_NAME = 120, 300, 120
LONGEST_WORDS = LONGEST_SUBJECT + LONGEST_TEXT
LONGEST_LINE = 20 + LONGEST_WORDS + len(" |  | \n")
BATCH = 12_000
"""Characters of tickets in one question: a small model can take them, and most services come in one."""

MOST_OUT = 2_500
RAW = 4_000
NUMBER = re.compile(r"[\w-]{1,20}", re.ASCII)
GONE = "…"
"""Stands for each number, link, name and address."""

SHORT, DIGITS = 12, 3
"""Of what is left: its characters, and its digits. Longer ones could be an order's number, whatever word stands beside them."""

NO_SERVICE = "(none: no order was found in these tickets)"


@dataclass(frozen=True)
class Looked:
    """`invented`: how many numbers there are in the answers that were not given in the same question."""

    themes: tuple[Theme, ...]
    invented: int
    provider: str
    model: str


def can_be_given(ticket_id: str) -> bool:
    """A number that a model can repeat, and that cannot be taken for anything else."""
    return NUMBER.fullmatch(ticket_id) is not None


def line(given: Given, is_personal: bool) -> str:
    """`is_personal`: the customer's own name is hidden too."""
    names = [given.user] if is_personal and given.user else []
    subject = short(blanked(given.subject, names), LONGEST_SUBJECT)
    return f"{given.id} | {subject} | {short(blanked(given.said, names), LONGEST_TEXT)}"


def blanked(text: str, names: Sequence[str] = ()) -> str:
    """Without numbers, links, names and addresses, in one line. How long something takes is left, and which part
    of it was lost, for that is what many complain about."""
    plain, made, done = " ".join(whole_words(text, RAW).replace("|", "/").split()), list[str](), 0
    for start, end in sorted([*numbers(plain), *((one[0], one[1]) for one in hiding.spots(plain, names, ()))]):
        if start >= done:
            made += [plain[done:start], GONE]
        done = max(done, end)
    return "".join([*made, plain[done:]])


def numbers(text: str) -> Iterator[tuple[int, int]]:
    return ((one.start, one.end) for one in figures(text) if not is_telling(one, text))


def is_telling(figure: Figure, text: str) -> bool:
    written = text[figure.start : figure.end]
    is_small = len(written) <= SHORT and sum(map(str.isnumeric, written)) <= DIGITS
    return figure.kind in (DURATION, PERCENT) and is_small


def short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{whole_words(text, most - 1).rstrip()}{GONE}"


def whole_words(text: str, most: int) -> str:
    """Half an address could no longer be told from other words."""
    if len(text) <= most:
        return text
    return text[: most + 1].rsplit(None, 1)[0][:most]


def batches(lines: Iterable[str]) -> list[list[str]]:
    made: list[list[str]] = []
    size = BATCH
    for one in lines:
        size += len(one) + 1
        if size > BATCH:
            made.append([])
            size = len(one) + 1
        made[-1].append(one)
    return made


def most_calls(tickets: int) -> int:
    """Where every line is as long as one can be."""
    return -(-min(tickets, MOST_TICKETS) // (BATCH // LONGEST_LINE))


def message(prompt: Prompt, service: str | None, lines: Sequence[str], language: str) -> str:
    name = NO_SERVICE if service is None else prompts.material(short(blanked_name(service), LONGEST_NAME))
    values = {"service": name, "tickets": "\n".join(lines), "language": in_english(language)}
    return prompts.filled(prompt.body, values)


def blanked_name(service: str) -> str:
    return " ".join(service.split()) or "(no name)"


def counted(answer: Themes, given: Sequence[str]) -> tuple[list[Theme], set[str]]:
    """Themes with the given tickets that are in them, and the numbers that were not given."""
    found, invented = list[Theme](), set[str]()
    for one in answer.themes:
        named = {number.strip().removeprefix("#") for number in one.tickets}
        invented |= named.difference(given)
        found.append(Theme(one.title.strip(), one.detail.strip(), tuple(id for id in given if id in named)))
    return found, invented


def merged(themes: Iterable[Theme]) -> tuple[Theme, ...]:
    """One for each title, however it is written; the most frequent first. A theme without a ticket is none."""
    found: dict[str, Theme] = {}
    for one in themes:
        key = " ".join(one.title.casefold().split())
        was = found.get(key, one)
        found[key] = Theme(was.title, was.detail, tuple(dict.fromkeys([*was.tickets, *one.tickets])))
    return tuple(sorted((one for one in found.values() if one.tickets), key=lambda one: -len(one.tickets)))


@dataclass(frozen=True)
class Subject:
    """What is looked at, for whom, and in which language (its code) that is told. `service`: its name, None for tickets without an order."""

    about: About
    prompt: Prompt
    service: str | None
    language: str
    is_personal: bool


async def look(desk: Desk, subject: Subject, tickets: Sequence[Given]) -> Looked:
    """Each batch is kept with the answers, so that nothing is paid for twice. Raises AiTrouble."""
    ids, themes, invented = iter([one.id for one in tickets]), list[Theme](), set[str]()
    provider = model = ""
    for lines in batches(line(one, subject.is_personal) for one in tickets):
        answer = await asked(desk, subject, lines)
        found, strange = counted(msgspec.convert(answer.answer, Themes), list(islice(ids, len(lines))))
        themes, invented = [*themes, *found], invented | strange
        provider, model = answer.provider or "", answer.model or ""
    return Looked(merged(themes), len(invented), provider, model)


async def asked(desk_: Desk, subject: Subject, lines: Sequence[str]) -> Answer:
    sent = message(subject.prompt, subject.service, lines, subject.language)
    about = subject.about
    assert about.panel_id is not None  # noqa: S101 -- a report is of panels

    async def make(hear: Hear) -> Made:
        said = await desk.ask(desk_, Ask(about, subject.prompt, sent, THEMES, MOST_OUT), hear)
        read = forms.read(said.text, Themes)
        return Made(msgspec.to_builtins(read), said.provider, said.model)

    wanted = Wanted(PURPOSE, about.panel_id, "", sent, subject.language, subject.prompt, about.by)
    return await answers.answered(desk_, wanted, make)
