"""One message translated: its numbers, links and names hidden behind signs, asked in parts of a bearable length, and put together again.

What has no words is never sent. Where one part is refused all of it is: half a translation would read as a whole one. The parts that were
answered are kept, each like a message of its own, so that asking again pays for what is missing only.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import jiter

from hyperpanel.ai import answers, forms, masking, prompts, tongues
from hyperpanel.ai import desk as desks
from hyperpanel.ai.answers import Made, Make, Wanted
from hyperpanel.ai.asks import About, AiTrouble, Ask, Hear, Prompt
from hyperpanel.ai.desk import Desk
from hyperpanel.ai.forms import TRANSLATION, Translation
from hyperpanel.ai.masking import Masked

PURPOSE = "translate"
LONGEST = 24_000
PART = 8_000
LEAST_OUT, MOST_OUT = 300, 10_000
ENDS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…؟۔。！？])\s+"), re.compile(r"\s+"))
"""Where a long text may be taken apart, the best places first."""

SIGNS = re.compile(r"⟦\d+⟧")


@dataclass(frozen=True)
class Task:
    """`names`: of the customer, which are hidden too where `hides` says so."""

    text: str
    language: str
    names: Sequence[str] = ()
    hides: bool = False


@dataclass
class Done:
    """What has been translated so far, and what was told of its language."""

    texts: list[str] = field(default_factory=list)
    language: str = ""
    provider: str = ""
    model: str = ""

    @property
    def text(self) -> str:
        return "".join(self.texts)


def has_words(text: str) -> bool:
    """Whether anything is left to translate beside numbers, links and names."""
    bare = (SIGNS.sub("", masking.mask(part).text) for part in parts(text))
    return any(unicodedata.category(sign)[0] == "L" for one in bare for sign in one)


async def make(desk: Desk, about: About, prompt: Prompt, task: Task, hear: Hear) -> Made:
    """Raises AiTrouble."""
    if len(task.text) > LONGEST:
        raise AiTrouble("too_long")
    done, some = Done(), parts(task.text)
    for part in some:
        if has_words(part):
            await add(desk, about, prompt, replace(task, text=part), done, hear, is_kept=len(some) > 1)
        else:
            done.texts.append(part)
    return Made({"language": done.language, "text": done.text.strip()}, done.provider, done.model)


async def add(desk: Desk, about: About, prompt: Prompt, task: Task, done: Done, hear: Hear, is_kept: bool) -> None:
    """`is_kept`: as an answer of its own. A text of one part is kept by whoever asked for it, under the same key."""
    before, asking = done.text, partial(answer, desk, about, prompt, task)

    def heard(told: str) -> None:
        hear(before + told)

    made = await (kept(desk, about, prompt, task, asking, heard) if is_kept else asking(heard))
    done.texts.append(task.text.replace(task.text.strip(), made.answer["text"], 1))
    done.language = done.language or made.answer["language"]
    done.provider, done.model = made.provider, made.model


async def kept(desk: Desk, about: About, prompt: Prompt, task: Task, make: Make, hear: Hear) -> Made:
    panel_id, ticket_id = about.panel_id or 0, about.ticket_id or ""
    wanted = Wanted(PURPOSE, panel_id, ticket_id, task.text, task.language, prompt, about.by)
    found = await answers.answered(desk, wanted, make, hear)
    return Made(found.answer or {}, found.provider or "", found.model or "")


async def answer(desk: Desk, about: About, prompt: Prompt, task: Task, hear: Hear) -> Made:
    """Of one part: asked now."""
    masked = masking.mask(task.text.strip(), task.names, task.hides)
    said = await desks.ask(desk, ask(about, prompt, masked, task.language), lambda told: hear(so_far(told, masked)))
    read = read_back(said.text, masked)
    return Made({"language": read.language, "text": read.text}, said.provider, said.model)


def ask(about: About, prompt: Prompt, masked: Masked, language: str) -> Ask:
    values = {"text": masked.text, "language": tongues.english_name(language)}
    most = min(MOST_OUT, LEAST_OUT + 2 * len(masked.text))
    return Ask(about, prompt, prompts.filled(prompt.body, values), TRANSLATION, most)


def read_back(said: str, masked: Masked) -> Translation:
    """With everything in its place. Raises AiTrouble."""
    read = forms.read(said, Translation)
    text = masking.restore(read.text, masked).strip()
    if not text:
        raise AiTrouble("form")
    return Translation(read.language, text)


def so_far(said: str, masked: Masked) -> str:
    """The text of an answer under way."""
    try:
        found = jiter.from_json(said.encode(errors="replace"), partial_mode="trailing-strings")
    except ValueError:
        return ""
    text = found.get("text") if isinstance(found, dict) else None
    return masking.partly(text, masked) if isinstance(text, str) else ""


def parts(text: str) -> list[str]:
    """That together are the text, each of at most PART characters, taken apart where that hurts least."""
    found, at = list[str](), 0
    while len(text) - at > PART:
        end = at + end_of(text[at : at + PART])
        found.append(text[at:end])
        at = end
    return [*found, text[at:]]


def end_of(text: str) -> int:
    for ends in ENDS:
        places = [one.end() for one in ends.finditer(text, PART // 2)]
        if places:
            return places[-1]
    return len(text)
