"""What “Test connection” found, a line for each thing that was looked at, in the person's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hyperpanel.errors import BadInput
from hyperpanel.web.ages import stream_label
from hyperpanel.web.languages import N_
from hyperpanel.web.panel_fields import sentence
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit
from sync.connectors.base import Detail, Probe
from sync.connectors.sentences import ABOUT

TONES = {"ok": "ok", "note": "warn", "wrong": "bad"}
FIELDS = {
    "name": N_("Name"),
    "url": N_("Address"),
    "kind": N_("Kind"),
    "admin_key": N_("Admin key"),
    "services_key": N_("Services key"),
    "currency": N_("Currency"),
    "time_zone": N_("Time zone"),
    "rate": N_("Calls a second"),
    "group": N_("Group"),
}


@dataclass(frozen=True)
class Check:
    tone: str
    about: str
    sentence: str


@dataclass(frozen=True)
class Checks:
    """`heading` sums it up."""

    heading: str
    tone: str
    lines: Sequence[Check]


def checks(visit: Visit, panel: str, probes: Sequence[Probe]) -> Checks:
    wrong = sum(probe.level == "wrong" for probe in probes)
    name = shown(panel) or ""
    if wrong:
        number = visit.fmt.number(wrong)
        heading = visit.count(
            "%(panel)s: %(number)s thing is wrong",
            "%(panel)s: %(number)s things are wrong",
            wrong,
            panel=name,
            number=number,
        )
    else:
        heading = visit.say("%(panel)s can be read", panel=name)
    lines = [Check(TONES[probe.level], about(visit, probe), worded(visit, probe)) for probe in probes]
    return Checks(heading, "bad" if wrong else "ok", lines)


def unasked(visit: Visit, errors: Mapping[str, BadInput]) -> Checks:
    """What is typed cannot be right, so nobody was asked."""
    lines = [
        Check("bad", visit.say(FIELDS[name]) if name in FIELDS else name, sentence(visit, problem))
        for name, problem in errors.items()
    ]
    return Checks(visit.say("Nobody was asked yet: correct this first"), "bad", lines)


def about(visit: Visit, probe: Probe) -> str:
    return visit.language.texts.gettext(ABOUT[probe.about]) if probe.about in ABOUT else probe.about


def worded(visit: Visit, probe: Probe) -> str:
    """Details come from an upstream; names of streams are words of ours."""
    filled = {name: detail(visit, name, value) for name, value in probe.details.items()}
    return visit.language.texts.gettext(probe.text).format(**filled)


def detail(visit: Visit, name: str, value: Detail) -> str | int:
    if isinstance(value, tuple):
        return ", ".join(stream_label(visit, one) if name == "streams" else shown(one) or "" for one in value)
    if isinstance(value, str):
        return stream_label(visit, value) if name == "streams" else shown(value) or ""
    return value
