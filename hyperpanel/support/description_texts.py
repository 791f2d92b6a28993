"""What staff write of a service, as it is kept, and as it stands in a cell of a file: written and read back, it is the same text.

In a CSV a text that a spreadsheet could take for a formula is told by an apostrophe to be none, line by line. Reading takes that apostrophe
off again, so one that belongs to the text is written twice.
"""

import re

from hyperpanel.errors import BadInput
from hyperpanel.support.sheet_files import ILLEGAL, SIGNS, SKIPPED
from hyperpanel.support.wanted import N_

LONGEST = 20_000
TOLD = 400
"""Signs of a text that the audit and a look at a file repeat."""

REMOVES = "-"
"""In a file, alone in its cell."""

FORMULA = f"[{SKIPPED}]*[{SIGNS}]"
MARKED = re.compile(f"(^|[;\t\r\n])'(?={FORMULA})")
BEGINS = re.compile(FORMULA)
BLANK_BELOW = re.compile("'+[\t\r\n]")
"""A text that begins with a tab or a line end is marked too, whatever follows."""


def tidy(text: str) -> str:
    """Line ends of one kind, and no sign that a file cannot hold. Nothing but blanks is nothing."""
    plain = ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return plain if plain.strip() else ""


def judged(text: str) -> str:
    """As it is kept. Raises BadInput."""
    plain = tidy(text)
    if len(plain) > LONGEST:
        raise BadInput(
            N_("It has {signs} characters; at most {most} are kept."), "description", signs=len(plain), most=LONGEST
        )
    return plain


def shortened(text: str) -> str:
    return text if len(text) <= TOLD else f"{text[: TOLD - 1]}…"


def for_csv(text: str) -> str:
    """Before `sheet_files.told` marks it: that leaves alone what only looks as if it were marked."""
    return f"'{text}" if BLANK_BELOW.match(text) and not BEGINS.match(text) else text


def for_xlsx(text: str) -> str:
    """There a text is no formula whatever it says; only apostrophes that reading would take off are doubled."""
    if text.strip() == REMOVES:
        return f"'{text}"
    return MARKED.sub(r"\1''", for_csv(text))


def from_cell(cell: str) -> str:
    """Of either file."""
    is_marked = BLANK_BELOW.match(cell) and not BEGINS.match(cell)
    return MARKED.sub(r"\1", cell[1:] if is_marked else cell)
