"""All that is in one panel, made in the order in which one hangs on the other."""

from typing import NamedTuple

from hyperpanel.sandbox.catalogue import catalogue
from hyperpanel.sandbox.chance import rng
from hyperpanel.sandbox.customers import Crowd, Customers
from hyperpanel.sandbox.methods import offered
from hyperpanel.sandbox.money import Currency
from hyperpanel.sandbox.orders import Orders
from hyperpanel.sandbox.paying import Till
from hyperpanel.sandbox.payments import Payments
from hyperpanel.sandbox.providers import PROVIDERS, Moods
from hyperpanel.sandbox.pulse import Pulse
from hyperpanel.sandbox.shelf import Shelf
from hyperpanel.sandbox.staff import team
from hyperpanel.sandbox.tickets import Tickets
from hyperpanel.sandbox.troubles import Desk
from hyperpanel.sandbox.users import Users
from hyperpanel.sandbox.world import Market, World


class Inventory(NamedTuple):
    shelf: Shelf
    users: Users
    orders: Orders
    payments: Payments
    tickets: Tickets


class Amounts(NamedTuple):
    """How many of each the history holds."""

    orders: int
    users: int
    payments: int
    tickets: int
    services: int | None = None  # None: as many as such a panel has


def usual(
    orders: int, users: int | None, payments: int | None, tickets: int | None, services: int | None = None
) -> Amounts:
    """As many as such a panel has to so many orders; never more than serve a purpose unless they are asked for."""
    return Amounts(
        orders,
        max(60, min(orders // 10, 20_000)) if users is None else users,
        min(orders * 3 // 20, 30_000) if payments is None else payments,
        min(orders // 40, 5_000) if tickets is None else tickets,
        services,
    )


def inventory(pulse: Pulse, amounts: Amounts, money: Currency, moods: dict[str, Moods]) -> Inventory:
    seed, name = pulse.seed, pulse.panel
    random = rng(seed, name)
    shelf = Shelf(catalogue(seed, name, money, random.sample(PROVIDERS, random.randrange(4, 7)), amounts.services))
    buyers = max(40, min(amounts.orders // 20, 15_000))
    customers = Customers(seed, name, Crowd(buyers, amounts.users), len(shelf.all))
    users = Users(customers, pulse)
    orders = Orders(World(pulse, amounts.orders, Market(shelf, customers, moods)), random.randrange(200_000, 9_000_000))
    till = Till(pulse, customers, offered(rng(seed, name, "methods")), money)
    till.expect(shelf.all, amounts.orders, amounts.payments)
    payments = Payments(till, amounts.payments)
    desk = Desk(users, orders, payments, team(rng(seed, name, "staff")))
    return Inventory(shelf, users, orders, payments, Tickets(desk, amounts.tickets))
