"""What counts without being a decimal digit of any script: ½, ②, Ⅻ, ௰ and 五百.

Chinese and Japanese numerals are letters, and some are parts of ordinary words (什 of 什么): such a one counts only beside another numeral.
"""

import unicodedata
from decimal import Decimal

SIGNS = (
    r"\u00b2-\u00b3\u00b9\u00bc-\u00be\u09f4-\u09f9\u0b72-\u0b77\u0bf0-\u0bf2\u0c78-\u0c7e\u0d58-\u0d5e"
    r"\u0d70-\u0d78\u0f2a-\u0f33\u1369-\u137c\u16ee-\u16f0\u17f0-\u17f9\u19da\u2070\u2074-\u2079\u2080-\u2089"
    r"\u2150-\u2182\u2185-\u2189\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u2cfd\u3021-\u3029\u3038-\u303a"
    r"\u3192-\u3195\u3220-\u3229\u3248-\u324f\u3251-\u325f\u3280-\u3289\u32b1-\u32bf\ua6e6-\ua6ef\ua830-\ua835"
    r"\U00010107-\U00010133\U00010140-\U00010178\U0001018a-\U0001018b\U000102e1-\U000102fb"
    r"\U00010320-\U00010323\U00010341\U0001034a\U000103d1-\U000103d5\U00010858-\U0001085f\U00010879-\U0001087f"
    r"\U000108a7-\U000108af\U000108fb-\U000108ff\U00010916-\U0001091b\U000109bc-\U000109bd"
    r"\U000109c0-\U000109ff\U00010a40-\U00010a48\U00010a7d-\U00010a7e\U00010a9d-\U00010a9f"
    r"\U00010aeb-\U00010aef\U00010b58-\U00010b5f\U00010b78-\U00010b7f\U00010ba9-\U00010baf"
    r"\U00010cfa-\U00010cff\U00010e60-\U00010e7e\U00010f1d-\U00010f26\U00010f51-\U00010f54"
    r"\U00010fc5-\U00010fcb\U00011052-\U00011065\U000111e1-\U000111f4\U0001173a-\U0001173b"
    r"\U000118ea-\U000118f2\U00011c5a-\U00011c6c\U00011fc0-\U00011fd4\U00012400-\U0001246e"
    r"\U00016b5b-\U00016b61\U00016e80-\U00016e96\U0001d2e0-\U0001d2f3\U0001d360-\U0001d378"
    r"\U0001e8c7-\U0001e8cf\U0001ec71-\U0001ecab\U0001ecad-\U0001ecaf\U0001ecb1-\U0001ed2d"
    r"\U0001ed2f-\U0001ed3d\U0001f100-\U0001f10c"
)
"""Ranges of a pattern's class: all numbers of Unicode that are no letters. Each is a number of its own."""

PLAIN_HAN = "〇零一二三四五六七八九十百千万萬億亿兆两兩廿卅"
HAN = f"{PLAIN_HAN}什仟仨伍佰叁参參叄壱壹幺弌弍弎弐拾捌柒漆玖肆貮貳贰阡陆陌陸亖卄卌"
NUMERALS = rf"[{HAN}]{{2,64}}|[{PLAIN_HAN}]"
TWO = "两"
"""Has no number in some versions of Unicode."""


def value(numeral: str) -> Decimal:
    """Of one sign, or of Chinese and Japanese numerals in a row: 五百 is 500, 二〇二六 is 2026."""
    each = [2 if sign == TWO else int(unicodedata.numeric(sign, 0)) for sign in numeral]
    if len(each) == 1 and numeral != TWO:
        return Decimal(str(unicodedata.numeric(numeral, 0.0)))
    if all(one < 10 for one in each):
        return Decimal("".join(map(str, each)))
    return Decimal(added(each))


def added(each: list[int]) -> int:
    """Each power of ten multiplies what stands before it; 万 and more the whole of it."""
    total = below = last = 0
    for one in each:
        if one < 10:
            last = one
        elif one < 10_000:
            below, last = below + (last or 1) * one, 0
        else:
            total, below, last = total + (below + last or 1) * one, 0, 0
    return total + below + last
