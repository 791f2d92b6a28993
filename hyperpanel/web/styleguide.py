"""The style guide: every part in each of its states, in a theme, direction and density of its own address.

Parts are not drawn again here: they are the pages' own macros and blocks, given records that were never read. What they would ask of the
console is taken from them, and the ids by which scripts would take them for the page's own.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from litestar import Response, get
from litestar_htmx import HTMXRequest
from markupsafe import Markup

from hyperpanel.web import ages, errors, list_filters, orders, styleguide_parts, sync
from hyperpanel.web import styleguide_samples as samples
from hyperpanel.web.addresses import Address
from hyperpanel.web.charts import Chart, Lines
from hyperpanel.web.dashboard_totals import Line
from hyperpanel.web.empties import Empty, no_panels
from hyperpanel.web.frame import AsOf, Frame, frame
from hyperpanel.web.hold_cards import HoldCard, hold_card
from hyperpanel.web.languages import N_
from hyperpanel.web.list_looks import Looked
from hyperpanel.web.list_views import Listed
from hyperpanel.web.order_facts import facts, flip, ways
from hyperpanel.web.order_rows import row
from hyperpanel.web.panel_checks import Checks, checks
from hyperpanel.web.render import page, render
from hyperpanel.web.thread_views import MessageView
from hyperpanel.web.visits import Visit, visit_of

HERE = "/styleguide"
ASKS = re.compile(r"""\s(?:hx-[\w:-]+|data-(?:live|since|panel|row))(?:="[^"]*"|='[^']*')?""")
OWN_ID = re.compile(r'\bid="(rows|drawer|feeds)"')
LOOKS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "theme": (N_("Theme"), {"auto": N_("Auto"), "light": N_("Light"), "dark": N_("Dark")}),
    "dir": (N_("Direction"), {"ltr": N_("Left to right"), "rtl": N_("Right to left")}),
    "density": (N_("Rows"), {"compact": N_("Compact"), "comfortable": N_("Comfortable")}),
}
TONES = {
    "ok": N_("Completed"),
    "busy": N_("In progress"),
    "warn": N_("Partial"),
    "bad": N_("Fail"),
    "idle": N_("Paused"),
    "unknown": N_("Never read"),
    "quiet": N_("Quiet"),
}
AS_OF = {
    "on_time": N_("On time"),
    "late": N_("Late"),
    "paused": N_("Paused"),
    "key": N_("Key refused"),
    "never": N_("Never read"),
}
NUMBER = "7f3k-m2qa"
WORN = (("o-us-2-906385", 'class="selected"'), ("o-a-panel-with-a-long-name-906384", 'aria-current="true"'))
"""Rows that are selected, or open at the side."""


@dataclass(frozen=True)
class Choice:
    label: str
    href: str
    chosen: bool


@dataclass(frozen=True)
class Look:
    label: str
    choices: Sequence[Choice]


@dataclass(frozen=True)
class Form:
    """As `parts/form.html` reads it."""

    typed: Mapping[str, str]
    errors: Mapping[str, str]
    held: Mapping[str, None]
    retype: Sequence[str] = ()
    first_wrong: str | None = None


@dataclass(frozen=True)
class Index:
    looks: Sequence[Look]
    tones: Sequence[tuple[str, str]]
    as_of: Sequence[tuple[str, AsOf | None]]
    form: Form
    list: Listed
    pieces: Mapping[str, Markup]
    holds: Sequence[HoldCard]
    checks: Checks
    empties: Sequence[Empty]
    spark: Line
    bars: Chart
    trend: Lines
    messages: Sequence[MessageView]
    letters: Sequence[str]
    now: datetime


@get(HERE, name="styleguide.index", opt={"permission": "styleguide:see"})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    around = worn(frame(visit, "styleguide.index", visit.say("Style guide")), asked(visit))
    return render(request, around, "styleguide/index.html", guide(visit, around))


def asked(visit: Visit) -> dict[str, str]:
    given = dict(visit.url.pairs)
    return {name: given[name] for name, (_, words) in LOOKS.items() if given.get(name) in words}


def worn(around: Frame, look: Mapping[str, str]) -> Frame:
    return replace(
        around,
        theme=look.get("theme", around.theme),
        density=look.get("density", around.density),
        direction=look.get("dir", around.direction),
    )


