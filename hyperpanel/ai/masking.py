"""What a translation must not touch, hidden behind signs like ⟦1⟧ and put back: numbers, amounts, links, e-mails, @names, #tags, placeholders.

A model sees none of them, so it can neither change one nor be led by one; what it says has every sign exactly once, or is refused. After they
were put back the whole text is searched again: a link, name or number that is there and was not given, or that ran together with what stands
beside it ("12" and "34" to "1234", @ali to @aliya), is refused too.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from hyperpanel.ai import hosts, units
from hyperpanel.ai.asks import AiTrouble

LINK, EMAIL, NAME, TAG, PLACEHOLDER, SIGN, PERSON, NUMBER = (
    "link",
    "email",
    "name",
    "tag",
    "placeholder",
    "sign",
    "person",
    "number",
)
MONEY = "$¢-¥֏؋߾߿৲৳৻૱௹฿៛₠-⃀꠸﷼﹩＄￠￡￥￦"
CODES = (
    "USDT|USD|EUR|GBP|TRY|TL|RUB|IRR|IRT|BRL|INR|UAH|KZT|AZN|AED|SAR|EGP|PLN|CNY|JPY|KRW|IDR|VND|PKR|BDT|NGN|BTC|R\\$"
)
VULGAR = "²³¹¼-¾⁰-⁹₀-₉⅐-↋①-⒛⓪-⓿❶-➓〡-〩㈠-㈩㉈-㉏㉑-㉟㊀-㊉㊱-㊿\U0001f100-\U0001f10c"
"""What counts without being a digit of any script."""

ENDINGS = (
    "com|net|org|info|biz|app|dev|xyz|shop|store|online|site|link|live|page|club|vip|pro|tech|top|cloud|tv|me|io|co|ai|gg|ly|cc|gl|be|to|fm|"
    "tr|ru|ir|br|uk|de|fr|ua|kz|in|ae|sa|az|uz|by|pl|es|pt|it|nl|eu|us|ca|au|cn|jp|kr|id|vn|pk|bd|ng|eg|рф|укр"
)
"""Of hosts that are written without anything that makes a link of them: a word after a full stop is none."""

TOP = frozenset(ENDINGS.split("|"))
HIDDEN = "\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
LINK_SIGN = r"[^\s<>\"'’”»⟦⟧|]"
PARTS = (
    (SIGN, r"⟦[^⟦⟧\n]{0,20}⟧|[⟦⟧]"),
    (
        PLACEHOLDER,
        r"\$?\{\{[^{}\n]{1,80}\}\}|\$?\{[\w .:!-]{0,40}\}|%\([^()\n]{1,40}\)[a-zA-Z]|%[sdif](?!\w)|%[A-Za-z_]{2,30}%|</?[A-Za-z][^<>\n]{0,80}>",
    ),
    (
        LINK,
        rf"(?i:https?|hxxps?|ftp|wss?|tg)://{LINK_SIGN}+|(?<!\w)(?i:javascript|vbscript|data|mailto|tel):{LINK_SIGN}+|(?<![\w.])(?i:www)\.{LINK_SIGN}+",
    ),
    (EMAIL, r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"),
    (NAME, r"(?<![\w.])[@＠][\w.]{0,63}\w"),
    (
        LINK,
        rf"(?<![\w.@-])(?:[\w-]{{1,63}}\.){{1,8}}(?:{ENDINGS}|{ENDINGS.upper()}|(?i:com|net|org))(?![\w-])(?:[/?#:](?=[^\s])(?:{LINK_SIGN})*)?"
        rf"|(?<![\w.@-])(?:[\w-]{{1,63}}\.){{1,8}}[A-Za-z]{{2,24}}/{LINK_SIGN}*",
    ),
    (TAG, r"(?<!\w)[#＃](?=[^\W\d])\w{1,64}"),
    (
        NUMBER,
        r"(?<!\w)[A-Za-z_]{1,64}\d[A-Za-z0-9_]{0,64}|(?<!\w)\d{1,64}[A-Za-z]{1,64}\d[A-Za-z0-9_]{0,64}"
        rf"|(?:[{MONEY}][ \u00a0]?|(?<!\w)(?:{CODES})[ \u00a0]?)?"
        r"(?:\+\d(?:[ ().-]{0,2}\d){6,16}"
        r"|(?<!\d)\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)(?:[.,٫]\d+)?"
        rf"|\d+(?:[.,'’٬٫:/\-–T]\d+)*|[{VULGAR}])"
        rf"(?:[ \u00a0\u202f]?(?:[%٪％‰]|[{MONEY}](?!\d)|(?:{CODES})(?!\w))|[kKmM](?!\w)|\ufe0f?\u20e3)?",
    ),
)
KINDS = tuple(kind for kind, _ in PARTS)
TRAILING = ".,;:!?)]}»”’،؛؟…。，！？"
OPEN, CLOSE = r"(?:⟦|〚|【|［|\[{1,2})", r"(?:⟧|〛|】|］|\]{1,2})"
OURS = re.compile(rf"{OPEN}[\s{HIDDEN}]*(\d{{1,5}})[\s{HIDDEN}]*{CLOSE}")
"""A sign, however a model wrote it: there is no other number in what it was given, so none of its brackets can mean anything else."""

HALF = re.compile(rf"{OPEN}[\s\d{HIDDEN}]{{0,12}}$")
AHEAD = re.compile(rf"(?:(?:[{MONEY}]|{CODES})[ \u00a0]?)?")
AFTER = re.compile(rf"(?:[ \u00a0\u202f]?(?:[%٪％‰{MONEY}]|{CODES})|[kKmM])?")
DASHES = re.compile(r"\s?[-–—‑]\s?")


@dataclass(frozen=True)
class Found:
    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Masked:
    """`kept`: what ⟦1⟧, ⟦2⟧ … stand for; `kinds` of them; `names`: those that were looked for."""

    text: str
    kept: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def mask(text: str, names: Iterable[str] = (), personal: bool = False) -> Masked:
    """With `personal` the `names` of people are hidden too."""
    looked = tuple(sorted({name for name in names if name.strip()})) if personal else ()
    some = list(found(text, looked))
    made, done = list[str](), 0
    for number, one in enumerate(some, 1):
        made += [text[done : one.start], f"⟦{number}⟧"]
        done = one.end
    kept = tuple(text[one.start : one.end] for one in some)
    return Masked("".join([*made, text[done:]]), kept, tuple(one.kind for one in some), looked)


def found(text: str, names: tuple[str, ...] = ()) -> Iterator[Found]:
    for one in pattern(names).finditer(text):
        kind = one.lastgroup or ""
        kind = PERSON if kind == "person" else KINDS[int(kind.removeprefix("part"))]
        end = one.start() + len(one[0].rstrip(TRAILING) or one[0]) if kind == LINK else one.end()
        yield from rest(text, kind, one.start(), end, one.end())


def rest(text: str, kind: str, start: int, end: int, until: int) -> Iterator[Found]:
    """What was found, and what is in the end that was cut off it."""
    yield Found(kind, start, end)
    for one in CUT.finditer(text, end, until):
        yield Found(SIGN, *one.span())


CUT = re.compile("[⟦⟧]")


@lru_cache(maxsize=256)
def pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """Of several that begin at one place the first in this order is taken."""
    parts = [f"(?P<part{number}>{part})" for number, (_, part) in enumerate(PARTS)]
    if names:
        longest = sorted(names, key=len, reverse=True)
        person = rf"(?P<person>(?<!\w)(?i:{'|'.join(map(re.escape, longest))})(?!\w))"
        parts.insert(4, person)
    return re.compile("|".join(parts))


def restore(said: str, masked: Masked) -> str:
    """Raises AiTrouble("altered") unless every sign came exactly once, and nothing of their kinds beside them."""
    numbers = [int(one[1]) for one in OURS.finditer(said)]
    if sorted(numbers) != list(range(1, len(masked.kept) + 1)):
        raise AiTrouble("altered")
    counts, between = [kind == NUMBER for kind in masked.kinds], OURS.split(said)[::2]
    signed = "".join(f"{text}⟦{number}⟧" for text, number in zip(between, numbers, strict=False)) + between[-1]
    if not (units.are_given(masked.text, between, numbers, counts) and hosts.are_given(masked.text, signed, TOP)):
        raise AiTrouble("altered")
    made, spots, length, done = list[str](), list[Found](), 0, 0
    for number, one in zip(numbers, OURS.finditer(said), strict=True):
        before, kept = said[done : one.start()], masked.kept[number - 1]
        made += [before, kept]
        start = length + len(before)
        length = start + len(kept)
        spots.append(Found(masked.kinds[number - 1], start, length))
        done = one.end()
    text = "".join([*made, said[done:]])
    if not is_same(text, spots, list(found(text, masked.names))):
        raise AiTrouble("altered")
    return text


def filled_in(said: str, masked: Masked) -> str:
    """For an answer that may leave signs out or name one twice. Raises AiTrouble("altered") for a sign that was not given."""
    if any(not 0 < int(one[1]) <= len(masked.kept) for one in OURS.finditer(said)):
        raise AiTrouble("altered")
    return OURS.sub(lambda one: masked.kept[int(one[1]) - 1], said)


def is_same(text: str, spots: Sequence[Found], seen: Sequence[Found]) -> bool:
    """Whether what is seen in a text is what was put there, at `spots`, and nothing else."""
    nth = 0
    for one in seen:
        mine = list[Found]()
        while nth < len(spots) and spots[nth].end <= one.end:
            mine.append(spots[nth])
            nth += 1
        if not holds(text, one, mine):
            return False
    return nth == len(spots)


def holds(text: str, one: Found, mine: Sequence[Found]) -> bool:
    """A number may get a unit beside it, and a dash may come between two. A person's name can be a word of the answer's own."""
    if not mine:
        return one.kind == PERSON
    if one.kind != NUMBER or any(each.kind != NUMBER for each in mine):
        return len(mine) == 1 and mine[0] == one
    if mine[0].start < one.start:
        return False
    head, tail = text[one.start : mine[0].start], text[mine[-1].end : one.end]
    gaps = [text[first.end : second.start] for first, second in pairwise(mine)]
    return bool(AHEAD.fullmatch(head) and AFTER.fullmatch(tail)) and all(DASHES.fullmatch(gap) for gap in gaps)


def partly(so_far: str, masked: Masked) -> str:
    """Of an answer under way: whole signs put back, half a one at its end held back. Nothing is checked yet."""

    def value(one: re.Match[str]) -> str:
        number = int(one[1])
        return masked.kept[number - 1] if 0 < number <= len(masked.kept) else ""

    return OURS.sub(value, HALF.sub("", so_far))
