"""Ticket tracking on both databases: what an independent SQL, or a walk from ticket to ticket, comes to as well; and nobody else's rows."""

import random
from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert, text

from hyperpanel.config import Reports
from hyperpanel.db import customers, user_names
from hyperpanel.db.engine import Database
from hyperpanel.db.schema import disputes, messages, orders, panels, threads, tickets, user_renames, users
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.user_names import Borne
from hyperpanel.support import ticket_tracking
from hyperpanel.support.ticket_tracking import Asked
from hyperpanel.web import bodies
from reports.ticket_staff import Measure
from reports.windows import of_hours
from tests.support.conversations import heard, said, ticket
from tests.support.staged import NOON, mirrored

DAY = of_hours(24, NOON)
BOTH = Asked(Scope(frozenset({1, 2})), DAY)
LONG = "A reply that has more than twenty-five characters"


async def keep(database: Database, **rows: list[dict[str, Any]]) -> None:
    known = {"tickets": tickets, "messages": messages, "threads": threads, "orders": orders, "users": users}
    async with database.write() as connection:
        for name, some in sorted(rows.items()):
            if some:
                await connection.execute(insert(known[name]), some)


def talk(seed: int) -> list[dict[str, Any]]:
    """Conversations of both panels: short and long replies, bursts, messages without a time, gone ones, and other days."""
    luck, rows = random.Random(seed), list[dict[str, Any]]()
    for number in range(60):
        at = NOON - timedelta(minutes=luck.randrange(0, 40 * 60))
        for place in range(luck.randrange(1, 9)):
            at += timedelta(seconds=luck.choice([3, 20, 29, 30, 31, 59, 61, 600, 9000]))
            who = luck.choice(["me", "me", "ann", "Ann", "bea"])
            gone = NOON if luck.random() < 0.05 else None
            when = None if luck.random() < 0.05 else at
            one = said(place, luck.choice([LONG, "ok", "x" * 24, "x" * 25]), str(number), luck.choice(["eu-1"]))
            one |= {
                "panel_id": 1 + number % 2,
                "sender": who,
                "is_staff": who != "me",
                "created_at": when,
                "gone_at": gone,
            }
            rows.append(one)
    return rows


STAFF = """
WITH live AS (SELECT * FROM messages WHERE gone_at IS NULL AND panel_id IN (1, 2)),
replies AS (
  SELECT r.*, lower(r.sender) AS name,
    (SELECT {gap} FROM live c WHERE c.panel_id = r.panel_id AND c.ticket_id = r.ticket_id AND NOT c.is_staff
      AND c.place < r.place ORDER BY c.place DESC LIMIT 1) AS gap,
    (SELECT NOT p.is_staff FROM live p WHERE p.panel_id = r.panel_id AND p.ticket_id = r.ticket_id
      AND p.place < r.place ORDER BY p.place DESC LIMIT 1) AS answers,
    (SELECT count(*) FROM live c WHERE c.panel_id = r.panel_id AND c.ticket_id = r.ticket_id AND NOT c.is_staff
      AND c.place > r.place AND NOT EXISTS (SELECT 1 FROM live s WHERE s.panel_id = r.panel_id
        AND s.ticket_id = r.ticket_id AND s.is_staff AND s.place > r.place AND s.place < c.place)) AS follow_ups
  FROM live r WHERE r.is_staff AND r.created_at >= {since} AND r.created_at < {until}
)
SELECT name, count(*), avg(length(body)), avg(CASE WHEN answers AND gap >= 0 THEN gap END),
  sum(CASE WHEN length(body) < 25 OR (gap >= 0 AND gap <= 30) THEN 1 ELSE 0 END),
  sum(CASE WHEN follow_ups >= 2 THEN 1 ELSE 0 END)
FROM replies GROUP BY name ORDER BY name
"""


def by_sql(connection: Connection) -> list[tuple[Any, ...]]:
    is_sqlite = connection.dialect.name == "sqlite"
    micros = int(NOON.timestamp()) * 1_000_000
    words = (
        {"gap": "(r.created_at - c.created_at) / 1e6", "since": f"{micros - 86_400_000_000}", "until": f"{micros}"}
        if is_sqlite
        else {
            "gap": "extract(epoch FROM r.created_at - c.created_at)",
            "since": f"to_timestamp({micros // 1_000_000 - 86_400})",
            "until": f"to_timestamp({micros // 1_000_000})",
        }
    )
    rows = connection.execute(text(STAFF.format(**words)))
    return [tuple(None if value is None else rounded(value) for value in row) for row in rows]


