"""`panel list` of another installation. Its API tells neither addresses nor rates of panels: they are its own business."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hyperpanel.cli.remote import Remote, ask

if TYPE_CHECKING:
    from hyperpanel.client import Client
    from hyperpanel.client.console import Feed, Panel, Paused

PAUSED = ("paused", "key")
UNTOLD = "somebody"


def listed_there(remote: Remote) -> list[dict[str, Any]]:
    """Raises Unanswered."""
    return ask(remote, lambda client: [facts(client, panel) for panel in client.panels()])


def facts(client: "Client", panel: "Panel") -> dict[str, Any]:
    """Names as they are here; None for what is not told."""
    return {
        "name": panel.name,
        "kind": panel.kind,
        "url": None,
        "currency": panel.currency,
        "time_zone": panel.time_zone,
        "rate": None,
        "private": None,
        "group_name": panel.group,
        "order_digits": None,
        "paused": pauses(client, panel),
    }


def pauses(client: "Client", panel: "Panel") -> list[dict[str, Any]]:
    """Feeds are asked for only where one is paused by itself: a key for panels alone may not see them, nor who paused them and why."""
    from hyperpanel.client import NotAllowed

    whole = [] if panel.paused is None else [pause(None, panel.paused)]
    stopped = [one.stream for one in panel.streams if one.state in PAUSED]
    feeds: Sequence[Feed] = ()
    if not whole and stopped:
        try:
            feeds = list(client.feeds(panel=panel.name))
        except NotAllowed:
            return [{"stream": stream, "by": UNTOLD, "why": "", "at": None} for stream in stopped]
    mine = [pause(one.stream, one.paused) for one in feeds if one.paused is not None and not one.paused.whole_panel]
    return whole + sorted(mine, key=lambda one: str(one["at"]))


def pause(stream: str | None, told: "Paused") -> dict[str, Any]:
    from hyperpanel.support.feed_standings import MACHINES

    by = next((name for name, words in MACHINES.items() if words == told.by), told.by)
    return {"stream": stream, "by": by, "why": told.why, "at": told.at.isoformat()}
