"""Who writes a ticket about what: orders that are stuck, partial or canceled at that moment, payments, anything else."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from hyperpanel.sandbox.orders import Orders
from hyperpanel.sandbox.payments import Payments
from hyperpanel.sandbox.phrases import CANCEL, MONEY, OTHER, PARTIAL, REFILL, SPEED, START
from hyperpanel.sandbox.staff import Member
from hyperpanel.sandbox.statuses import CANCELED, COMPLETED, DELETED, ERROR, FAIL
from hyperpanel.sandbox.statuses import PARTIAL as SHORT
from hyperpanel.sandbox.threads import Question
from hyperpanel.sandbox.users import Users

DAY = 86_400
LOOKS, NEARBY = 40, 300


class Desk(NamedTuple):
    """Who writes, about what, and who answers."""

    users: Users
    orders: Orders
    payments: Payments
    team: Sequence[Member]


def ask(random: Random, desk: Desk, at: int) -> tuple[int, Question]:
    """Somebody and what they ask, as things stand at that moment."""
    luck = random.random()
    found = _trouble(random, desk, at) if luck < 0.65 else _payment(random, desk, at) if luck < 0.82 else None
    return found or _anything(random, desk, at)


def _trouble(random: Random, desk: Desk, at: int) -> tuple[int, Question] | None:
    """An order of the last days that somebody would write about, with others of theirs at times."""
    orders = desk.orders
    low, high = bisect_left(orders.created, at - 12 * DAY), bisect_right(orders.created, at - 60)
    for _ in range(LOOKS if low < high else 0):
        place = random.randrange(low, high)
        kind = _kind(random, orders, place, at)
        if kind is None or orders.state[place] == DELETED:
            continue
        who = orders.customer[place]
        more = _others(random, orders, place, (low, high)) if random.random() < 0.35 else []
        another = _foreign(random, orders, who, high) if random.random() < 0.04 else None
        numbers = [orders.ids[one] for one in (place, *more)]
        return who, Question(at, desk.users.all[who].language, kind, numbers, another)
    return None


def _payment(random: Random, desk: Desk, at: int) -> tuple[int, Question] | None:
    payments = desk.payments
    low, high = bisect_left(payments.created, at - 5 * DAY), bisect_right(payments.created, at - 60)
    if low >= high:
        return None
    place = random.randrange(low, high)
    who = payments.customer[place]
    return who, Question(at, desk.users.all[who].language, MONEY, [payments.ids[place]], None)


def _anything(random: Random, desk: Desk, at: int) -> tuple[int, Question]:
    users = desk.users
    who = users.who[random.randrange(max(1, bisect_right(users.created, at)))]
    return who, Question(at, users.all[who].language, OTHER, [], None)


def _kind(random: Random, orders: Orders, place: int, at: int) -> str | None:
    """By the order's life alone, so that it does not hang on when the question is put."""
    begin, done, outcome = orders.begin[place], orders.done[place], orders.outcome[place]
    age = at - orders.created[place]
    if done > at:
        if age < 6 * 3600:
            return None
        return random.choice((SPEED, SPEED, CANCEL) if begin <= at else (START, START, CANCEL, SPEED))
    if at - done > 9 * DAY:
        return None
    if outcome == COMPLETED:
        return REFILL if random.random() < 0.06 else None
    return {SHORT: PARTIAL, CANCELED: CANCEL, FAIL: START, ERROR: START}.get(outcome)


def _others(random: Random, orders: Orders, place: int, span: tuple[int, int]) -> list[int]:
    low, high = max(span[0], place - NEARBY), min(span[1], place + NEARBY)
    customer = orders.customer[place]
    found = [near for near in range(low, high) if orders.customer[near] == customer and near != place]
    return sorted(random.sample(found, min(len(found), random.randrange(1, 4))))


def _foreign(random: Random, orders: Orders, who: int, high: int) -> int | None:
    """Somebody else's order, as a slip or a friend's number would give it."""
    place = random.randrange(high)
    return orders.ids[place] if orders.customer[place] != who else None
