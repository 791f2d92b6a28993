"""Many panels from a file: CSV as a spreadsheet saves it. The whole file is judged, line by line, before anything is stored."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hyperpanel.db.panels import Panel, folded
from hyperpanel.errors import BadInput
from hyperpanel.support.attaching import panel_of, spelled
from hyperpanel.support.sheet_texts import next_row, separator
from hyperpanel.support.wanted import KINDS, N_, Judged, Typed, judge

COLUMNS = (
    "name", "url", "admin_key", "services_key", "currency", "time_zone", "rate", "group", "private", "kind",
)  # fmt: skip
NEEDED = ("name", "url", "admin_key")
EXAMPLE = ("eu-1", "https://panel.example", "", "", "EUR", "Europe/Berlin", "4", "Europe", "no", KINDS[0])
"""Without a key, so that nobody adds it by mistake."""
TAKEN = N_("A panel of this name is there already.")
SEPARATORS = ",;\t"
LARGEST = 2**20
MOST_LINES = 1000
YES_OR_NO = {"": False, "no": False, "false": False, "0": False, "yes": True, "true": True, "1": True}


@dataclass(frozen=True)
class Line:
    """`number`: where it begins in the file; `errors` by column, empty where the panel can be added."""

    number: int
    typed: Typed
    keys: Mapping[str, str] = field(repr=False)
    panel: Panel | None
    errors: Mapping[str, BadInput]


def template() -> bytes:
    """With a mark by which a spreadsheet knows UTF-8."""
    written = io.StringIO()
    csv.writer(written).writerows([COLUMNS, EXAMPLE])
    return written.getvalue().encode("utf-8-sig")


def read(body: bytes, known: Sequence[Panel]) -> list[Line]:
    """Raises BadInput for what is wrong with the file as a whole."""
    taken = {folded(panel.name): 0 for panel in known}
    return [judged_line(number, cells, taken) for number, cells in rows(text_of(body))]


def text_of(body: bytes) -> str:
    if len(body) > LARGEST:
        raise BadInput(N_("The file is larger than {most} MiB."), "file", most=LARGEST // 2**20)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text:
        raise BadInput(N_("The file is not UTF-8 text. Save it as CSV (UTF-8), then choose it again."), "file")
    if not text.strip():
        raise BadInput(N_("The file is empty."), "file")
    return text


def rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line's number with its cells by column; blank lines count and are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text, COLUMNS, SEPARATORS), strict=True)
    header: Sequence[str] = ()
    found, begins = 0, 1
    while (cells := next_row(reader, begins)) is not None:
        if any(cell.strip() for cell in cells):
            if not header:
                header = checked_header([cell.strip().casefold() for cell in cells])
            else:
                found += 1
                refuse_too_many(found)
                yield begins, by_column(header, cells)
        begins = reader.line_num + 1
    if not found:
        raise BadInput(N_("The file names no panel below its first line."), "file")


def checked_header(names: Sequence[str]) -> Sequence[str]:
    for name in NEEDED:
        if name not in names:
            raise BadInput(N_("The first line must name the columns; “{name}” is missing."), "file", name=name)
    for name in names:
        if name not in COLUMNS:
            known = ", ".join(COLUMNS)
            raise BadInput(
                N_("The first line names a column “{name}”. Known: {known}."), "file", name=name[:40], known=known
            )
        if names.count(name) > 1:
            raise BadInput(N_("The first line names the column “{name}” twice."), "file", name=name)
    return names


def refuse_too_many(found: int) -> None:
    if found > MOST_LINES:
        raise BadInput(N_("The file names more than {most} panels. Part it in two."), "file", most=MOST_LINES)


def by_column(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Cells that are missing at the end are empty; what is beyond the header belongs nowhere."""
    beyond = [cell for cell in cells[len(header) :] if cell.strip()]
    padded = [*cells, *[""] * len(header)][: len(header)]
    return dict(zip(header, padded, strict=True)) | ({"": beyond[0]} if beyond else {})


def judged_line(number: int, cells: Mapping[str, str], taken: dict[str, int]) -> Line:
    """`taken` are the names so far, with the line that has them: 0 for panels that are there already."""
    typed, errors = typed_line(cells)
    judged = judge(typed)
    errors |= judged.errors
    name = folded(typed.name)
    if name in taken and "name" not in errors:
        errors["name"] = doubled(taken[name])
    taken.setdefault(name, number)
    return Line(number, typed, judged.keys, None if errors else panel(judged), errors)


def panel(judged: Judged) -> Panel:
    return panel_of(judged.require())


def typed_line(cells: Mapping[str, str]) -> tuple[Typed, dict[str, BadInput]]:
    """An empty cell is what the form begins with."""
    errors: dict[str, BadInput] = {}
    given = {name: cell.strip() for name, cell in cells.items() if name and name != "private" and cell.strip()}
    private = cells.get("private", "").strip().casefold()
    if private not in YES_OR_NO:
        errors["private"] = BadInput(N_("Write yes or no."), "private")
    if "" in cells:
        errors["line"] = BadInput(N_("It has more cells than the first line has columns."), "line")
    return replace(Typed(**given), private=YES_OR_NO.get(private, False)), errors  # type: ignore[arg-type] # all text


def doubled(line: int) -> BadInput:
    if line:
        return BadInput(N_("Line {line} has the same name."), "name", line=line)
    return BadInput(TAKEN, "name")


def addable(lines: Iterable[Line], known: Iterable[Panel]) -> list[tuple[Panel, Mapping[str, str]]]:
    """Those that are right, with their keys; a group is spelled alike in the whole file, and as it is already."""
    others, found = list(known), []
    for line in lines:
        if line.panel is not None:
            others.append(spelled(line.panel, others))
            found.append((others[-1], line.keys))
    return found
