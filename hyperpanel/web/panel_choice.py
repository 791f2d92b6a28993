"""Which of the allowed panels a page is about: those named in its address, by themselves or by their group; else all."""

from collections.abc import Iterable, Sequence

from hyperpanel.db.panels import Panel, folded
from hyperpanel.errors import Missing
from hyperpanel.web.addresses import Address
from hyperpanel.web.visits import Visit

CHOICE = ("panel", "group")


def chosen(visit: Visit, panels: Sequence[Panel]) -> list[Panel]:
    """Raises Missing for a name that is none of them: an unknown panel and a forbidden one look the same."""
    names, groups = wanted(visit.url, "panel"), wanted(visit.url, "group")
    found = [panel for panel in panels if folded(panel.name) in names or folded(panel.group_name or "") in groups]
    if names - {folded(panel.name) for panel in found} or groups - {folded(group) for group in grouped(found)}:
        raise Missing("panel")
    return found if names or groups else list(panels)


def wanted(url: Address, name: str) -> set[str]:
    return {folded(value) for key, value in url.pairs if key == name}


def grouped(panels: Iterable[Panel]) -> list[str]:
    """The groups that these panels are in, by name."""
    return sorted({panel.group_name for panel in panels if panel.group_name}, key=folded)


def named(panels: Sequence[Panel], name: str) -> Panel:
    for panel in panels:
        if panel.name == name:
            return panel
    raise Missing("panel")
