"""What the commands about panels share: which ones are meant, and how what a look at them found is printed."""

from collections.abc import Sequence
from shlex import quote
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperpanel.db.opening import Installation
    from hyperpanel.db.panels import Panel
    from hyperpanel.support.probing import Looked
    from sync.connectors.base import Probe

NONE_YET = "There are no panels yet. Add one: hyperpanel panel add NAME --url https://panel.example"


async def chosen(found: "Installation", names: Sequence[str]) -> "list[Panel]":
    """The named panels, or all; raises Missing."""
    from hyperpanel.db import panels
    from hyperpanel.db.scope import EVERYTHING

    if names:
        return await found.database.read(lambda connection: panels.named(connection, EVERYTHING, dict.fromkeys(names)))
    return await found.database.read(lambda connection: panels.all_of(connection, EVERYTHING))


def told(probe: "Probe") -> str:
    """A trouble at the second door has the same words as at the first, so what it is about goes before them."""
    from sync.connectors.sentences import ABOUT

    return f"{ABOUT[probe.about]}: {probe.sentence}"


def facts(probe: "Probe") -> dict[str, object]:
    return {"about": probe.about, "level": probe.level, "code": probe.code, "sentence": probe.sentence}


def standing(one: "Looked") -> list[str]:
    """Why the panel is not being read, and the next step where the reason is gone."""
    if one.pause is None:
        return []
    name = one.panel.name
    if one.is_mended:
        return [
            f"{name} is still paused, though all is well with it now. Read on: hyperpanel panel resume {quote(name)}"
        ]
    return [f"{name} is paused: {one.pause.why or 'no reason was given.'}"]