def rounded(value: Any) -> Any:
    return value if isinstance(value, str) else round(float(value), 6)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_staff_are_counted_as_by_plain_sql(database: Database, seed: int):
    await keep(database, messages=talk(seed))
    found = await database.reader.ask(ticket_tracking.by_staff, BOTH)
    told = found.people.select("name", "replies", "length", "response", "quick", "repeated").rows()
    plain = await database.read(by_sql)
    assert [tuple(None if value is None else rounded(value) for value in row) for row in told] == plain
    assert len(plain) == 2


async def test_staff_of_other_panels_are_not_counted(database: Database):
    await keep(database, messages=talk(4))
    one = await database.reader.ask(ticket_tracking.by_staff, Asked(Scope(frozenset({1})), DAY))
    both = await database.reader.ask(ticket_tracking.by_staff, BOTH)
    none = await database.reader.ask(ticket_tracking.by_staff, Asked(Scope(frozenset()), DAY))
    assert 0 < one.people["replies"].sum() < both.people["replies"].sum()
    assert (none.people.height, none.untimed) == (0, 0)
    assert both.untimed > 0


async def test_one_persons_replies_and_lifted_flags(database: Database):
    rows = [
        said(1, "?", sender="me", is_staff=False),
        said(2, "ok", sender="ann", is_staff=True),
        said(3, "ok", sender="bea", is_staff=True),
    ]
    await keep(database, messages=rows)
    async with database.write() as connection:
        given = {"panel_id": 1, "ticket_id": "255", "flag": "quick", "staff": "ann", "by": "ann", "why": "", "at": NOON}
        await connection.execute(insert(disputes).values(**given, message_id=f"{2:032x}", decision="lifted"))
    mine = Asked(BOTH.scope, DAY, name="ann")
    assert (await database.reader.ask(ticket_tracking.flagged, mine))["quick_lifted"].to_list() == [True]
    people = (await database.reader.ask(ticket_tracking.by_staff, BOTH)).people
    assert people.select("name", "quick", "quick_lifted", "score").rows() == [("ann", 0, 1, 100.0), ("bea", 1, 0, 50.0)]


async def test_a_closing_word_is_known_by_its_ticket(database: Database):
    rows = [said(1, "?", sender="me", is_staff=False), said(2, "done", sender="ann", is_staff=True)]
    at = rows[1]["created_at"] + timedelta(seconds=5)
    await keep(database, messages=rows, tickets=[ticket(status="closed", status_raw="closed", last_update_at=at)])
    lenient = Asked(BOTH.scope, DAY, Measure(leaves_closing=True))
    assert (await database.reader.ask(ticket_tracking.by_staff, BOTH)).people["quick"].to_list() == [1]
    assert (await database.reader.ask(ticket_tracking.by_staff, lenient)).people["quick"].to_list() == [0]


def test_a_measure_is_as_the_settings_say():
    told = ticket_tracking.measure(Reports(quick_characters=5, repeat_weight=10.0), ["second"])
    assert told == Measure(quick_characters=5, repeat_weight=10.0, leaves_second=True)


def shop(seed: int) -> dict[str, list[dict[str, Any]]]:
    """Tickets that name orders: their own, another customer's, another panel's, and numbers of nothing. Names are taken over."""
    luck = random.Random(seed)
    names = ["kadir", "lena", "mo", "nur"]
    made: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for panel in ("eu-1", "us-2"):
        for n, name in enumerate(names):
            made["users"].append(mirrored("users", str(n), panel, username=name, created_at=NOON - timedelta(days=99)))
        for n in range(40):
            at = NOON - timedelta(hours=luck.randrange(200))
            user, service = luck.choice([*names, "gone"]), luck.choice(["7", "8", None])
            made["orders"].append(
                mirrored("orders", str(100_000 + n), panel, user=user, service_id=service, created_at=at)
            )
        for n in range(40):
            who, at = luck.choice([*names, "gone", None]), NOON - timedelta(hours=luck.randrange(30), minutes=1)
            whose = luck.choice([None, str(names.index(who))]) if who in names else None
            made["tickets"].append(mirrored("tickets", str(n), panel, user=who, user_id=whose, created_at=at))
            words = " and ".join(str(100_000 + luck.randrange(45)) for _ in range(luck.randrange(8)))
            made["messages"].append(said(1, f"<p>{words}</p>", str(n), panel))
            if luck.random() < 0.7:
                made["threads"].append(heard(luck.choice([None, 5]), str(n), panel))
    return made


RENAMED = [(1, "1", "kadir", "lena", 90, 80), (1, "0", "mo", "kadir", 70, 60), (2, "2", "old", "mo", 50, 40)]


