"""How much happens to the lists while they are read."""

from typing import Annotated

import msgspec

Many = Annotated[int, msgspec.Meta(ge=0)]


class Users(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    new: Many = 0
    move: Many = 0
    rename: Many = 0
    delete: Many = 0


class Payments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    new: Many = 0
    move: Many = 0
    delete: Many = 0


class Tickets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    new: Many = 0
    reply: Many = 0
    edit: Many = 0
    move: Many = 0
    delete: Many = 0


class Services(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    change: Many = 0
    add: Many = 0
    remove: Many = 0


class Between(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """After each page that was answered: to the list itself, or with `any_page` to all of them."""

    new: Many = 0  # these three are of orders
    move: Many = 0
    delete: Many = 0
    users: Users = Users()
    payments: Payments = Payments()
    tickets: Tickets = Tickets()
    services: Services = Services()
    any_page: bool = False
