"""Which of the allowed panels a page is about: those named in its address, or all."""

from collections.abc import Sequence

from hyperpanel.db.panels import Panel, folded
from hyperpanel.errors import Missing
from hyperpanel.web.visits import Visit


def chosen(visit: Visit, panels: Sequence[Panel]) -> list[Panel]:
    """Raises Missing for a name that is none of them: an unknown panel and a forbidden one look the same."""
    names = {folded(value) for name, value in visit.url.pairs if name == "panel"}
    found = [panel for panel in panels if folded(panel.name) in names]
    if len(found) < len(names):
        raise Missing("panel")
    return found if names else list(panels)


def named(panels: Sequence[Panel], name: str) -> Panel:
    for panel in panels:
        if panel.name == name:
            return panel
    raise Missing("panel")