async def rename(database: Database) -> None:
    """On eu-1 what is now lena's was kadir's before another took that name."""
    async with database.write() as connection:
        for number, (panel, id, was, now, first, last) in enumerate(RENAMED):
            bounds = {"not_before": NOON - timedelta(hours=first), "not_after": NOON - timedelta(hours=last)}
            values = {"panel_id": panel, "user_id": id, "number": number, "was": was, "now": now, **bounds}
            await connection.execute(insert(user_renames).values(**values))


def walked(connection: Connection, made: dict[str, list[dict[str, Any]]]) -> tuple[Counter[Any], Counter[Any], int]:
    """From ticket to ticket, as the page of one ticket finds its orders."""
    of_tickets, of_orders, resolved = Counter[Any](), defaultdict[Any, set[Any]](set), 0
    for one, message in zip(made["tickets"], made["messages"], strict=True):
        if one["created_at"] < DAY.since:
            continue
        named = list(bodies.numbers(bodies.read(message["body"])))
        own = customers.own_orders(connection, EVERYTHING, one["panel_id"], named, behind(connection, one))
        service_of = {(row["panel_id"], row["id"]): row["service_id"] or "" for row in made["orders"]}
        about = {service_of[one["panel_id"], id] for id in own}
        of_tickets.update((one["panel_id"], service) for service in about)
        for id in own:
            of_orders[one["panel_id"], service_of[one["panel_id"], id]].add(id)
        resolved += bool(own)
    return of_tickets, Counter({key: len(ids) for key, ids in of_orders.items()}), resolved


def behind(connection: Connection, one: dict[str, Any]) -> list[Borne]:
    panel, user = one["panel_id"], one["user"]
    customer = customers.one(connection, EVERYTHING, panel, one["user_id"], user, one["created_at"])
    if customer is not None:
        return user_names.names_of(connection, EVERYTHING, panel, customer.id)
    return [Borne(user)] if user and not user_names.is_known(connection, EVERYTHING, panel, user) else []


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_services_are_counted_as_by_walking_from_ticket_to_ticket(database: Database, seed: int):
    made = shop(seed)
    await keep(database, **made)
    await rename(database)
    report = await database.reader.ask(ticket_tracking.by_service, BOTH)
    told = report.about.services.select("panel_id", "service_id", "tickets", "orders").rows()
    of_tickets, of_orders, resolved = await database.read(lambda connection: walked(connection, made))
    assert Counter({(panel, service): count for panel, service, count, _ in told}) == of_tickets
    assert Counter({(panel, service): count for panel, service, _, count in told}) == of_orders
    assert (report.about.resolved, report.about.tickets) == (
        resolved,
        sum(DAY.holds(one["created_at"]) for one in made["tickets"]),
    )
    assert resolved > 5


async def test_coverage_tells_what_is_read_and_what_is_as_the_ticket_is_now(database: Database):
    some = [ticket(str(n), created_at=NOON - timedelta(hours=1)) for n in range(4)]
    held = [heard(some[0]["fields"], "0"), heard(7, "1"), heard(None, "2", messages=0)]
    await keep(database, tickets=some, threads=held)
    about = (await database.reader.ask(ticket_tracking.by_service, BOTH)).about
    assert (about.tickets, about.read, about.behind) == (4, 2, 3)


async def test_another_panels_order_of_this_number_is_not_this_tickets(database: Database):
    rows = {
        "orders": [mirrored("orders", "100001", "us-2", user="kadir")],
        "tickets": [ticket(user="kadir", created_at=NOON - timedelta(hours=1))],
        "messages": [said(1, "100001")],
        "threads": [heard(5)],
    }
    await keep(database, **rows)
    about = (await database.reader.ask(ticket_tracking.by_service, BOTH)).about
    assert (about.resolved, about.unresolved["why"].to_list()) == (0, ["no_order"])


async def test_the_digits_of_a_panel_are_as_it_was_told(database: Database):
    rows = {
        "orders": [mirrored("orders", "4711", user="kadir", service_id="7", service_name="Likes")],
        "tickets": [ticket(user="kadir", created_at=NOON - timedelta(hours=1))],
        "messages": [said(1, "order 4711")],
        "threads": [heard(5)],
    }
    await keep(database, **rows)
    assert (await database.reader.ask(ticket_tracking.by_service, BOTH)).about.resolved == 0
    async with database.write() as connection:
        await connection.execute(panels.update().where(panels.c.id == 1).values(order_digits=4))
    report = await database.reader.ask(ticket_tracking.by_service, BOTH)
    assert (report.about.resolved, report.names["name"].to_list()) == (1, ["Likes"])
