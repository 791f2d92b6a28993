"""Who answers tickets at a panel, and how: some take their time and explain, some say `Done` within the minute."""

from random import Random
from typing import NamedTuple

NAMES = (
    "Support",
    "Amber",
    "Birch",
    "Cedar",
    "Destek Ekibi",
    "Agent 7",
    "Поддержка",
    "Ember",
    "پشتیبانی",
    "Frost (night)",
)


class Member(NamedTuple):
    name: str
    delay: float  # seconds until the usual answer
    curt: float  # share of answers of a word or two
    hasty: float  # share of answers within half a minute
    stock: float  # share of answers that are the same words again


def team(random: Random) -> tuple[Member, ...]:
    """The most diligent first: who stands first answers most."""
    names = random.sample(NAMES, random.randrange(4, 7))
    return tuple(
        Member(
            name,
            delay=random.choice((420, 900, 1800, 3600, 14_400)),
            curt=random.choice((0.05, 0.1, 0.25, 0.7)),
            hasty=random.choice((0.0, 0.02, 0.1, 0.4)),
            stock=random.choice((0.0, 0.1, 0.4)),
        )
        for name in names
    )
