"""A ticket's whole course, drawn when it is opened: who writes when, what, and how it ends.

What is still to come is already there and not yet visible, as with an order's life.
"""

from collections.abc import Iterator, Sequence
from html import escape
from random import Random
from typing import NamedTuple

from hyperpanel.sandbox import hostile, phrases
from hyperpanel.sandbox.mentions import aside, written
from hyperpanel.sandbox.pulse import NEVER
from hyperpanel.sandbox.staff import Member

PENDING, ANSWERED, CLOSED, LOCKED = range(4)
CUSTOMER = -1  # who writes, else a place among the staff
MINUTE, HOUR, DAY = 60, 3600, 86_400
ROUNDS = 6


class File(NamedTuple):
    name: str
    size: int
    url: str


class Event(NamedTuple):
    """A message, or a change of the status alone (no body)."""

    at: int
    status: int  # of the ticket from then on
    staff: int
    body: str | None
    seen: int  # when the other side has read it
    files: tuple[File, ...] = ()
    names: tuple[int, ...] = ()  # the orders that it truly asks about
    sender: str | None = None  # None: by the name that the account has


class Question(NamedTuple):
    """Who asks when about what, with which numbers."""

    at: int
    language: str
    kind: str
    numbers: Sequence[int]  # about money: the payment's
    another: int | None  # a number that is somebody else's


Said = tuple[str, tuple[int, ...]]  # a text, and the orders that it truly asks about


