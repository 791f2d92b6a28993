"""Descriptions from a file, judged line by line against what is held, before anything is stored.

Spreadsheets take numbers for numbers: 00170 comes as 170, 170 as 170.0, and people type ۱۷۰. Each is read as the catalogue has it, and the
exact text first.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hyperpanel.db.descriptions import Description, Key
from hyperpanel.db.panels import Panel, folded
from hyperpanel.errors import BadInput
from hyperpanel.support.description_texts import REMOVES, from_cell, judged
from hyperpanel.support.sheets import Row, Shape, Sheet
from hyperpanel.support.wanted import N_

NEEDED = ("panel", "service_id", "description")
COLUMNS = ("panel", "service_id", "name", "category", "type", "rate", "min", "max", "description")
SHAPE = Shape(NEEDED, COLUMNS, 50_000)
NEW, CHANGED, REMOVED, UNCHANGED, BLANK, WRONG = "new", "changed", "removed", "unchanged", "blank", "wrong"
BECAME = (NEW, CHANGED, REMOVED, UNCHANGED, BLANK, WRONG)
CHANGING = frozenset({NEW, CHANGED, REMOVED})
LONGEST_ID = 64
FRACTION = re.compile(r"([0-9]+)\.0+")


@dataclass(frozen=True)
class Held:
    """What a file is judged against: of the panels that its sender may see, by their ids."""

    panels: Mapping[str, Panel]
    services: Mapping[int, set[str]]
    descriptions: Mapping[Key, Description]


@dataclass(frozen=True)
class Line:
    """`panel` and `service_id` as in the catalogue where they are found, else as typed. `was` and `body`: the text before and after."""

    number: int
    panel: str
    service_id: str
    panel_id: int | None
    became: str
    was: str = ""
    body: str = ""
    error: BadInput | None = None

    @property
    def key(self) -> Key:
        return self.panel_id or 0, self.service_id


def held(panels: Sequence[Panel], services: Mapping[int, set[str]], descriptions: Mapping[Key, Description]) -> Held:
    return Held({folded(panel.name): panel for panel in panels}, services, descriptions)


def named(sheet: Sheet, panels: Sequence[Panel]) -> list[Panel]:
    """The panels that the file has rows of."""
    wanted = {folded(typed(row, "panel")) for row in sheet.rows}
    return [panel for panel in panels if folded(panel.name) in wanted]


def judge(sheet: Sheet, known: Held) -> list[Line]:
    taken: dict[Key, int] = {}
    return [line(row, known, taken) for row in sheet.rows]


def line(row: Row, known: Held, taken: dict[Key, int]) -> Line:
    """`taken`: the services so far, each with the line that has it."""
    panel = known.panels.get(folded(typed(row, "panel")))
    number = typed(row, "service_id")
    found = spelled(number, known.services.get(panel.id, set())) if panel else None
    name = panel.name if panel else typed(row, "panel")
    panel_id = panel.id if panel else None
    try:
        refuse(row, name, number, panel is not None, found)
        service_id = found or ""
        key = (panel_id or 0, service_id)
        first = taken.setdefault(key, row.number)
        if first != row.number:
            raise BadInput(N_("Line {line} is about the same service."), "service_id", line=first)
        became, was, body = change(row.cells["description"], known.descriptions.get(key))
    except BadInput as problem:
        return Line(row.number, name, found or number, panel_id, WRONG, error=problem)
    return Line(row.number, name, service_id, panel_id, became, was, body)


def typed(row: Row, column: str) -> str:
    return from_cell(row.cells.get(column, "")).strip()


def refuse(row: Row, panel: str, number: str, is_known: bool, found: str | None) -> None:
    if row.fault:
        raise row.fault
    if not panel:
        raise BadInput(N_("It names no panel."), "panel")
    if not is_known:
        raise BadInput(N_("There is no panel “{name}”."), "panel", name=panel[:LONGEST_ID])
    if not number:
        raise BadInput(N_("It names no service."), "service_id")
    if found is None:
        raise BadInput(N_("There is no service {id} on {panel}."), "service_id", id=number[:LONGEST_ID], panel=panel)


def spelled(typed: str, ids: set[str]) -> str | None:
    """As the catalogue has it, if it does."""
    return next((way for way in ways(typed) if way in ids), None)


def ways(typed: str) -> Iterator[str]:
    if len(typed) > LONGEST_ID:
        return
    yield typed
    plain = "".join(latin(sign) for sign in typed).replace("٫", ".").lstrip("#'").strip()
    yield plain
    whole = FRACTION.fullmatch(plain)
    digits = whole[1] if whole else plain
    yield digits
    if digits.isascii() and digits.isdecimal():
        yield digits.lstrip("0") or "0"


def latin(sign: str) -> str:
    return str(unicodedata.decimal(sign)) if sign.isdecimal() else sign


def change(cell: str, description: Description | None) -> tuple[str, str, str]:
    """What becomes of it, with the text before and after. A blank cell says nothing; a hyphen alone takes the text away."""
    was = description.body if description else ""
    if not cell.strip():
        return BLANK, was, was
    if cell.strip() == REMOVES:
        return (REMOVED if was else UNCHANGED), was, ""
    body = judged(from_cell(cell))
    if not body:
        return BLANK, was, was
    return (UNCHANGED if body == was else CHANGED if was else NEW), was, body


def counts(lines: Sequence[Line]) -> dict[str, int]:
    found = dict.fromkeys(BECAME, 0)
    for one in lines:
        found[one.became] += 1
    return found


def made(lines: Sequence[Line], by: str, now: datetime) -> list[Description]:
    return [
        Description(one.panel_id or 0, one.service_id, one.body, now, by)
        for one in lines
        if one.became in (NEW, CHANGED)
    ]
