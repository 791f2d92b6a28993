"""An order as everyone may know it at this moment: the facts, before any panel's way of writing them."""

from typing import NamedTuple

from hyperpanel.sandbox import links
from hyperpanel.sandbox.catalogue import Service
from hyperpanel.sandbox.customers import Customer
from hyperpanel.sandbox.money import USD, Currency
from hyperpanel.sandbox.orders import Orders
from hyperpanel.sandbox.statuses import AWAITING, ERROR, FAIL
from hyperpanel.sandbox.world import KINDS


class Record(NamedTuple):
    id: int
    external_id: str | None
    customer: Customer
    creation_type: str
    charge: int
    provider_charge: int | None
    link: str
    start_count: int | None
    quantity: int
    service: Service
    status: int
    remains: int | None
    autocomplete: bool
    created: int
    updated: int
    mode: str
    bits: int


class Records:
    def __init__(self, orders: Orders, currency: Currency) -> None:
        self.orders, self.currency = orders, currency
        self.services, self.customers = orders.world.services, orders.world.customers.all
        self._owners: dict[str, int] = {}
        self.prices: dict[tuple[int, int], tuple[int, int]] = {}
        self.frames = [links.frame(service.platform, service.place) for service in self.services]

    def __getitem__(self, place: int) -> Record:
        orders = self.orders
        bits = orders.bits(place)
        number = orders.service[place]
        mode, source = KINDS[orders.kind[place]]
        service, customer = self.services[number], self.customers[orders.customer[place]]
        status, remains, start_count, updated = orders.facts(place, bits)
        quantity = orders.quantity[place]
        before, after = self.frames[number]
        link = before + links.code(customer.id, bits, service.place == "video") + after
        charge, cost = self._prices(number, quantity)
        by_hand = service.provider is None
        sent = not by_hand and status not in (AWAITING, ERROR)
        return Record(
            orders.ids[place],
            str(10_000_000 + (bits >> 20) % 890_000_000) if sent and status != FAIL else None,
            customer,
            source,
            charge,
            None if by_hand else cost if sent else 0,
            link if bits >> 44 & 1023 else links.sloppy(link, bits >> 33),
            start_count,
            quantity,
            service,
            status,
            remains,
            not by_hand and bits & 4096 == 0,
            orders.created[place],
            updated,
            mode,
            bits,
        )

    @property
    def owners(self) -> dict[str, int]:
        """Whose each link's code is; made when somebody first asks for a link."""
        if not self._owners:
            self._owners = {code: place for place, one in enumerate(self.customers) for code in links.codes(one.id)}
        return self._owners

    def _prices(self, number: int, quantity: int) -> tuple[int, int]:
        """What the customer pays and what the provider takes; there are few amounts, so they are worked out once."""
        known = self.prices.get((number, quantity))
        if known is None:
            service = self.services[number]
            known = self.currency.charge(service.rate, quantity), USD.charge(service.cost, quantity)
            self.prices[number, quantity] = known
        return known
