"""The form of a schedule: as it was typed, what is wrong beside each field, and what can be chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from sqlalchemy import Connection

from hyperpanel.errors import BadInput
from hyperpanel.support import profiles, roles
from hyperpanel.support.profiles import KINDS
from hyperpanel.support.reports import REPORTS
from hyperpanel.support.schedule_forms import Typed
from hyperpanel.web import margins, time_zones
from hyperpanel.web.languages import N_
from hyperpanel.web.panel_fields import worded
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

FIELDS = tuple(Typed.__dataclass_fields__)
WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
Options = Sequence[tuple[str, str]]
Known = Sequence[tuple[str, str, str]]
"""Of each profile its id, kind and name."""


@dataclass(frozen=True)
class Form:
    """As templates/parts/form.html reads it. `options`: of each field that is chosen from a list, with the words for them."""

    typed: Mapping[str, str]
    options: Mapping[str, Options]
    zones: Sequence[str]
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def first_wrong(self) -> str | None:
        return next((name for name in FIELDS if name in self.errors), None)


def form(visit: Visit, typed: Typed, known: Known, errors: Mapping[str, BadInput]) -> Form:
    return Form(asdict(typed), options(visit, known), time_zones.offered(), worded(visit, errors))


def known(connection: Connection) -> Known:
    return [(one.id, kind, one.name) for kind in KINDS for one in profiles.all_of(connection, kind)]


def options(visit: Visit, known: Known) -> dict[str, Options]:
    say, role = visit.say, visit.person.role if visit.person else ""
    labels = {report.profile: say(report.label) for report in REPORTS.values() if report.profile}
    return {
        "report": [(name, say(one.label)) for name, one in REPORTS.items() if roles.may(role, one.permission)],
        "profile": [("", say("None"))] + [(id, f"{labels[kind]}: {shown(name)}") for id, kind, name in known],
        "by": [(way, say(label)) for way, label in margins.WAYS.items()],
        "every": [("day", say("Every day")), ("week", say("Every week"))],
        "weekday": [(str(place), say(label)) for place, label in enumerate(WEEKDAYS)],
        "format": [("csv", "CSV"), ("json", "JSON")],
    }
