"""Profiles of the service and the user report: which rows, by what measure, over which window. Everybody shares them.

A profile may pick rows of panels that the person who looks, or edits, is not allowed: those are passed over where it is shown and stay where
it is changed. Picks of none but such panels leave nothing to see, which is not the same as picking none at all (all rows).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from hyperpanel.db import profiles
from hyperpanel.db.panels import folded
from hyperpanel.db.profiles import Kept
from hyperpanel.db.scope import Scope
from hyperpanel.errors import Missing
from reports import windows
from reports.service_health import USUAL, Measure
from sync.money import Money

SERVICES, USERS = "services", "users"
KINDS = (SERVICES, USERS)

Pick = tuple[int, str]
"""A row of a panel: panel id, id."""


class Settings(msgspec.Struct, frozen=True):
    """What both kinds have. `picked`: none means all; `hours`: the window that the report opens with."""

    picked: tuple[Pick, ...] = ()
    hours: float = windows.USUAL

    @property
    def wanted(self) -> frozenset[Pick] | None:
        """None: all of them."""
        return frozenset(self.picked) or None

    def seen(self, scope: Scope) -> list[Pick]:
        """Those of the panels that somebody may see."""
        return [pick for pick in self.picked if scope.holds(pick[0])]

    def is_hidden(self, scope: Scope) -> bool:
        """Whether it is about panels alone that somebody may not see: for them it is nobody's to change, nor to copy."""
        return bool(self.picked) and not self.seen(scope)

    def repicked(self, scope: Scope, picked: Iterable[Pick]) -> tuple[Pick, ...]:
        """What somebody picked among the panels that they may see, and what was picked on all others before."""
        mine = {pick for pick in picked if scope.holds(pick[0])}
        return tuple(sorted(mine | {pick for pick in self.picked if not scope.holds(pick[0])}))


class Services(Settings, frozen=True):
    """Of service tracking. `stuck_after` in hours."""

    stuck_after: float = USUAL.stuck_after / timedelta(hours=1)
    multiplier: float = USUAL.multiplier
    min_orders: int = USUAL.min_orders

    @property
    def measure(self) -> Measure:
        return Measure(timedelta(hours=self.stuck_after), self.multiplier, self.min_orders)


class Users(Settings, frozen=True):
    """Of user tracking. `min_spend` in units of `currency`: it holds for that currency alone."""

    min_payments: int = 0
    min_spend: int = 0
    currency: str = "USD"

    @property
    def least(self) -> Money:
        return Money(self.min_spend, self.currency)


@dataclass(frozen=True)
class Profile:
    """`services` for one of service tracking, `users` for one of user tracking: the other one is as usual."""

    id: str
    kind: str
    name: str
    created_at: datetime
    created_by: str
    services: Services = field(default_factory=Services)
    users: Users = field(default_factory=Users)

    @property
    def settings(self) -> Services | Users:
        return self.services if self.kind == SERVICES else self.users


def profile(kept: Kept) -> Profile:
    made = Profile(kept.id, kept.kind, kept.name, kept.created_at, kept.created_by)
    if kept.kind == SERVICES:
        return replace(made, services=msgspec.json.decode(kept.settings, type=Services))
    return replace(made, users=msgspec.json.decode(kept.settings, type=Users))


def written(settings: Services | Users) -> str:
    return msgspec.json.encode(settings).decode()


def all_of(connection: Connection, kind: str) -> list[Profile]:
    """By name."""
    return [profile(kept) for kept in profiles.all_of(connection, kind)]


def one(connection: Connection, kind: str, profile_id: str) -> Profile:
    """Raises Missing for one that is not there, or is of the other kind."""
    kept = profiles.one(connection, profile_id)
    if kept is None or kept.kind != kind:
        raise Missing("profile")
    return profile(kept)


def named(connection: Connection, kind: str, name: str) -> Profile:
    """Raises Missing with a sentence for a command."""
    found = all_of(connection, kind)
    for each in found:
        if folded(each.name) == folded(name):
            return each
    known = ", ".join(each.name for each in found) or "none yet"
    raise Missing(f"There is no profile {name!r} for {kind}. Profiles: {known}.")
