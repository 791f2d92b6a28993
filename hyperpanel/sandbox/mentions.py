"""Order numbers as people write them, and what only looks like one: links, telephone numbers, prices, numbers too short."""

from collections.abc import Sequence
from random import Random

from hyperpanel.sandbox.phrases import ASIDES

PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
OWN_DIGITS = {"fa": PERSIAN, "ar": ARABIC}
SEPARATORS = (", ", " ", "\n", " - ", ",", " / ")
JOINED = {"en": " and ", "tr": " ve ", "ru": " и ", "fa": " و ", "pt": " e ", "ar": " و "}


def written(random: Random, language: str, numbers: Sequence[int]) -> str:
    """Several in one go; a third of those who have digits of their own use them."""
    texts = [str(number) for number in numbers]
    if language in OWN_DIGITS and random.random() < 0.35:
        texts = [text.translate(OWN_DIGITS[language]) for text in texts]
    sign = random.choice(("", "", "", "#", "ID: ", "№ ")) if len(texts) == 1 else random.choice(("", "", "#"))
    between = JOINED[language] if len(texts) == 2 and random.random() < 0.5 else random.choice(SEPARATORS)
    return between.join(sign + text for text in texts)


def aside(random: Random, number: int) -> str:
    """A sentence in which nothing is an order number that is asked about, whatever it looks like."""
    place = random.randrange(len(ASIDES))
    return ASIDES[place].format((_link, _phone, _link, _receipt)[place](random, number))


def _link(random: Random, number: int) -> str:
    return random.choice(
        (
            f"https://www.tiktok.example/@clip/video/{7_301_234_567_890_123_456 + number}",
            f"https://www.instagram.example/p/{number}/",
            f"https://shop.example/orders?search={number}&page=1",
            f"www.youtube.example/watch?v={number}&t=120",
        )
    )


def _phone(random: Random, number: int) -> str:
    return random.choice(
        (
            f"+90555{1_000_000 + number % 9_000_000}",
            f"+7 (900) {number % 900 + 100}-55-01",
            f"0044 20 7946 0{number % 900 + 100}",
        )
    )


def _receipt(random: Random, number: int) -> str:
    return f"TX{number}9981122334455667788"
