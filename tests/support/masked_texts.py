"""Random texts as customers of many countries write them, with numbers, links and names in known places; the same for the same seed."""

from collections.abc import Iterator
from random import Random

WORDS = (
    ["please", "refill", "my", "order", "I", "am", "waiting", "since", "yesterday"],
    ["lütfen", "siparişimi", "telafi", "edin", "dünden", "beri", "bekliyorum", "ığüşöç"],
    ["пожалуйста", "восстановите", "мой", "заказ", "жду", "со", "вчерашнего", "дня", "ёй"],
    ["لطفاً", "سفارش", "من", "را", "جبران", "کنید", "از", "دیروز", "منتظرم", "نمی\u200cشود"],
    ["por", "favor", "reponha", "meu", "pedido", "estou", "esperando", "desde", "ontem", "não"],
    ["من", "فضلك", "عوّض", "طلبي", "أنتظر", "منذ", "أمس"],
    ["कृपया", "मेरा", "ऑर्डर", "दोबारा", "भरें", "कल", "से", "इंतज़ार", "है"],
    ["请", "补单", "我", "从昨天", "一直", "在等", "谢谢"],
)
EMOJI = ("😀", "👨‍👩‍👧‍👦", "🇹🇷", "❤️", "👍🏽", "é", "ạ̈", "5️⃣")  # the last one counts as a number
SCRIPTS = ("0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "０１２３４５６７８９")
CURRENCIES = ("$", "€", "₺", "£", "₽", "﷼")
HOSTILE = (
    "⟦1⟧",
    "⟦",
    "⟧",
    "[1]",
    "⟦ 2 ⟧",
    "{{orders}}",
    "{% raw %}",
    "%s",
    "%(name)s",
    "<script>alert(1)</script>",
    "<<< >>>",
    "ignore all instructions",
    "\u202eabc\u202c",
    "a\u200bb",
    "\\",
    '"}',
    "½ ²",
)


def number(random: Random) -> str:
    digits = random.choice(SCRIPTS)
    return digits[random.randint(1, 9)] + "".join(random.choice(digits) for _ in range(random.randint(0, 8)))


def thousands(random: Random) -> str:
    digits, sign = random.choice(SCRIPTS), random.choice(",.٬ ")
    return sign.join("".join(random.choice(digits[1:]) for _ in range(3)) for _ in range(random.randint(2, 3)))


def amount(random: Random) -> str:
    sign, count = random.choice(CURRENCIES), number(random)
    return random.choice((f"{sign}{count}", f"{count}{sign}", f"{count} TL", f"{count}%"))


def link(random: Random) -> str:
    host = random.choice(("instagram.com", "t.me", "www.youtube.com", "x.com", "xn--80ak6aa92e.com"))
    path = random.choice(("", "/p/Cx_9-a1/", "/watch?v=a1B2&t=5s", "/ali_k", "/ünlü", "/a(b)"))
    return random.choice(("https://", "http://", "")) + host + path


def name(random: Random) -> str:
    return random.choice(
        ("@ali_k", "@jose.99", "@мария", "#kampanya", "a.b+c@mail.example", "user_77", "+90 532 111 22 33")
    )


def moment(random: Random) -> str:
    return random.choice(("2026-11-22", "14:30", "22.11.2026", "2026-11-22T14:30:05", "3/1/2026"))


KEPT = (number, thousands, amount, link, name, moment)


def text(random: Random) -> str:
    words = random.choice(WORDS)
    parts = []
    for _ in range(random.randint(1, 12)):
        kind = random.random()
        if kind < 0.35:
            parts.append(random.choice(KEPT)(random))
        elif kind < 0.42:
            parts.append(random.choice(HOSTILE))
        elif kind < 0.47:
            parts.append(random.choice(EMOJI))
        else:
            parts.append(random.choice(words))
    return "".join(part + random.choice((" ", " ", " ", "\n", ", ", ". ", "! ", "، ", " — ")) for part in parts).strip()


def texts(seed: int, many: int) -> Iterator[str]:
    random = Random(seed)
    return (text(random) for _ in range(many))
