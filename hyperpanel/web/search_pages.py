"""Pages of the console that a search leads to: by the person's words for them or the English ones, folded, and only those they may open."""

from dataclasses import dataclass

from hyperpanel.db.folding import fold
from hyperpanel.web.frame import PAGES, SETTINGS, TRACKING
from hyperpanel.web.languages import N_
from hyperpanel.web.visits import Visit

FEWEST = 2
"""Letters that are typed of a page's name."""

ALSO = {
    "sync.index": N_("synchronisation, freshness, late"),
    "users.index": N_("customers"),
    "payments.index": N_("deposits, top-ups"),
    "services.index": N_("catalogue, prices"),
    "panels.index": N_("keys, upstreams"),
    "set_aside.index": N_("unreadable records"),
}
"""What people call a page that has another name."""

OF_TRACKING, OF_SETTINGS = N_("Tracking"), N_("Settings")


@dataclass(frozen=True)
class PageHit:
    """`part`: where in the navigation it stands, if not at its top."""

    href: str
    label: str
    part: str
    icon: str


def pages(visit: Visit, typed: str) -> list[PageHit]:
    wanted = fold(typed.strip())
    if len(wanted) < FEWEST:
        return []
    return [
        PageHit(path, visit.say(label), part(visit, path), icon)
        for page, label, path, icon, permission in PAGES
        if visit.may(permission) and any(begins(name, wanted) for name in names(visit, page, label))
    ]


def names(visit: Visit, page: str, label: str) -> list[str]:
    found = [label, ALSO[page]] if page in ALSO else [label]
    return [*map(visit.say, found), *found]


def part(visit: Visit, path: str) -> str:
    if path.startswith(TRACKING):
        return visit.say(OF_TRACKING)
    return visit.say(OF_SETTINGS) if path.startswith(SETTINGS) else ""


def begins(name: str, wanted: str) -> bool:
    """Whether the words of a name begin so, from one of them on."""
    folded = f" {fold(name)}"
    return f" {wanted}" in folded
