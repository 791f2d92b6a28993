"""Logins as customers choose them, by language, no two alike. None of them is a real person's."""

from random import Random
from typing import NamedTuple

# Stems by language; two of them, a sign and some digits make a login.
STEMS = {
    "tr": (
        "dijital",
        "takip",
        "sosyal",
        "panel",
        "ajans",
        "reklam",
        "yildiz",
        "deniz",
        "medya",
        "usta",
        "hizli",
        "bayi",
    ),
    "en": ("boost", "social", "growth", "viral", "pixel", "nova", "echo", "media", "prime", "reach", "fan", "cloud"),
    "ru": ("nakrut", "smm", "piar", "reklama", "volna", "sever", "zvezda", "lenta", "gorod", "start", "masterok"),
    "fa": ("negar", "pars", "hamrah", "setare", "mahan", "aria", "bazar", "novin", "tabligh", "donya", "sahar"),
    "id": ("sosmed", "kilat", "jaya", "toko", "murah", "berkah", "naik", "pulsa", "bintang", "cepat"),
    "pt": ("redes", "loja", "agencia", "turbo", "impulso", "seguir", "brasa", "midia", "fama", "top"),
    "es": ("redes", "impulso", "fama", "tienda", "ola", "cima", "marca", "ritmo", "exito"),
    "ar": ("najm", "tawasul", "sahm", "raqam", "qimma", "suq", "noor", "bahr"),
    "pl": ("media", "reklama", "sklep", "wzrost", "fala", "szybko", "gwiazda", "panelik"),
}
MIX = {"tr": 22, "en": 26, "ru": 14, "fa": 10, "id": 8, "pt": 7, "es": 5, "ar": 5, "pl": 3}


class Login(NamedTuple):
    name: str
    language: str


class Logins:
    def __init__(self) -> None:
        self._taken: set[str] = set()

    def draw(self, random: Random, count: int) -> list[Login]:
        languages = random.choices(list(MIX), list(MIX.values()), k=count)
        return [Login(self._login(random, STEMS[language]), language) for language in languages]

    def take(self, name: str) -> bool:
        """Whether the name was still free; it is not any more."""
        if name.lower() in self._taken:
            return False
        self._taken.add(name.lower())
        return True

    def _login(self, random: Random, stems: tuple[str, ...]) -> str:
        while True:
            name = _login(random, stems)
            if self.take(name):
                return name


def _login(random: Random, stems: tuple[str, ...]) -> str:
    first, second = random.sample(stems, 2)
    sign = random.choice(("", "", "_", ".", "-"))
    digits = random.choice(
        ("", "", str(random.randrange(1, 99)), str(random.randrange(1985, 2012)), str(random.randrange(1000)))
    )
    return random.choice(
        (f"{first}{sign}{second}{digits}", f"{first}{digits}", f"{first.title()}{second.title()}{digits}")
    )
