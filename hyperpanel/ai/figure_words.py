"""The words beside a number that say what it counts, in the languages that tickets are written in most; matched at the number's edge.

A word that is not here is no harm: its number is then held against every number of the material, instead of those that count the same.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

MINUTE, HOUR, DAY = 60, 3600, 86_400
TIMES: Mapping[str, tuple[str, tuple[int, ...]]] = MappingProxyType(
    {
        "thousand": (r"k|к|bin|thousand|mil(?!y|h|l)|тыс\w*|هزار|ألف|الف", (1_000,)),
        "million": (r"mn|mln|mio|млн|million\w*|milyon\w*|milh\w+|millones|миллион\w*|میلیون|مليون", (1_000_000,)),
        "short": (r"m(?=[\s/.,;:!?)\]]|$)", (1, 1_000_000)),
    }
)
"""Pattern, and by what the number may be multiplied: "5m" is five million, or five of something."""

SPANS: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "second": (r"s|sec|secs|seconds?|sn|saniye\w*|сек\w*|ثانیه\w*|segundos?", 1),
        "minute": (r"min|mins|minutes?|dk|dakika\w*|мин\w*|دقیقه\w*|دقيقة|دقائق|minutos?", MINUTE),
        "hour": (r"h|hrs?|hours?|saat\w*|ч|час\w*|ساعت\w*|ساعة|ساعات|horas?", HOUR),
        "day": (r"d|days?|gün\w*|день|дня|дней|дни|روز\w*|يوم|أيام|d[ií]as?", DAY),
        "week": (r"w|weeks?|hafta\w*|недел\w*|هفته\w*|أسبوع|semanas?", 7 * DAY),
        "month": (r"months?|ay|aylık|ayda|месяц\w*|ماه\w*|شهر|m[eê]s|meses", 30 * DAY),
        "year": (r"years?|yıl\w*|год\w*|лет|سال\w*|سنة|anos?|años?", 365 * DAY),
    }
)
CURRENCIES: Mapping[str, str] = MappingProxyType(
    {
        "USD": r"(?<!R)\$|(?-i:USD|usd)|us\$|dollars?|dolar\w*|d[oó]lar(?:es)?|доллар\w*|دلار",
        "EUR": r"€|(?-i:EUR|eur)|euros?|avro|евро|یورو",
        "GBP": r"£|(?-i:GBP|gbp)|pounds?|sterlin",
        "TRY": r"₺|(?-i:TRY|TL|tl)|lira\w*|лир\w*|لیر",
        "RUB": r"₽|(?-i:RUB)|руб\w*|rubles?|روبل",
        "BRL": r"R\$|(?-i:BRL)|reais",
        "IRR": r"﷼|(?-i:IRR)|rials?|ریال",
        "IRT": r"(?-i:IRT)|tomans?|تومان|تومن",
        "INR": r"₹|(?-i:INR)|rupees?",
        "UAH": r"₴|(?-i:UAH)|грн\w*",
        "IDR": r"(?-i:IDR|Rp)",
        "VND": r"₫|(?-i:VND)",
        "CNY": r"¥|(?-i:CNY|RMB)|yuan",
        "AED": r"(?-i:AED)|dirhams?|درهم",
        "SAR": r"(?-i:SAR)|riyals?",
        "KZT": r"₸|(?-i:KZT)",
        "AZN": r"₼|(?-i:AZN)|manat\w*",
        "NGN": r"₦|(?-i:NGN)|naira",
        "PKR": r"(?-i:PKR)",
        "BDT": r"৳|(?-i:BDT)|taka",
        "USDT": r"(?-i:USDT|USDC|usdt)",
    }
)
"""Codes that are words too count in capitals alone: who may try 2 times owes no lira."""

PERCENT = r"%|percent|per cent|yüzde|процент\w*|درصد|بالمئة|por ?cento|por ?ciento"
MONTHS = (
    r"jan(?:uary)?|ocak|января|январь|ژانویه|janeiro",
    r"feb(?:ruary)?|şubat|февраля|февраль|فوریه|fevereiro",
    r"mar(?:ch)?|mart|марта?|مارس|março",
    r"apr(?:il)?|nisan|апреля|апрель|آوریل|abril",
    r"may|mayıs|мая|май|مه|maio",
    r"june?|haziran|июня|июнь|ژوئن|junho",
    r"july?|temmuz|июля|июль|ژوئیه|julho",
    r"aug(?:ust)?|ağustos|августа?|اوت|agosto",
    r"sep(?:t|tember)?|eylül|сентября|сентябрь|سپتامبر|setembro",
    r"oct(?:ober)?|ekim|октября|октябрь|اکتبر|outubro",
    r"nov(?:ember)?|kasım|ноября|ноябрь|نوامبر|novembro",
    r"dec(?:ember)?|aralık|декабря|декабрь|دسامبر|dezembro",
)


def grouped(patterns: Mapping[str, str]) -> str:
    return "|".join(f"(?P<{name}>{pattern})" for name, pattern in patterns.items())


SIGN = "[%$€£₺₽₹﷼₴₫¥₸₼₦৳]"
ENDS = rf"(?:(?<={SIGN})|(?![^\W\d_]))"
"""Where a word ends; signs need no end."""

UNITS = {
    "percent": PERCENT,
    **{name: pattern for name, (pattern, _) in SPANS.items()},
    **dict(CURRENCIES),
}
OF_MONTHS = {f"month{number}": pattern for number, pattern in enumerate(MONTHS, 1)}
AFTER = re.compile(
    rf"(?:[ ]?(?:{grouped({name: pattern for name, (pattern, _) in TIMES.items()})})(?![^\W\d_]))?"
    rf"(?:[ -]?(?:{grouped(UNITS)}){ENDS}|(?:st|nd|rd|th|\.)?[ ](?:of |de )?(?:{grouped(OF_MONTHS)})(?![^\W\d_]))?",
    re.IGNORECASE,
)
BEFORE = re.compile(
    rf"(?:(?<![^\W\d_])|(?={SIGN}))"
    rf"(?:(?P<percent>%|yüzde)|{grouped(CURRENCIES)}|{grouped(OF_MONTHS)})[ ]?$",
    re.IGNORECASE,
)
