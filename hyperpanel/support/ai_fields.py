"""One field of Settings → AI as it was typed: an address, a model's name, US dollars, a number of tokens. What cannot be right is said."""

import re
from collections.abc import Callable

from hyperpanel.errors import BadInput
from hyperpanel.support.wanted import N_
from sync.addresses import SENTENCES, BadAddress, authority, check_scheme, split
from sync.money import DEFAULT_SCALE, units

LONGEST_MODEL = 200
MOST_TOKENS = 10**12
DOLLAR = 10**DEFAULT_SCALE
MOST_DOLLARS = 1_000_000 * DOLLAR
GROUPED = re.compile(r"\d{1,3}(?:[.,' \u00a0\u202f’]\d{3})+")
AMOUNT = re.compile(r"\d{1,9}(?:[.,]\d{1,8})?", re.ASCII)
TWO_WAYS = re.compile(r"(?!0+[.,])(\d{1,9})[.,](\d{3})", re.ASCII)
"""Thousands to some, thousandths to others."""

ENDING = "/chat/completions"
"""Owners paste it along with the address; the library adds its own."""

SENTENCES_HERE = {
    "no_host": N_("The address has no host name. Write it as https://ai.example/v1."),
    "unreadable": N_("The address cannot be read. Write it as https://ai.example/v1."),
    "open": N_(
        "The address begins with http://, which would send tickets in the open. Use https://, or allow a private network."
    ),
}


def address(text: str, field: str, private: bool) -> str:
    """As its owners give it to OpenAI's own library; empty for none. Plain http needs `private`."""
    typed = text.strip()
    if not typed:
        return ""
    try:
        return normalised(typed, private)
    except BadAddress as problem:
        told = SENTENCES_HERE.get(problem.code, SENTENCES[problem.code])
        raise BadInput(told, field, **problem.details) from None


def normalised(typed: str, private: bool) -> str:
    """Raises BadAddress."""
    parts = split(typed)
    check_scheme(parts, private)
    host = (parts.hostname or "").rstrip(".").lower()
    if not host:
        raise BadAddress("no_host")
    if parts.username or parts.password:
        raise BadAddress("user")
    if parts.query or parts.fragment:
        raise BadAddress("query")
    path = parts.path.rstrip("/").removesuffix(ENDING)
    return f"{parts.scheme.lower()}://{authority(host, parts)}{path}"


def model(text: str, field: str) -> str:
    typed = text.strip()
    if len(typed) > LONGEST_MODEL or not typed.isprintable():
        told = N_("A model’s name has no more than {most} characters, and none that cannot be seen.")
        raise BadInput(told, field, most=LONGEST_MODEL)
    refuse_key(typed, field)
    return typed


def refuse_key(model: str, field: str, key: str | None = None) -> None:
    """One that was pasted beside its field would be kept, and shown, in the clear. Raises BadInput."""
    if is_key(model) or (key and model == key):
        told = N_("This looks like a key, whose field is under Settings → AI. Write the model’s name here.")
        raise BadInput(told, field)


def is_key(model: str) -> bool:
    return model.strip().casefold().startswith("sk-")


def price(text: str, field: str) -> int | None:
    """None where it is not known; it may be nothing."""
    typed = text.strip()
    refuse_two_ways(typed, field)
    found = dollars(typed)
    if typed and (found is None or found > MOST_DOLLARS):
        raise BadInput(N_("Write US dollars, such as 2.50, or nothing."), field)
    return found


def tokens(text: str, field: str) -> int | None:
    return limit(text, field, whole, MOST_TOKENS, N_("Write a whole number of tokens, or nothing for no limit."))


def cost(text: str, field: str) -> int | None:
    refuse_two_ways(text.strip(), field)
    return limit(text, field, dollars, MOST_DOLLARS, N_("Write US dollars, such as 2.50, or nothing for no limit."))


def limit(text: str, field: str, read: Callable[[str], int | None], most: int, told: str) -> int | None:
    """None for no limit."""
    typed = text.strip()
    found = read(typed)
    if typed and (found is None or not 0 < found <= most):
        raise BadInput(told, field)
    return found


def whole(text: str) -> int | None:
    """With or without signs between the thousands."""
    plain = re.sub(r"\D", "", text) if GROUPED.fullmatch(text) else text
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 15 else None


def dollars(text: str) -> int | None:
    """In units of 10^-8, exactly; a comma is taken for the decimal point that it is in many languages."""
    return units(text.replace(",", "."), "USD") if AMOUNT.fullmatch(text) else None


def refuse_two_ways(typed: str, field: str) -> None:
    if found := TWO_WAYS.fullmatch(typed):
        told = N_("This can be read in two ways. Write {thousands} or {fraction}.")
        raise BadInput(told, field, thousands="".join(found.groups()), fraction=".".join((found[1], unlike(found[2]))))


def unlike(digits: str) -> str:
    """Three decimals told as two or four, which no thousands are."""
    return digits[:2] if digits.endswith("0") else f"{digits}0"


def written(amount: int | None) -> str:
    """Dollars as they may be typed again."""
    if amount is None:
        return ""
    whole_part, rest = divmod(amount, DOLLAR)
    digits = f"{rest:0{DEFAULT_SCALE}}".rstrip("0")
    if whole_part and len(digits) == 3:
        digits = unlike(digits)
    return f"{whole_part}.{digits.ljust(2, '0')}" if digits else str(whole_part)
