"""The columns of each list as values for a file: what the screen shows, but so that a spreadsheet can go on with it.

A screen cuts long text, puts two things into one column, and writes amounts with their currency; here each value stands whole in a column of
its own. What a person must not see is left to hyperpanel.web.columns, which chooses the columns.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from hyperpanel.db import users
from hyperpanel.db.panels import Panel
from hyperpanel.db.scope import Scope
from hyperpanel.support.payment_kinds import kind_of
from hyperpanel.support.sheet_files import LONGEST, Cell
from hyperpanel.web import order_rows, payment_rows, service_rows, ticket_rows, user_rows
from hyperpanel.web.languages import N_, Language
from hyperpanel.web.list_kinds import Column
from hyperpanel.web.order_rows import money
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit
from hyperpanel.web.words import known_or_readable

FIGURE = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
CURRENCY = N_("%(column)s, currency")


@dataclass(frozen=True)
class Beside:
    """What the cells of some rows need beside the rows: `names` that customers had before, by panel and id."""

    language: Language
    panels: Mapping[int, Panel]
    names: Mapping[tuple[int, str], str] = field(default_factory=dict)


Made = Callable[[Any, Beside], Cell]


@dataclass(frozen=True)
class Part:
    """A column of the file. `head`: where it is not that of the screen's column, whose name it may repeat."""

    made: Made
    head: str = ""
    is_time: bool = False


def text(name: str) -> Made:
    return lambda line, _: shown(getattr(line, name), LONGEST)


def whole(name: str) -> Made:
    return lambda line, _: getattr(line, name)


def panel(line: Any, beside: Beside) -> Cell:
    return beside.panels[line.panel_id].name


def word(name: str, told: Callable[[Language, str], str]) -> Made:
    def made(line: Any, beside: Beside) -> Cell:
        value = getattr(line, name)
        return told(beside.language, value) if value else None

    return made


def among(words: Mapping[str, str]) -> Callable[[Language, str], str]:
    return lambda language, value: known_or_readable(language, words, value)


def amount(name: str) -> tuple[Part, Part]:
    """With the currency in a column of its own."""
    units, currency = name, f"{name}_currency"
    return (
        Part(lambda line, _: money(getattr(line, units), getattr(line, currency))),
        Part(lambda line, _: None if getattr(line, units) is None else shown(getattr(line, currency)), CURRENCY),
    )


def rate(line: Any, beside: Beside) -> Cell:
    return money(line.rate, beside.panels[line.panel_id].currency)


def rate_currency(line: Any, beside: Beside) -> Cell:
    return None if line.rate is None else beside.panels[line.panel_id].currency


def discount(line: Any, _: Beside) -> Cell:
    """A number where it is one."""
    told = shown(line.discount, LONGEST)
    return Decimal(told) if told and FIGURE.fullmatch(told) else told


def subject(line: Any, beside: Beside) -> Cell:
    about, rest = ticket_rows.parted(shown(line.subject, LONGEST) or "")
    return about + (rest or beside.language.say("(no subject)"))


def earlier_name(line: Any, beside: Beside) -> Cell:
    return shown(beside.names.get((line.panel_id, line.id)), LONGEST)


def payment_kind(line: Any, beside: Beside) -> Cell:
    kind = kind_of(line)
    return beside.language.say(payment_rows.KINDS[kind]) if kind else None


def answer(name: str) -> Made:
    return lambda line, beside: service_rows.yes_or_no(beside.language, getattr(line, name)) or None


def time(name: str) -> tuple[Part]:
    return (Part(whole(name), is_time=True),)


def one(made: Made) -> tuple[Part]:
    return (Part(made),)


ID, PANEL, USER, CREATED = one(text("id")), one(panel), one(text("user")), time("created_at")
MODE = one(word("mode", among(order_rows.MODES)))
PARTS: Mapping[str, Mapping[str, Sequence[Part]]] = {
    "orders": {
        "id": (*ID, Part(text("provider_order_id"), N_("The provider’s number"))),
        "panel": PANEL,
        "user": USER,
        "charge": amount("charge"),
        "link": one(text("link")),
        "start": one(whole("start_count")),
        "quantity": one(whole("quantity")),
        "service": (Part(text("service_id")), Part(text("service_name"), N_("Service name"))),
        "status": one(word("status", order_rows.status_label)),
        "remains": one(whole("remains")),
        "created": CREATED,
        "mode": MODE,
        "provider": one(text("provider")),
    },
    "tickets": {
        "id": ID,
        "panel": PANEL,
        "user": USER,
        "subject": one(subject),
        "status": one(word("status", ticket_rows.status_label)),
        "assignee": one(text("assignee")),
        "created": CREATED,
        "updated": time("last_update_at"),
    },
    "users": {
        "id": ID,
        "panel": PANEL,
        "username": (Part(text("username")), Part(earlier_name, N_("Earlier name"))),
        "email": one(text("email")),
        "balance": amount("balance"),
        "spent": amount("spent"),
        "status": one(word("status", user_rows.status_label)),
        "created": CREATED,
        "auth": time("last_auth_at"),
        "discount": one(discount),
    },
    "payments": {
        "id": ID,
        "panel": PANEL,
        "user": USER,
        "balance": amount("balance"),
        "amount": (*amount("amount"), Part(payment_kind, N_("Kind"))),
        "method": one(text("method")),
        "status": one(word("status", payment_rows.status_label)),
        "risk": one(word("fraud_risk", payment_rows.risk_label)),
        "memo": one(text("memo")),
        "created": CREATED,
        "updated": time("updated_at"),
        "mode": MODE,
    },
    "services": {
        "id": ID,
        "panel": PANEL,
        "name": one(text("name")),
        "description": one(text("description")),
        "category": one(text("category")),
        "type": one(word("type", among(service_rows.TYPES))),
        "rate": (Part(rate), Part(rate_currency, CURRENCY)),
        "min": one(whole("min")),
        "max": one(whole("max")),
        "refill": one(answer("refill")),
        "cancel": one(answer("cancel")),
    },
}
"""By list, then by the name of the screen's column."""


def heads(visit: Visit, noun: str, columns: Sequence[Column], names_zone: bool) -> list[str]:
    """In the person's language. `names_zone`: where the times themselves do not tell it."""
    return [
        head(visit, visit.say(column.label), part, names_zone)
        for column in columns
        for part in PARTS[noun][column.name]
    ]


def head(visit: Visit, label: str, part: Part, names_zone: bool) -> str:
    told = visit.say(part.head, column=label) if part.head else label
    if part.is_time and names_zone:
        return visit.say("%(column)s (%(zone)s)", column=told, zone=visit.zone.key)
    return told


def cells(
    connection: Connection,
    language: Language,
    scope: Scope,
    noun: str,
    names: Sequence[str],
    panels: Mapping[int, Panel],
    lines: Sequence[Any],
) -> list[list[Cell]]:
    """Of these columns, in the order of the lines."""
    parts = [part.made for name in names for part in PARTS[noun][name]]
    earlier = users.earlier_names(connection, scope, lines) if noun == "users" and "username" in names else {}
    beside = Beside(language, panels, earlier)
    return [[made(line, beside) for made in parts] for line in lines]
