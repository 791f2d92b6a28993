"""A world of customers who are renamed, and whose old names others take: what each truly ordered and paid stands in columns that no report
reads (the order's link, the payment's memo)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from hyperpanel.db.engine import Database
from hyperpanel.db.schema import orders, payments, user_renames, users
from reports.windows import Window
from tests.support.staged import NOON, mirrored

PANELS = ("eu-1", "us-2", "dark")
IDS = {"eu-1": 1, "us-2": 2, "dark": 3}
WINDOW = Window(NOON - timedelta(hours=48), NOON)
FROM = NOON - timedelta(hours=96)
STEP = timedelta(hours=4)
CURRENCIES = ("USD", "USD", "EUR")
STATUSES = ("completed", "completed", "in_progress", "partial", "canceled", "refunded", "error")


@dataclass
class World:
    """`called`: for each customer of a panel, spans in which they surely had a name."""

    random: Random
    rows: dict[Any, list[dict[str, Any]]] = field(
        default_factory=lambda: {orders: [], payments: [], users: [], user_renames: []}
    )
    called: dict[tuple[str, str], list[tuple[str, datetime, datetime]]] = field(default_factory=dict)

    def moment(self, begin: datetime, end: datetime) -> datetime:
        """Often on the very edge of the window."""
        edges = [edge for edge in (WINDOW.since, WINDOW.until) if begin <= edge < end]
        if edges and self.random.random() < 0.1:
            return self.random.choice(edges)
        return begin + (end - begin) * self.random.random()


def world(seed: int) -> World:
    made = World(Random(seed))
    for panel in PANELS:
        chains(made, panel)
        shared(made, panel)
        for number in range(20, 26):
            add(made, panel, str(number), f"plain {number}", FROM, [])
    for (panel, user_id), spans in made.called.items():
        happen(made, panel, user_id, spans)
    return made


def chains(made: World, panel: str) -> None:
    """Each takes the name that another has left before."""
    left = FROM
    for number in range(7, 0, -1):
        begins = left + STEP * made.random.randint(1, 2)
        seen = begins + STEP * made.random.randint(0, 1)
        add(made, panel, str(number), f"name {number + 1}", FROM, [(f"name {number}", begins, seen)])
        left = seen


def shared(made: World, panel: str) -> None:
    """One who is gone, and one who came later and was given the same name."""
    came = FROM + STEP * 15
    add(made, panel, "91", "it's 100% \\ mine", FROM, [], until=came)
    add(made, panel, "92", "it's 100% \\ mine", came, [])


def add(
    made: World, panel: str, user_id: str, name: str, since: datetime, renames: list[Any], until: datetime | None = None
) -> None:
    gone = {"gone_at": until} if until else {"gone_at": None}
    made.rows[users].append({**mirrored("users", user_id, panel, username=name, created_at=since), **gone})
    spans, begin = [], since
    for number, (was, left, seen) in enumerate(renames):
        told = {"was": was, "now": name, "not_before": left, "not_after": seen}
        made.rows[user_renames].append({"panel_id": IDS[panel], "user_id": user_id, "number": number, **told})
        spans.append((was, begin, left))
        begin = seen
    made.called[panel, user_id] = [*spans, (name, begin, until or NOON + STEP)]


def happen(made: World, panel: str, user_id: str, spans: list[Any]) -> None:
    for name, begin, end in spans:
        for _ in range(made.random.randint(0, 6) if begin < end else 0):
            made.rows[orders].append(order(made, panel, user_id, name, made.moment(begin, end)))
        for _ in range(made.random.randint(0, 3) if begin < end else 0):
            made.rows[payments].append(payment(made, panel, user_id, name, made.moment(begin, end)))


def order(made: World, panel: str, user_id: str, name: str, at: datetime) -> dict[str, Any]:
    random, quantity = made.random, made.random.randint(1, 5000)
    changes = {
        "link": user_id,
        "user": name,
        "created_at": at,
        "charge": random.randint(0, 5 * 10**11),
        "charge_currency": random.choice(CURRENCIES),
        "status": random.choice(STATUSES),
        "quantity": quantity,
        "remains": random.choice([None, random.randint(0, quantity)]),
        "service_id": str(random.randint(1, 12)),
    }
    gone = NOON if random.random() < 0.05 else None
    return {**mirrored("orders", str(len(made.rows[orders])), panel, **changes), "gone_at": gone}


def payment(made: World, panel: str, user_id: str, name: str, at: datetime) -> dict[str, Any]:
    random = made.random
    changes = {
        "memo": user_id,
        "user": name,
        "user_id": random.choice([None, user_id]),
        "created_at": at,
        "amount": random.randint(1, 10**12),
        "amount_currency": random.choice(CURRENCIES),
        "status": random.choice(("completed", "completed", "waiting", "canceled")),
        "mode": random.choice(("auto", "manual")),
        "method": random.choice(("PayPal", "Bonus")),
    }
    return {**mirrored("payments", str(len(made.rows[payments])), panel, **changes), "gone_at": None}


async def keep(database: Database, made: World) -> None:
    async with database.write() as connection:
        for table, rows in made.rows.items():
            await connection.execute(insert(table), rows)
