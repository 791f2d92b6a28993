"""What a translation writes beside a number, so that it means another one: a currency, percent, thousands or millions, a minus, a range.

Each is held against what the source has beside the same number, by sign or by word: "20 percent" may come back as "20%", "refund 100" not as
"$100". A word that is not listed here stands for nothing, so its sign is refused: the safe side.
"""

import re
from collections.abc import Sequence

HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\ufeff]")
SIGN = re.compile(r"⟦(\d+)⟧")
SPACE = "[ \u00a0\u202f]{0,2}"
DASH = "[-‐‑‒–—―−﹣－~～〜]"
MONEY = "$¢-¥֏؋߾߿৲৳৻૱௹฿៛₠-⃀꠸﷼﹩＄￠￡￥￦"
CODES = "USDT|USD|EUR|GBP|TRY|TL|RUB|IRR|IRT|BRL|INR|UAH|KZT|AZN|AED|SAR|EGP|PLN|CNY|JPY|KRW|IDR|VND|PKR|BDT|NGN|BTC"
PERCENT = "%٪％﹪‰"
MARK = rf"[{PERCENT}]|[A-Z]{{0,2}}[{MONEY}]|(?<!\w)(?:{CODES})(?!\w)"
AFTER = re.compile(rf"{SPACE}({MARK}|[kKmMbB](?!\w))|([кКмМ]|bn|mn|mln|mio|тыс|млн)(?!\w)")
BEFORE = re.compile(rf"({MARK}){SPACE}$")
MINUS = re.compile(rf"(?:^|(?<=\W)){DASH}$|−\s?$")
ANY_MINUS = re.compile(rf"{DASH}\s?$")
RANGE = re.compile(rf"\s?{DASH}\s?")
JOINED = re.compile(
    rf"\s*{DASH}+\s*|\W*(?:ile|ila|[dt][ae]n|to|till|until|through|do|до|по|تا|الی|إلى|الى|حتى|a|à|até|hasta|bis|से)\W*",
    re.IGNORECASE,
)
WORDS = {
    "percent": "% ٪ ％ ﹪ yüzde percent* per·cent процент* درصد cento ciento cent prozent بالمئة بالمائة प्रतिशत फीसदी",
    "permille": "‰ binde promille промилле",
    "dollar": "$ ＄ ﹩ USD US$ dollar* dolar* dólar* доллар* دلار دولار डॉलर 美元 ドル",
    "tether": "USDT tether",
    "euro": "€ EUR euro* avro* евро یورو يورو 欧元 ユーロ",
    "pound": "£ ￡ GBP pound* sterlin* фунт* پوند جنيه EGP",
    "lira": "₺ TL TRY lira* лир* لیر لير ليرة",
    "rouble": "₽ RUB ruble* rouble* руб* روبل",
    "rial": "﷼ IRR IRT SAR toman* tümen تومان ریال ريال rial* riyal*",
    "real": "R$ BRL real reais",
    "rupee": "₹ INR PKR ₨ rs rupee* रुपये रुपए روپے",
    "hryvnia": "₴ UAH грн гривн*",
    "tenge": "₸ KZT тенге",
    "manat": "₼ AZN manat",
    "dirham": "AED dirham* درهم",
    "zloty": "PLN zł zlot* złot*",
    "yuan": "¥ ￥ CNY yuan 人民币",
    "yen": "¥ ￥ JPY yen 円",
    "won": "₩ ￦ KRW won 원",
    "dong": "₫ VND dong đồng",
    "rupiah": "IDR rp rupiah",
    "taka": "৳ BDT taka",
    "naira": "₦ NGN naira",
    "bitcoin": "₿ BTC bitcoin* биткоин*",
    "b": "b bn milyar* billion* mlrd млрд миллиард* bilhão bilhões میلیارد مليار",
    "k": "k к bin thousand* mil тыс* mille tausend ribu هزار ألف الف آلاف हज़ार हजार 千",
    "m": "m м mn milyon* million* mln mio млн миллион* milhão milhões millón millones juta میلیون ملیون مليون मिलियन 百万",
    "minus": "minus eksi минус منفی ناقص menos negative moins",
}


EASTERN = "\u2e80"
"""From here on words are not set apart by spaces."""


def pattern(words: str) -> re.Pattern[str]:
    """A word stands alone, with * it may go on; a sign stands anywhere."""
    some = [re.escape(word).replace(r"\*", r"\w*").replace("·", r"\s") for word in words.split()]
    return re.compile(
        "|".join(rf"(?<!\w){one}(?!\w)" if one[0].isalpha() and one[0] < EASTERN else one for one in some),
        re.IGNORECASE,
    )


MEANT = {name: pattern(words) for name, words in WORDS.items()}
REACH = 40
"""Characters beside a number in which its unit is looked for, two words at most."""


def are_given(source: str, said: Sequence[str], numbers: Sequence[int], counts: Sequence[bool]) -> bool:
    """Whether nothing new stands beside a number. `source`: as it went out; `said`: what stands before, between and after the signs of
    the answer; `numbers`: which signs these are; `counts`: of each sign that there is, by its number, whether it is a number."""
    given = [HIDDEN.sub("", one) for one in SIGN.split(source)[::2]]
    told = [HIDDEN.sub("", one) for one in said]
    for place, number in enumerate(numbers):
        if not counts[number - 1]:
            continue
        is_next = place > 0 and counts[numbers[place - 1] - 1] and bool(RANGE.fullmatch(told[place]))
        if is_next and not is_range(given, numbers[place - 1], number):
            return False
        if not is_given(given[number - 1], given[number], "" if is_next else told[place], told[place + 1]):
            return False
    return True


def is_range(given: Sequence[str], first: int, second: int) -> bool:
    return second == first + 1 and bool(JOINED.fullmatch(given[first]))


def is_given(before: str, after: str, told_before: str, told_after: str) -> bool:
    """Of one number, by what stands on both its sides."""
    words, had = beside(before, after), marks(before, after)
    if MINUS.search(told_before[-REACH:]) and not (ANY_MINUS.search(before[-REACH:]) or MEANT["minus"].search(words)):
        return False
    return all(mark in had or is_meant(mark, words) for mark in marks(told_before, told_after))


def beside(before: str, after: str) -> str:
    return " ".join([*before[-REACH:].split()[-2:], *after[:REACH].split()[:2]])


def marks(before: str, after: str) -> set[str]:
    ahead, behind = BEFORE.search(before[-REACH:]), AFTER.match(after)
    return ({ahead[1]} if ahead else set()) | ({behind[1] or behind[2]} if behind else set())


def is_meant(mark: str, words: str) -> bool:
    return any(one.search(words) for one in MEANT.values() if one.fullmatch(mark))
