"""A service as a row of the list: its rate with the panel's currency, its type and what it offers in words."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlencode

from hyperpanel.db.services import Line
from hyperpanel.web.description_words import first_words
from hyperpanel.web.languages import N_, Language
from hyperpanel.web.order_rows import money
from hyperpanel.web.reported_places import new_href, reports_href
from hyperpanel.web.texts import LONGEST_LINK, shown
from hyperpanel.web.words import known_or_readable
from sync.money import Money

TYPES = {
    "default": N_("Default"),
    "package": N_("Package"),
    "custom_comments": N_("Custom comments"),
    "custom_comments_package": N_("Custom comments package"),
    "comment_likes": N_("Comment likes"),
    "comment_replies": N_("Comment replies"),
    "mentions": N_("Mentions"),
    "poll": N_("Poll"),
    "subscription": N_("Subscription"),
    "subscriptions": N_("Subscriptions"),
    "web_traffic": N_("Web traffic"),
}
KEPT = 10_000
YES, NO = N_("Yes"), N_("No")


@dataclass(frozen=True, slots=True, eq=False)
class ServiceRow:
    """`rate` is for 1000. `reported`: how many open reports it has; `new_report_href` for whoever may make one. One that was not changed makes
    the very same row again."""

    panel: str
    id: str
    name: str
    type: str | None
    category: str | None
    rate: Money | None
    min: int | None
    max: int | None
    refill: bool | None
    refill_label: str
    cancel: bool | None
    cancel_label: str
    description: str
    href: str
    orders_href: str
    reported: int
    reports_href: str
    new_report_href: str | None


@lru_cache(maxsize=KEPT)
def row(
    service: Line, panel: str, currency: str, language: Language, reported: int = 0, may_report: bool = False
) -> ServiceRow:
    return ServiceRow(
        panel=panel,
        id=shown(service.id) or "",
        name=shown(service.name, LONGEST_LINK) or "",
        type=known_or_readable(language, TYPES, service.type) if service.type else None,
        category=shown(service.category),
        rate=money(service.rate, currency),
        min=service.min,
        max=service.max,
        refill=service.refill,
        refill_label=yes_or_no(language, service.refill),
        cancel=service.cancel,
        cancel_label=yes_or_no(language, service.cancel),
        description=first_words(service.description),
        href=f"/services/{quote(panel, safe='')}/{quote(service.id, safe='')}",
        orders_href=f"/orders?{urlencode({'panel': panel, 'service': service.id})}",
        reported=reported,
        reports_href=reports_href(panel, service.id),
        new_report_href=new_href(panel, service.id) if may_report else None,
    )


def catalogue(panel: str, service_id: str) -> str | None:
    """Its page. None for an id that cannot be a part of a path as it is."""
    if "/" in service_id or service_id in (".", ".."):
        return None
    return f"/services/{quote(panel, safe='')}/{quote(service_id, safe='')}"


def yes_or_no(language: Language, answer: bool | None) -> str:
    """Empty where the panel does not say."""
    return "" if answer is None else language.say(YES if answer else NO)
