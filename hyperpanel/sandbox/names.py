"""Service names as real sellers write them.

A name is a shop window: brackets, pipes, emoji and bold letters, two numbers that look like a speed, or none at all.
The words and the ways of putting them are kept here; the sentences are combined afresh for each panel.
"""

from dataclasses import dataclass
from random import Random

from hyperpanel.sandbox.promises import Promise, any_promise, short
from hyperpanel.sandbox.subjects import Subject

QUALITIES = (
    "HQ", "MQ", "LQ", "Real Mixed", "Old Accounts", "Real Looking", "100% Real", "Mix Quality", "HQ Profiles",
    "Low Drop", "Non Drop", "Less Drop", "Cheapest", "Best Seller", "High Retention", "With Stories",
    "Organic Look", "Premium",
)  # fmt: skip
COUNTRIES = (
    "Turkey",
    "🇹🇷 TURKEY 🇹🇷",
    "India",
    "Brazil",
    "🇧🇷 BRAZIL",
    "Russia",
    "Arab",
    "Iran",
    "USA 🇺🇸",
    "Indonesia",
    "Europe",
    "Poland 🇵🇱",
)
STARTS = (
    "0-1H",
    "Start Time: 0-30 Minutes",
    "Instant",
    "INSTANT",
    "Start: 0-6 Hours",
    "0-15 MIN",
    "Start 0-12h",
    "1 Hour Start",
    "0-48Hour Complete",
)
REFILLS = (
    "R30",
    "R30 ♻️",
    "Refill: 30 Days",
    "Refill - 60Days ♻️",
    "R365",
    "AR30",
    "Lifetime Refill",
    "90 Days Guarantee",
    "Auto Refill 7D",
    "No Refill",
    "Refill: No",
    "NR",
    "NO REFILL ⛔",
)
FLOURISHES = ("⚡", "🔥", "⭐", "✅🔥", "🚀", "💎", "⚡️⭐", "♻️", "❤️", "🆕")


@dataclass(frozen=True)
class Title:
    name: str
    promise: Promise | None
    refill: bool


@dataclass(frozen=True)
class Words:
    """What a name has to say."""

    subject: Subject
    qualities: tuple[str, ...]
    speed: str
    refill: str
    maximum: str


def title(random: Random, subject: Subject, maximum: int) -> Title:
    speed = any_promise(random, subject.speeds)
    refill = random.choice(REFILLS)
    land = (random.choice(COUNTRIES),) if random.random() < 0.25 else ()
    words = Words(subject, (*land, random.choice(QUALITIES)), speed.text if speed else "", refill, short(maximum))
    style = random.choice((_bracketed, _bracketed, _piped, _piped, _dashed, _waved, _filed, _terse))
    name = style(random, words)
    if random.random() < 0.12:
        name = f"{random.choice(FLOURISHES)} {name}"
    return Title(name, speed, not refill.lower().startswith(("no", "nr", "refill: no")))


def _bracketed(random: Random, words: Words) -> str:
    parts = [*words.qualities, *([words.speed] if words.speed else [])]
    more = [words.refill, f"Max - {words.maximum}", random.choice(STARTS)]
    inner = " ".join(f"[{part}]" for part in parts + random.sample(more, random.choice((1, 2, 3))))
    return f"{words.subject.platform} {words.subject.noun} {inner}"


def _piped(random: Random, words: Words) -> str:
    refill = bold(words.refill) if "Lifetime" in words.refill else words.refill
    start = [f"{words.subject.platform} {words.subject.noun}"]
    parts = [*words.qualities, refill, f"Max {words.maximum}", random.choice(STARTS)]
    said = [part for part in parts if random.random() < 0.75]
    said.insert(min(1, len(said)), words.speed)
    end = [random.choice(FLOURISHES)] if random.random() < 0.5 else []
    return " | ".join(part for part in start + said + end if part)


def _dashed(random: Random, words: Words) -> str:
    start = random.choice(("Instant", "0-1 Hour", "0-2hr"))
    speed = f" -{words.speed}" if words.speed else ""
    subject = f"{words.subject.platform} {words.subject.noun} ({words.qualities[0]})"
    return f"{subject}{speed} - {words.refill} {{Start:- {start}}}"


def _waved(random: Random, words: Words) -> str:
    start = f"{words.subject.platform} - {words.subject.noun}"
    parts = (start, f"Max {words.maximum.lower()}", bold(words.qualities[0]), words.speed, "INSTANT")
    return " ~ ".join(part for part in parts if part)


def _filed(random: Random, words: Words) -> str:
    platform, noun = words.subject.platform, words.subject.noun
    parts = (platform.capitalize(), noun, f"{platform} {noun} {words.qualities[-1]}", words.speed, words.refill)
    return " | ".join(part for part in parts if part)


def _terse(random: Random, words: Words) -> str:
    inner = " - ".join(part for part in (random.choice(("0-1H", "6H", "1H")), words.speed, words.refill) if part)
    subject = f"{words.subject.platform} {words.subject.noun}"
    return f"{subject} [{words.maximum}] [{inner}] {random.choice(FLOURISHES)}"


def bold(text: str) -> str:
    """The mathematical bold letters that sellers love; a reader has to fold them."""
    return text.translate(BOLD)


BOLD = {ord("A") + i: 0x1D5D4 + i for i in range(26)} | {ord("a") + i: 0x1D5EE + i for i in range(26)}
