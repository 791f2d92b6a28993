"""What an AI prompt is tried on beside its form: a ticket, or a case of the evaluation set.

A ticket is one of the person's own panels, and only where AI is on for it; nothing is kept of a trial but the row of the ledger.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from hyperpanel.ai import prompts, tongues, translating, trials
from hyperpanel.ai.asks import About, AiTrouble, Hear, Prompt
from hyperpanel.ai.trials import Matter
from hyperpanel.db import ai_providers, panels
from hyperpanel.db.panels import Panel
from hyperpanel.errors import BadInput, Missing
from hyperpanel.support import ai_prompt_forms, ai_prompt_scoring
from hyperpanel.support.ai_prompt_forms import Typed
from hyperpanel.web import ai_words
from hyperpanel.web.ai_marks import language_of
from hyperpanel.web.ai_prompt_places import BUILT_IN
from hyperpanel.web.ai_prompt_results import USED, Result, result
from hyperpanel.web.ai_prompt_rights import may_change
from hyperpanel.web.languages import N_
from hyperpanel.web.panel_choice import named
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

NO_WORDS = N_("This message has no words: there is nothing to ask about.")
NO_ROW = N_("There is no such ticket on this panel, or no such case. Write its number as the list has it.")
"""One sentence for both: a foreign ticket looks like one that is not there."""
OTHER = N_("You see some panels alone, so you can try with the main provider only. Choose it.")


@dataclass(frozen=True)
class Trial:
    """What can be tried on, and what was tried. `why_not`: why nothing can. `cases`: empty where the evaluation set is not here."""

    why_not: str
    settings_href: str | None
    panels: Sequence[str]
    cases: Sequence[tuple[str, str]]
    panel: str = ""
    row: str = ""
    results: Mapping[str, Result] = field(default_factory=dict)


def trial(
    connection: Connection, visit: Visit, purpose: str, sent: Mapping[str, str], results: Sequence[Result] = ()
) -> Trial:
    names = [panel.name for panel in usable(connection, visit)]
    cases = [(one.id, f"{one.language} · {shown(one.subject)}") for one in ai_prompt_scoring.every_case()]
    why_not = visit.say(NO_TRIAL) if purpose not in trials.PURPOSES else ""
    is_ready = ai_providers.is_set_up(connection)
    return Trial(
        why_not=why_not or ("" if is_ready else ai_words.sentence(visit, AiTrouble("none"))),
        settings_href=None if why_not or is_ready else ai_words.settings_href(visit),
        panels=names,
        cases=cases,
        panel=sent.get("panel", "") if sent.get("panel") in names else "",
        row=sent.get("row", "")[:40] or (cases[0][0] if cases else ""),
        results={one.id: one for one in results},
    )


NO_TRIAL = N_("A prompt for the ticket report is tried by making a report: it is about many tickets at once.")


def usable(connection: Connection, visit: Visit) -> list[Panel]:
    """This person's panels for which AI is on."""
    uses = ai_providers.panels(connection, visit.scope)
    return [panel for panel in panels.all_of(connection, visit.scope) if uses[panel.id].is_on]


@dataclass(frozen=True)
class Wish:
    """A trial that can begin."""

    purpose: str
    prompt: Prompt
    id: str
    title: str
    matter: Matter
    about: About
    language: str


async def made(visit: Visit, wish: Wish, hear: Hear) -> Result:
    desk = visit.console.ai
    tried = await trials.tried(desk, wish.about, wish.prompt, wish.purpose, wish.matter, wish.language, hear)
    return result(visit, wish.id, wish.title, tried)


def wished(connection: Connection, visit: Visit, given: Typed, sent: Mapping[str, str], which: str) -> Wish:
    """Raises BadInput for what cannot be tried, in the words of the form."""
    judged = ai_prompt_forms.judge(given, needs_title=False)
    for problem in judged.errors.values():
        raise problem
    used = prompts.in_use(connection, given.purpose)
    mine = prompts.worded(given.purpose, judged.wording) if judged.wording else used
    matter, panel = found(connection, visit, sent)
    if given.purpose not in trials.PURPOSES or not translating.has_words(matter.text):
        raise BadInput(NO_WORDS, "row")
    person = visit.person
    about = About(
        purpose=given.purpose,
        by=person.username if person else "",
        staff_id=person.id if person else None,
        panel_id=panel.id if panel else None,
        ticket_id=sent["row"].strip() if panel else None,
    )
    title = visit.say("In use: %(name)s", name=shown(used.title) or visit.say(BUILT_IN))
    named_so = title if which == USED else visit.say("This text")
    prompt = used if which == USED or mine.digest == used.digest else mine
    if prompt is not used and prompt.provider and not may_change(visit):
        require_main(connection, prompt)
    language = language_for(visit, given.purpose, sent["row"] if not panel else "")
    return Wish(given.purpose, prompt, which, named_so, matter, about, language)


def require_main(connection: Connection, prompt: Prompt) -> None:
    """To whom tickets go is not for everybody to choose. Raises BadInput."""
    if prompt.provider != ai_providers.chosen(connection).main:
        raise BadInput(OTHER, "provider")


def found(connection: Connection, visit: Visit, sent: Mapping[str, str]) -> tuple[Matter, Panel | None]:
    """Raises BadInput where there is nothing of this number for this person."""
    row = sent["row"].strip()
    if not sent["panel"]:
        for case in ai_prompt_scoring.every_case():
            if case.id == row:
                return trials.of_case(case), None
        raise BadInput(NO_ROW, "row")
    try:
        panel = named(usable(connection, visit), sent["panel"])
        return trials.of_ticket(connection, visit.scope, panel, row, visit.now), panel
    except (AiTrouble, Missing):
        raise BadInput(NO_ROW, "row") from None


def language_for(visit: Visit, purpose: str, case_id: str) -> str:
    """Of the answer. A case that is in the reader's language already is translated into another one."""
    language = language_of(visit) if purpose == "translate" else visit.language.code
    written = case_id.partition("-")[0]
    if purpose == "translate" and language == written:
        return "tr" if written == "en" else "en"
    return language if language in tongues.CODES else "en"
