"""The languages that answers are asked for in: their codes, their own names for people, and their English names for models."""

from functools import lru_cache

from babel import Locale

CODES = (
    "en",
    "tr",
    "ru",
    "fa",
    "ar",
    "pt",
    "es",
    "fr",
    "de",
    "it",
    "nl",
    "pl",
    "uk",
    "az",
    "kk",
    "uz",
    "ro",
    "bg",
    "sr",
    "el",
    "cs",
    "hu",
    "sv",
    "he",
    "hi",
    "ur",
    "bn",
    "id",
    "ms",
    "vi",
    "th",
    "zh",
    "ja",
    "ko",
)
"""Those first that most customers write."""

RIGHT_TO_LEFT = frozenset({"fa", "ar", "he", "ur"})


@lru_cache(maxsize=64)
def own_name(code: str) -> str:
    """As those write it who speak it."""
    name = Locale(code).get_display_name(code) or code
    return name[0].upper() + name[1:]


@lru_cache(maxsize=64)
def english_name(code: str) -> str:
    return Locale(code).get_display_name("en") or code


def chosen(wanted: str | None, interface: str) -> str:
    """What somebody chose, else the language that the console speaks with them."""
    return next((code for code in (wanted, interface.partition("-")[0]) if code in CODES), CODES[0])


def direction(code: str) -> str:
    return "rtl" if code in RIGHT_TO_LEFT else "ltr"


def is_same(told: str, code: str) -> bool:
    """Whether a model's code for a language (tr-TR, TR) is of this one."""
    return told.strip().replace("_", "-").partition("-")[0].lower() == code
