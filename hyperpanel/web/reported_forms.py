"""The form on which a service is reported: the panel and the service that are meant, and what is known of them.

A service is what a catalogue or an order names so: a panel without a services key has no catalogue, and its services are reported all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from hyperpanel.db import panels, picks, service_reports, services
from hyperpanel.db.panels import Panel
from hyperpanel.db.scope import Scope
from hyperpanel.db.service_reports import Report
from hyperpanel.errors import BadInput
from hyperpanel.support.reporting_services import TOLD
from hyperpanel.support.wanted import N_
from hyperpanel.web.list_filters import latin
from hyperpanel.web.panel_choice import CHOICE, chosen
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

SENT = ("panel", "service", "reason", "seen")
LONGEST_NUMBER = 256
NO_PANEL = N_("Choose a panel.")
NO_NUMBER = N_("A service is named by its number, such as 170.")
NO_SERVICE = N_("{panel} has no service {number}, and no order names one.")


@dataclass(frozen=True)
class Typed:
    """As it was typed. `seen`: the newest open report that was shown."""

    panel: str = ""
    service: str = ""
    reason: str = ""
    seen: str = ""


@dataclass(frozen=True)
class Known:
    """`panels`: those to choose from; `panel`: the one that is meant, if it is one. `name`: what the service is called, empty where there is
    none such. `others`: its open reports, the newest first."""

    panels: Sequence[Panel]
    panel: Panel | None = None
    service_id: str = ""
    is_known: bool = False
    raw_name: str = ""
    others: Sequence[Report] = ()

    @property
    def panel_name(self) -> str:
        return self.panel.name if self.panel else ""

    @property
    def name(self) -> str:
        return shown(self.raw_name) or ""


def known(connection: Connection, visit: Visit, service: str) -> Known:
    """Of the panel that the address chooses, or the only one there is. Raises Missing for one that is not there."""
    every = panels.all_of(connection, visit.scope)
    some = chosen(visit, every)
    has_chosen = bool(visit.url.only(CHOICE).pairs)
    panel = some[0] if len(some) == 1 and (has_chosen or len(every) == 1) else None
    return looked_up(connection, visit.scope, every, panel, service)


def typed_of(connection: Connection, visit: Visit, typed: Typed) -> Known:
    every = panels.all_of(connection, visit.scope)
    panel = next((one for one in every if one.name == typed.panel), None)
    return looked_up(connection, visit.scope, every, panel, typed.service)


def looked_up(connection: Connection, scope: Scope, every: Sequence[Panel], panel: Panel | None, service: str) -> Known:
    number = number_of(service)
    if panel is None or not number:
        return Known(every, panel, number)
    name = name_of(connection, scope, panel, number)
    if name is None:
        return Known(every, panel, number)
    others = service_reports.open_of(connection, scope, (panel.id, number), TOLD)
    return Known(every, panel, number, True, name, others)


def number_of(text: str) -> str:
    """As somebody types or pastes it: in digits of any script, with a # before it."""
    return latin(text.strip()[:LONGEST_NUMBER]).removeprefix("#")


def name_of(connection: Connection, scope: Scope, panel: Panel, number: str) -> str | None:
    """As the catalogue calls it, or its newest order."""
    found = services.one(connection, scope, panel.id, number)
    if found is not None:
        return found.name
    return picks.ordered(connection, scope, [panel.id], number).get((panel.id, number))


def wrong(found: Known) -> BadInput | None:
    """What is wrong with the service that is meant."""
    if found.panel is None:
        return BadInput(NO_PANEL, "panel")
    if not found.service_id:
        return BadInput(NO_NUMBER, "service")
    if not found.is_known:
        return BadInput(NO_SERVICE, "service", panel=found.panel.name, number=found.service_id)
    return None
