"""What models said about the messages of a conversation, as it is shown below each: its translation, and what its writer wants.

All that is held for a page of messages is read at once. It is found by the text: an edited message has another one, so nothing is ever shown
that was said of what it says no more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from hyperpanel.ai import intents, prompts, tongues, translating
from hyperpanel.ai.analyzing import spans
from hyperpanel.ai.answers import digest_of
from hyperpanel.db import ai_answers
from hyperpanel.db.ai_answers import Answer
from hyperpanel.db.panels import Panel
from hyperpanel.web import ai_streams, ai_words
from hyperpanel.web.ai_streams import visible
from hyperpanel.web.ai_texts import text_of
from hyperpanel.web.ai_views import Head, Mark, Piece, Translated, Understood
from hyperpanel.web.bodies import Mention
from hyperpanel.web.languages import N_, NN_
from hyperpanel.web.texts import shown
from hyperpanel.web.thread_views import Day, Read
from hyperpanel.web.visits import Visit

MAY = "ai:use"
MOST_AT_ONCE = 30
"""Messages that one press translates, one after another."""

EVERY = NN_("Translate %(number)s message", "Translate %(number)s messages")
INTENTS = {
    "refill": N_("Refill"),
    "cancel": N_("Cancellation"),
    "refund": N_("Refund"),
    "speed_up": N_("Speed-up"),
    "not_started": N_("Not started"),
    "not_delivered": N_("Not delivered"),
    "wrong_link": N_("Wrong link"),
    "payment": N_("Payment"),
    "account": N_("Account"),
    "question": N_("Question"),
    "thanks": N_("Thanks"),
    "other": N_("Something else"),
}
URGENCIES = {"low": N_("not urgent"), "normal": "", "high": N_("urgent")}
DOUBT = N_("not in the message")


@dataclass(frozen=True)
class Held:
    """What is known of a page's messages, by the digest of their texts, and of the prompts as they are now. `language`: the reader's."""

    language: str
    can_ask: bool
    translations: Mapping[str, Answer]
    intents: Mapping[str, Answer]
    prompts: Mapping[str, str]


def language_of(visit: Visit) -> str:
    return tongues.chosen(visit.person.translates_to if visit.person else None, visit.language.code)


def held(connection: Connection, visit: Visit, panel: Panel, texts: Sequence[str]) -> Held:
    """However many texts there are, as many queries."""
    language, digests = language_of(visit), [digest_of(text) for text in texts]
    found = [
        ai_answers.of_digests(connection, visit.scope, panel.id, purpose, digests, language)
        for purpose in (translating.PURPOSE, intents.PURPOSE)
    ]
    purposes = [translating.PURPOSE] * bool(found[0]) + [intents.PURPOSE] * bool(found[1])
    now = {purpose: prompts.in_use(connection, purpose).digest for purpose in purposes}
    return Held(language, ai_words.state(visit, connection, panel) is None, found[0], found[1], now)


def marked(
    connection: Connection,
    visit: Visit,
    panel: Panel,
    ticket_id: str,
    some: Sequence[Read],
    days: Sequence[Day],
    orders: Mapping[str, Mention],
) -> tuple[Sequence[Day], Head | None]:
    """The same days with what is held; None for whoever may not use it."""
    if not visit.may(MAY) or not some:
        return days, None
    texts = {one.message.id: text_of(one.pieces) for one in some}
    known = held(connection, visit, panel, list(texts.values()))
    marks = {one.message.id: mark(visit, panel, ticket_id, one, texts[one.message.id], known, orders) for one in some}
    made = [replace(day, messages=[replace(each, ai=marks[each.id]) for each in day.messages]) for day in days]
    theirs = [marks[one.message.id] for one in some if not one.message.is_staff]
    every = sum(mark.can_translate and mark.translated is None for mark in theirs)
    return made, head(visit, panel, ticket_id, known, min(every, MOST_AT_ONCE))


def head(visit: Visit, panel: Panel, ticket_id: str, known: Held, every: int) -> Head:
    languages = sorted(((code, tongues.own_name(code)) for code in tongues.CODES), key=lambda pair: pair[1].casefold())
    before = dict(visit.url.pairs).get("before", "")
    return Head(
        panel=panel.name,
        ticket=ticket_id,
        before=before,
        language=known.language,
        languages=languages,
        every=every,
        every_label=visit.count(*EVERY, every, number=visit.fmt.number(every)),
        refused=ai_streams.refused(visit),
    )


def mark(
    visit: Visit,
    panel: Panel,
    ticket_id: str,
    one: Read,
    text: str,
    known: Held,
    orders: Mapping[str, Mention],
) -> Mark:
    message, digest = one.message, digest_of(text)
    translation, intent = known.translations.get(digest), known.intents.get(digest)
    can_ask = known.can_ask and not message.is_cut and len(text) <= translating.LONGEST and translating.has_words(text)
    return Mark(
        id=message.id,
        panel=panel.name,
        ticket=ticket_id,
        is_staff=message.is_staff,
        can_translate=can_ask,
        can_tell=can_ask and not message.is_staff,
        translated=translated(visit, translation, text, known) if translation else None,
        understood=understood(visit, intent, known, orders) if intent else None,
    )


def translated(visit: Visit, answer: Answer, text: str, known: Held) -> Translated:
    told = answer.answer or {}
    said, language = str(told.get("text", "")), str(told.get("language", ""))
    return Translated(
        text=visible(said),
        language=known.language,
        direction=tongues.direction(known.language),
        is_same=tongues.is_same(language, known.language) and said.split() == text.split(),
        name=tongues.own_name(known.language),
        is_old=answer.prompt != known.prompts.get(translating.PURPOSE, answer.prompt),
        model=shown(answer.model) or "",
        at=answer.at,
    )


def understood(visit: Visit, answer: Answer, known: Held, orders: Mapping[str, Mention]) -> Understood:
    told, doubt = answer.answer or {}, visit.say(DOUBT)
    urgency = URGENCIES.get(str(told.get("urgency")), "")
    ids = [str(id) for id in told.get("orders", ())]
    return Understood(
        label=visit.say(INTENTS.get(str(told.get("intent")), INTENTS["other"])),
        tone="warn" if told.get("urgency") == "high" else "idle",
        urgency=visit.say(urgency) if urgency else "",
        pieces=[Piece(visible(span.text), doubt if span.kind else "") for span in spans(told.get("gist"))],
        orders=[(shown(id) or "", orders[id].href if id in orders else None) for id in ids],
        is_old=answer.prompt != known.prompts.get(intents.PURPOSE, answer.prompt),
        model=shown(answer.model) or "",
        at=answer.at,
    )
