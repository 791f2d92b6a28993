"""A panel as a line of Settings → Panels: how it stands, why, and what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hyperpanel.db.feeds import Feed
from hyperpanel.db.panels import Panel, Pause
from hyperpanel.support.feed_acts import REMOVING, is_leaving
from hyperpanel.support.feed_standings import state_of
from hyperpanel.web import ages
from hyperpanel.web.languages import N_
from hyperpanel.web.panel_choice import grouped
from hyperpanel.web.panel_places import href_of
from hyperpanel.web.visits import Visit
from reports import freshness

KIND_NAMES = {"perfect_panel": "Perfect Panel", "hyperpanel": "hyperpanel"}
"""Names are the same in every language."""
KEY_OF = {
    **dict.fromkeys(("auth", "rights", "forbidden", "scope"), "admin_key"),
    "no_services_key": "services_key",
}
"""The field of the form that ends a trouble."""
STATES = {**ages.STATES, REMOVING: N_("Being removed")}
TONES = {"on_time": "ok", "late": "warn", "paused": "idle", "never": "unknown", "key": "bad", REMOVING: "idle"}


@dataclass(frozen=True)
class PanelRow:
    """`next_href`: where the trouble is ended; `is_paused`: as a whole, by a person or by the engine; `can_resume`: a person's pause."""

    id: int
    name: str
    href: str
    url: str
    kind: str
    tone: str
    state_label: str
    reason: str
    next_label: str | None
    next_href: str | None
    read_at: datetime | None
    rows: int
    is_paused: bool
    is_leaving: bool
    can_resume: bool


@dataclass(frozen=True)
class Group:
    """`name` is None for panels that are in no group."""

    name: str | None
    rows: Sequence[PanelRow]


def groups(panels: Sequence[Panel], rows: Sequence[PanelRow]) -> list[Group]:
    """Those without a group come last."""
    both = list(zip(panels, rows, strict=True))
    names: list[str | None] = [*grouped(panels), None]
    found = [Group(name, [row for panel, row in both if panel.group_name == name]) for name in names]
    return [group for group in found if group.rows]


def panel_row(visit: Visit, panel: Panel, feeds: Sequence[Feed], pauses: Sequence[Pause]) -> PanelRow:
    whole = [pause for pause in pauses if pause.stream is None]
    stood = [(feed, freshness.state(ages.promise(feed, visit.console.settings.sync), visit.now)) for feed in feeds]
    state = state_of(whole, stood)
    label, href = next_step(visit, panel, pauses, state)
    return PanelRow(
        id=panel.id,
        name=panel.name,
        href=href_of(panel),
        url=panel.url,
        kind=KIND_NAMES.get(panel.kind, panel.kind),
        tone=TONES.get(state, "unknown"),
        state_label=visit.say(STATES[state]),
        reason=reason(visit, panel, whole, stood),
        next_label=label,
        next_href=href,
        read_at=max((feed.fetched_at for feed in feeds if feed.fetched_at), default=None),
        rows=sum(feed.cached for feed in feeds),
        is_paused=bool(whole),
        is_leaving=state == REMOVING,
        can_resume=state == freshness.PAUSED and href is None and visit.may("panels:edit"),
    )


def reason(visit: Visit, panel: Panel, whole: Sequence[Pause], stood: ages.Stood) -> str:
    """The worst that there is to say, and in full what stands for the whole panel."""
    if is_leaving(whole):
        return visit.say("What was read from it is being removed; it is gone from here when that is done.")
    return next(iter(ages.reasons(visit, [panel], stood)), "")


def next_step(visit: Visit, panel: Panel, pauses: Sequence[Pause], state: str) -> tuple[str | None, str | None]:
    """For whoever may take it."""
    if state == REMOVING or not visit.may("panels:edit"):
        return None, None
    for pause in pauses:
        code = pause.trouble.code if pause.trouble else ""
        if code in KEY_OF:
            field = "services_key" if pause.stream == "services" else KEY_OF[code]
            return visit.say("Enter the key"), f"{href_of(panel)}#f-{field}"
        if code:
            return visit.say("Look into it"), href_of(panel)
    return None, None
