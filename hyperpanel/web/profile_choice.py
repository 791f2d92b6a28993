"""The profile that a report is seen through: named in its address, and chosen from a list beside the window.

Choosing another one leaves the window behind, so that the profile's own opens.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hyperpanel.errors import Missing
from hyperpanel.support.profiles import Profile
from hyperpanel.web.addresses import Address
from hyperpanel.web.report_windows import NAMES, Choice
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

NAME = "profile"
PLACE = "/tracking/profiles"


@dataclass(frozen=True)
class Profiled:
    """`label`: of the one in use. `every_href`: where profiles are looked after."""

    label: str
    choices: Sequence[Choice]
    every_href: str


def chosen(visit: Visit, profiles: Sequence[Profile]) -> Profile | None:
    """None: as usual. Raises Missing for one that is not there."""
    wanted = next((value for name, value in visit.url.pairs if name == NAME and value), None)
    if wanted is None:
        return None
    for profile in profiles:
        if profile.id == wanted:
            return profile
    raise Missing("profile")


def profiled(visit: Visit, kind: str, profiles: Sequence[Profile], profile: Profile | None) -> Profiled:
    here, usual = visit.url.without(NAME, *NAMES, "page"), visit.say("As usual")
    each = [Choice(shown(one.name) or "", str(here.having(**{NAME: one.id})), one is profile) for one in profiles]
    return Profiled(
        label=shown(profile.name) or "" if profile else usual,
        choices=[Choice(usual, str(here), profile is None), *each],
        every_href=str(Address(PLACE).having(kind=kind)),
    )
