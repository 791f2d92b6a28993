"""A panel's customers: few whales and many small ones, each with habits. None of them is a real person."""

from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from hyperpanel.sandbox.chance import mix, rng

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
NETS = ("203.0.113", "198.51.100", "192.0.2")  # reserved for documentation


@dataclass(frozen=True)
class Customer:
    id: int
    username: str
    language: str
    api: bool  # a reseller whose own site orders here
    weight: float
    joined: float  # share of the history that had passed: 0 from the start
    habits: tuple[int, ...]  # places in the catalogue, the favourite first
    ip_address: str


class Customers:
    """Everyone, in the order they joined, so that those who had joined by then are a prefix."""

    def __init__(self, seed: int, panel: str, count: int, services: int) -> None:
        random = rng(seed, panel, "customers")
        names = _logins(random, count)
        drawn = sorted((_joined(random), i) for i in range(count))
        first = random.randrange(1000, 9000)
        self.all = [
            _customer(random, first + place, names[joining[1]], joining, services)
            for place, joining in enumerate(drawn)
        ]
        self.reach = list(accumulate(customer.weight for customer in self.all))
        self.joined = [customer.joined for customer in self.all]
        self.by_name = {customer.username: place for place, customer in enumerate(self.all)}

    def by(self, share: float) -> int:
        """How many had joined when this share of the history had passed."""
        return max(1, bisect_left(self.joined, share))


def _joined(random: Random) -> float:
    """Most were there before; the rest came since, and some are still to come."""
    luck = random.random()
    return 0.0 if luck < 0.6 else random.uniform(0, 1) if luck < 0.95 else random.uniform(1, 1.5)


def _customer(
    random: Random, number: int, login: tuple[str, str], joining: tuple[float, int], services: int
) -> Customer:
    joined, rank = joining
    bits = mix(number)
    whale = rank < 12
    few = random.randrange(2, 7) * (4 if whale else 1)
    return Customer(
        id=number,
        username=login[1],
        language=login[0],
        api=random.random() < (0.8 if whale else 0.15),
        weight=1 / (rank + 4) ** 0.95,
        joined=0.0 if whale else joined,
        habits=tuple(int(services * random.random() ** 1.7) for _ in range(few)),
        ip_address=f"{NETS[bits % 3]}.{1 + (bits >> 8) % 253}",
    )


def _logins(random: Random, count: int) -> list[tuple[str, str]]:
    languages = random.choices(list(MIX), list(MIX.values()), k=count)
    taken: set[str] = set()
    return [(language, _login(random, STEMS[language], taken)) for language in languages]


def _login(random: Random, stems: tuple[str, ...], taken: set[str]) -> str:
    while True:
        first, second = random.sample(stems, 2)
        sign = random.choice(("", "", "_", ".", "-"))
        digits = random.choice(
            ("", "", str(random.randrange(1, 99)), str(random.randrange(1985, 2012)), str(random.randrange(1000)))
        )
        name = random.choice(
            (f"{first}{sign}{second}{digits}", f"{first}{digits}", f"{first.title()}{second.title()}{digits}")
        )
        if name.lower() not in taken:
            taken.add(name.lower())
            return name