class Thread:
    def __init__(self, random: Random, question: Question, team: Sequence[Member]) -> None:
        self.random, self.question, self.team = random, question, team
        self.language = phrases.spoken(question.language)
        self.keeper = min(int(random.random() ** 1.6 * len(team)), len(team) - 1)

    def events(self) -> list[Event]:
        return sorted(self._events(), key=lambda event: event.at)

    def _events(self) -> Iterator[Event]:
        random, at = self.random, self.question.at
        for turn in range(ROUNDS):
            answered = NEVER if random.random() < 0.05 else at + self._delay()
            asked = list(self._asking(turn, at, answered))
            yield from asked
            if answered == NEVER:
                return
            at = max(answered, asked[-1].at + 5)
            yield from self._answer(at)
            luck = random.random()
            if luck < 0.35:
                yield from self._thanked(at + int(random.lognormvariate(8.5, 1.3)))
                return
            if luck < 0.6 or turn == ROUNDS - 1:
                yield from self._left(at)
                return
            at += int(random.lognormvariate(8.8, 1.4)) + 20

    def _delay(self) -> int:
        member = self.team[self.keeper]
        if self.random.random() < member.hasty:
            return 4 + int(self.random.random() * 25)
        return 20 + int(member.delay * self.random.lognormvariate(0, 0.9))

    def _asking(self, turn: int, at: int, answered: int) -> Iterator[Event]:
        """One message, or several: those who wait long write again."""
        random = self.random
        again = 0 if random.random() < 0.6 else random.randrange(1, 4)
        for number in range(1 + again):
            seen = NEVER if answered == NEVER else max(at, answered - 2 - int(random.lognormvariate(4, 1.6)))
            body, names = self._opening() if turn == number == 0 else self._again()
            yield Event(at, PENDING, CUSTOMER, body, seen, self._files(at), names)
            at += 30 + int(random.lognormvariate(7.5, 1.3))
            if at >= answered and number + 1 < 1 + again and random.random() < 0.7:
                return

    def _opening(self) -> Said:
        random, question = self.random, self.question
        if random.random() < 0.03:
            return random.choice(hostile.BODIES), ()
        numbers = tuple(question.numbers)
        if question.another is not None:
            numbers = (*numbers, question.another) if random.random() < 0.5 else (question.another,)
        text, names = self._filled(random.choice(phrases.OPENINGS[self.language][question.kind]), numbers)
        if numbers and random.random() < 0.15:
            text = f"{text}\n{aside(random, numbers[0])}"
        return html(random, text), names

    def _again(self) -> Said:
        random = self.random
        if random.random() < 0.02:
            return random.choice(hostile.BODIES), ()
        text, names = self._filled(random.choice(phrases.AGAIN[self.language]), tuple(self.question.numbers[:1]))
        return html(random, text), names

    def _filled(self, text: str, numbers: tuple[int, ...]) -> Said:
        """A payment's number looks like an order's and is none."""
        if "{}" not in text:
            return text, ()
        names = () if self.question.kind == phrases.MONEY else numbers
        return text.replace("{}", written(self.random, self.language, numbers)).strip(), names

    def _answer(self, at: int) -> Iterator[Event]:
        random, seen = self.random, at + int(self.random.lognormvariate(8, 1.2))
        if random.random() < 0.12:
            self.keeper = random.randrange(len(self.team))
        yield Event(at, ANSWERED, self.keeper, self._words(), seen, self._files(at))
        if random.random() < 0.08:  # a second thought within the minute
            yield Event(at + 10 + int(random.random() * 45), ANSWERED, self.keeper, self._words(), seen + MINUTE)

    def _words(self) -> str:
        random, member = self.random, self.team[self.keeper]
        if random.random() < member.curt:
            return html(random, random.choice(phrases.SHORT))
        if random.random() < member.stock:
            return html(random, phrases.STOCK)
        numbers = ", ".join(map(str, self.question.numbers[:3])) or "—"
        return html(random, random.choice(phrases.good(self.question.kind, self.language)).replace("{}", numbers))

    def _thanked(self, at: int) -> Iterator[Event]:
        random = self.random
        thanks = html(random, random.choice(phrases.THANKS[self.language]))
        closed = at + 30 + int(random.lognormvariate(7, 1.5))
        yield Event(at, PENDING, CUSTOMER, thanks, max(at, closed - 20))
        yield Event(closed, ANSWERED, self.keeper, html(random, random.choice(phrases.CLOSING)), closed + DAY)
        if random.random() < 0.8:
            yield Event(closed + 5, self._end(), self.keeper, None, closed)

    def _left(self, at: int) -> Iterator[Event]:
        """Nobody writes any more: it is closed after some days, and at times opened again by a word."""
        random, closed = self.random, at + int((0.5 + 4 * self.random.random()) * DAY)
        if random.random() < 0.25:
            return
        end = self._end()
        yield Event(closed, end, self.keeper, None, closed)
        if end == CLOSED and random.random() < 0.08:
            back = closed + int(random.lognormvariate(11, 1))
            body, names = self._again()
            yield Event(back, PENDING, CUSTOMER, body, back + HOUR, names=names)
            yield from self._answer(back + HOUR + 9)

    def _end(self) -> int:
        return LOCKED if self.random.random() < 0.12 else CLOSED

    def _files(self, at: int) -> tuple[File, ...]:
        random = self.random
        if random.random() > 0.07:
            return ()
        name = random.choice((*hostile.FILES, *("screenshot.png", "dekont.pdf", "Снимок экрана.png") * 5))
        size = int(random.lognormvariate(11.5, 1))
        return (File(name, size, f"https://files.example/{at:x}/{random.getrandbits(48):012x}"),)


def html(random: Random, text: str) -> str:
    """As panels keep what was typed: mostly a paragraph, at times bare text."""
    safe = escape(text, quote=False)
    luck = random.random()
    if luck < 0.6:
        return f"<p>{safe.replace(chr(10), '</p><p>')}</p>"
    if luck < 0.85:
        return f"<p>{safe.replace(chr(10), '<br />')}</p>"
    return safe.replace("\n", "<br>\r\n") if luck < 0.95 else f"<div>{safe}&nbsp;</div>"


def subject(random: Random, question: Question, method: str) -> str:
    luck = random.random()
    if luck < 0.01:
        return random.choice(hostile.SUBJECTS)
    if luck < 0.2:
        return random.choice(phrases.SUBJECTS[phrases.spoken(question.language)])
    if question.kind == phrases.MONEY:
        return f"Payment - {method}"
    if question.kind == phrases.OTHER:
        return random.choice(("Other - Question", "API - Question", "Other"))
    return f"Orders - {question.kind}" if luck < 0.9 else "Orders - Other"
