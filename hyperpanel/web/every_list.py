"""The lists of the console by their nouns."""

from collections.abc import Mapping

from hyperpanel.web import orders, payments, services, tickets, users
from hyperpanel.web.list_kinds import ListKind

EVERY = (tickets.LIST, orders.LIST, users.LIST, payments.LIST, services.LIST)
LISTS: Mapping[str, ListKind] = {one.kind.name: one for one in EVERY}
"""In the order of the navigation."""
