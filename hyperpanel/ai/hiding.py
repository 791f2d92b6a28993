"""Personal data, hidden from a model and put back into what it says: e-mails, telephones, links, @names and the customer's own names.

Each is one sign wherever it occurs, so that a model can tell people apart without knowing who they are. Unlike in a translation, a sign may be
left out of an answer or come twice; one that was never given stays as it is.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hyperpanel.ai.figures import EMAIL, LINK, NAME, evened, figures

BEGUN = re.compile(r"(?<![\w+])(?:\+[ ]?|(?=00)|\()?(?=\d)")
GROUP = re.compile(r"[ ().\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]{0,3}(\d+)")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")
FEWEST, MOST, ALONE, USUAL, SHORT = 9, 15, 10, 13, 4
"""Digits of a telephone: at least and at most; of one in one piece; of one with a long piece at most; and of a piece that is not long."""

SIGN = re.compile(r"⟦\s*(email|phone|link|name|customer)\s*(\d{1,4})\s*⟧", re.IGNORECASE)
HALF = re.compile(r"⟦[^⟧]{0,20}$")


@dataclass
class Hidden:
    """What stands for what. `names`: of the customer; `orders`: numbers that are never hidden."""

    names: Collection[str] = ()
    orders: Collection[str] = ()
    signs: dict[str, str] = field(default_factory=dict)

    def hide(self, text: str) -> str:
        """No sign of a customer's own is taken for ours."""
        free, done, made = text.replace("⟦", "[").replace("⟧", "]"), 0, list[str]()
        for start, end, kind in spots(free, self.names, self.orders):
            if start >= done:
                made += [free[done:start], self.sign(kind, free[start:end])]
                done = end
        return "".join([*made, free[done:]])

    def sign(self, kind: str, text: str) -> str:
        if text not in self.signs:
            nth = sum(sign.startswith(f"⟦{kind} ") for sign in self.signs.values()) + 1
            self.signs[text] = f"⟦{kind} {nth}⟧"
        return self.signs[text]

    def restore(self, said: str) -> str:
        texts = {sign: text for text, sign in self.signs.items()}
        return SIGN.sub(lambda found: texts.get(f"⟦{found[1].lower()} {int(found[2])}⟧", found[0]), said)

    def partly(self, so_far: str) -> str:
        """Of an answer under way: half a sign is held back."""
        return self.restore(HALF.sub("", so_far))

    @property
    def counts(self) -> Mapping[str, int]:
        """How many of each kind."""
        kinds = [sign.strip("⟦").split()[0] for sign in self.signs.values()]
        return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def spots(text: str, names: Iterable[str], orders: Collection[str]) -> list[tuple[int, int, str]]:
    """Where personal data stands, the longer of two that begin at one place first."""
    return sorted(
        {*of_figures(text), *of_phones(text, orders), *of_names(text, names)}, key=lambda one: (one[0], -one[1])
    )


def of_figures(text: str) -> Iterator[tuple[int, int, str]]:
    words = {EMAIL: "email", LINK: "link", NAME: "name"}
    return ((one.start, one.end, words[one.kind]) for one in figures(text) if one.kind in words)


def of_phones(text: str, orders: Collection[str]) -> Iterator[tuple[int, int, str]]:
    even, done = evened(text), 0
    for found in BEGUN.finditer(even):
        if found.start() >= done:
            is_one, done = phone(even, found, orders)
            if is_one:
                yield found.start(), done, "phone"


def phone(text: str, begun: re.Match[str], orders: Collection[str]) -> tuple[bool, int]:
    """Whether one begins here, and where it ends, or where to look on. Order numbers and dates beside each other are none."""
    has_prefix = bool(begun[0]) or text.startswith("00", begun.start())
    groups, ends = beside(text, begun.end(), orders)
    for many in range(len(groups), 0, -1):
        if is_phone(groups[:many], has_prefix):
            return True, ends[many - 1]
    return False, ends[0] if ends else max(begun.end() + 1, text.find(" ", begun.end()))


def beside(text: str, end: int, orders: Collection[str]) -> tuple[list[str], list[int]]:
    """Groups of digits that may be one telephone, and where each ends."""
    groups, ends = list[str](), list[int]()
    while group := GROUP.match(text, end):
        is_more = sum(map(len, groups)) + len(group[1]) > MOST
        if is_more or group[1] in orders or DATE.match(text, group.start(1)):
            break
        groups.append(group[1])
        end = group.end()
        ends.append(end)
    return groups, ends


def is_phone(groups: Sequence[str], has_prefix: bool) -> bool:
    """Of several pieces a long one is as likely an order number, unless what stands before it is how telephones begin."""
    digits, longer = sum(map(len, groups)), sum(len(one) > SHORT for one in groups)
    if len(groups) == 1:
        return digits >= (FEWEST if has_prefix else ALONE)
    if not longer:
        return digits >= FEWEST
    if has_prefix:
        is_open = digits - len(groups[-1]) < FEWEST or (len(groups[-1]) <= SHORT and is_usual("".join(groups)))
        return digits >= FEWEST and is_open
    begins = groups[0].startswith("0") or (longer == 1 and (groups[0].startswith("8") or 2 <= len(groups[0]) <= SHORT))
    return begins and is_usual("".join(groups))


def is_usual(digits: str) -> bool:
    return ALONE <= len(digits.removeprefix("00")) <= USUAL


def of_names(text: str, names: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """As whole words, however they are written."""
    for name in names:
        if name:
            whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
            yield from ((*found.span(), "customer") for found in whole.finditer(text))
