"""What stands beside a speed in a service's name: how long it is refilled, when it starts, and how much of it may be ordered.

None of these is measured against; they are shown, so each needs a word or a place of its own to be believed.
"""

import re

from reports.service_tokens import MILLIONTHS, Tokens, amount
from reports.service_words import DAY, MINUTE

Taken = set[int]
"""Tokens that a speed stands on."""

REFILLED = re.compile(
    r"(?P<ahead>R)[Rf:\-|(]{0,4}N(?P<unit>[Pp])?(?![K%N])|r[/:\-]?N(?![K%])|(?<!N[-t])N[Pp]?[-:|]?[f]{0,2}(?P<behind>R|\*|r(?!N))"
)
FOREVER = re.compile(r"R[Rf:\-|(]{0,4}L|L[f-]?R|rL|(?:^|[|(\-])L(?=$|[|)\-])")
TIME = r"(?P<least>N)(?P<left>[Pp])?(?:[-t](?P<most>N))?(?P<unit>[Pp])"
STARTED = re.compile(rf"T[f:\-(ut|I]{{0,4}}{TIME}|{TIME.replace('?P<', '?P<b_')}T|T[f:\-(]{{0,3}}(?P<instant>I)")
WAITED = re.compile(rf"(?:^|[|(I\-?PpG]){TIME}(?=$|[|)\-I.?])")
LISTED = re.compile(r"\((?P<least>N)(?P<unit>[Pp])-")
MOST = re.compile(r"M[f:\-(]{0,3}(NK?)|(NK?)M(?![f:\-(]{0,3}N)")
LEAST = re.compile(r"(?<!N)m[f:\-(]{0,3}(NK?)|(NK?)m(?![f:\-(]{0,3}N)")
PLACED = re.compile(r"(?:^|[|(\-])(?:(NK?)|(NK?)-(NK?|E))(?=[|)]|-(?![NE])|$)")
DAYS_AT_MOST = 3_650


def refill_days(read: Tokens, taken: Taken) -> tuple[int | None, bool]:
    """Days, and whether it is for ever."""
    if FOREVER.search(read.codes):
        return None, True
    for found in REFILLED.finditer(read.codes):
        at = read.codes.index("N", found.start())
        days = whole(read, at)
        unit = read.sizes[at + 1] if read.codes[at + 1 : at + 2] in ("P", "p") else DAY
        is_denied = found.start() and read.codes[found.start() - 1] == "n"
        if days and unit >= DAY and not is_denied and at not in taken and days * unit // DAY <= DAYS_AT_MOST:
            return days * unit // DAY, False
    return None, False


def start_minutes(read: Tokens, taken: Taken) -> tuple[int, int] | None:
    if found := STARTED.search(read.codes):
        prefix = "" if found["least"] else "b_"
        if found["instant"]:
            return 0, 0
        return waited(read, found, prefix)
    if not read.is_live and "D" not in read.codes:
        for found in WAITED.finditer(read.codes):
            if found["most"] and found.start("least") not in taken and read.sizes[found.start("unit")] < DAY:
                return waited(read, found, "")
    if found := LISTED.search(read.codes):
        minutes = whole(read, found.start("least")) or 0
        size = read.sizes[found.start("unit")]
        if taken and size < DAY:
            return minutes * size // MINUTE, minutes * size // MINUTE
    return (0, 0) if re.search("(?<!n)I", read.codes) else None


def waited(read: Tokens, found: re.Match[str], prefix: str) -> tuple[int, int] | None:
    size = read.sizes[found.start(f"{prefix}unit")]
    left = read.sizes[found.start(f"{prefix}left")] if found[f"{prefix}left"] else size
    least = whole(read, found.start(f"{prefix}least"))
    most = whole(read, found.start(f"{prefix}most")) if found[f"{prefix}most"] else least
    if least is None or most is None:
        return None
    is_bound = not found[f"{prefix}most"] and "u" in found[0]
    first = 0 if is_bound else least * left // MINUTE
    return (first, most * size // MINUTE) if first <= most * size // MINUTE else None


def bounds(read: Tokens, taken: Taken) -> tuple[int | None, int | None]:
    """Fewest and most of an order."""
    least, most = told(read, LEAST, taken), told(read, MOST, taken)
    for found in PLACED.finditer(read.codes):
        whole_name = found.start() == 0 and found.end() == len(read.codes)
        if whole_name or any(found.start(group) in taken for group in (1, 2, 3) if found[group]):
            continue
        if found[1] and most is None and "K" in found[1]:
            most = quantity(read, found.start(1))
        elif found[2] and least is None and most is None:
            least, most = placed(read, found)
    return (least, most) if least is None or most is None or least <= most else (None, None)


def placed(read: Tokens, found: re.Match[str]) -> tuple[int | None, int | None]:
    least = quantity(read, found.start(2))
    return least, None if found[3] == "E" else quantity(read, found.start(3))


def told(read: Tokens, pattern: re.Pattern[str], taken: Taken) -> int | None:
    for found in pattern.finditer(read.codes):
        at = found.start(1 if found[1] else 2)
        if at not in taken and (value := quantity(read, at)):
            return value
    return None


def quantity(read: Tokens, at: int) -> int | None:
    value = amount(read.texts[at], read.sizes[at + 1] if read.codes[at + 1 : at + 2] == "K" else 0)
    return value // MILLIONTHS if value else None


def whole(read: Tokens, at: int) -> int | None:
    text = read.texts[at]
    return int(text) if text.isdecimal() and len(text) < 6 else None