def guide(visit: Visit, around: Frame) -> Index:
    listed = order_list(visit)
    return Index(
        looks=looks(visit, around),
        tones=[(tone, visit.say(label)) for tone, label in TONES.items()],
        as_of=[(visit.say(label), as_of(visit, state)) for state, label in AS_OF.items()],
        form=form(visit),
        list=listed.list,
        pieces=pieces(visit, around, listed),
        holds=[
            hold_card(visit, "eu-1", hold, {(1, "orders"): ("906386", "906385")}) for hold in samples.holds(visit.now)
        ],
        checks=checks(visit, "eu-1", samples.PROBES),
        empties=[
            no_panels(visit),
            Empty(visit.say("No order matches these filters."), visit.say("Clear the filters"), HERE),
        ],
        spark=styleguide_parts.spark(visit),
        bars=styleguide_parts.bars(visit),
        trend=styleguide_parts.trend(visit),
        messages=styleguide_parts.messages(visit),
        letters=samples.LETTERS,
        now=visit.now,
    )


def looks(visit: Visit, around: Frame) -> list[Look]:
    now = {"theme": around.theme, "dir": around.direction, "density": around.density}
    return [
        Look(
            visit.say(label),
            [
                Choice(visit.say(word), str(visit.url.having(**{name: value})), now[name] == value)
                for value, word in words.items()
            ],
        )
        for name, (label, words) in LOOKS.items()
    ]


def as_of(visit: Visit, state: str) -> AsOf | None:
    """Of two panels, one of which is on time."""
    feeds = [samples.feed(state, visit.now), samples.feed("on_time", visit.now, 2)]
    return ages.as_of(visit, samples.PANELS[:2], feeds[:1] if state == "never" else feeds)


def form(visit: Visit) -> Form:
    wrong = visit.say("There is no time zone “%(typed)s”. Write it like Europe/Istanbul.", typed="Istambul")
    return Form({"name": "eu-1", "zone": "Istambul"}, {"zone": wrong}, {"key": None})


def order_list(visit: Visit) -> orders.Index:
    """With filters in use, one of which cannot be understood."""
    pairs = (("user", "kadir"), ("status", "fail"), ("status", "error"), ("created_from", "31/31"))
    here = replace(visit, url=Address("/orders", pairs))
    made, names = samples.page(visit.now), {panel.id: panel.name for panel in samples.PANELS}
    rows = [row(order, names[order.panel_id], visit.language, True) for order in made.rows]
    looked = Looked(samples.PANELS, samples.PANELS, (), made, rows)
    return orders.listed(here, list_filters.read(here, orders.FIELDS), orders.Found(looked), as_of(visit, "late"))


def pieces(visit: Visit, around: Frame, listed: orders.Index) -> dict[str, Markup]:
    """Blocks of the real pages."""
    table = inert(visit, around, "orders/index.html", listed, "rows")
    return {
        "rows": Markup(worn_rows(str(table))),  # noqa: S704 -- was drawn by a template
        "drawer": inert(visit, around, "orders/show.html", one_order(visit), "drawer"),
        "feeds": inert(visit, around, "sync/index.html", sync.told(visit, samples.found(visit.now)), "feeds"),
        "error": inert(visit, around, "errors/show.html", error(visit), "main"),
    }


def worn_rows(table: str) -> str:
    for element, how in WORN:
        table = table.replace(f'id="{element}"', f'id="{element}" {how}')
    return table.replace('<td class="c-remains num"', '<td class="c-remains num changed"', 1)


def inert(visit: Visit, around: Frame, template: str, view: Any, block: str) -> Markup:
    drawn = ASKS.sub("", page(visit, around, template, view, block))
    return Markup(OWN_ID.sub(r'id="sample-\1"', drawn))  # noqa: S704 -- was drawn by a template


def one_order(visit: Visit) -> orders.Show:
    order = samples.order(visit.now)
    shown = row(order, "eu-1", visit.language, True)
    moved = flip(visit.language, "pending", "in_progress", order.first_seen_at, order.last_update_at or visit.now)
    first = flip(visit.language, None, "pending", None, order.first_seen_at)
    return orders.Show(
        order=shown,
        facts=facts(visit, order, shown, True, None),
        ways=ways(visit, "eu-1", order.user),
        flips=[moved, first],
        reports=None,
        as_of=order.seen_at,
        back_href=HERE,
    )


def error(visit: Visit) -> errors.Show:
    heading, sentence = (visit.say(text) for text in errors.WORDS[500])
    return errors.Show(500, heading, sentence, NUMBER, HERE, visit.say("Go to the dashboard"))
