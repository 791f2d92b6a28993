"""An order as everyone may know it at this moment: the facts, before any panel's way of writing them."""

from typing import NamedTuple

from hyperpanel.sandbox import links
from hyperpanel.sandbox.catalogue import Service
from hyperpanel.sandbox.customers import Customer
from hyperpanel.sandbox.money import USD, Currency
from hyperpanel.sandbox.orders import Orders
from hyperpanel.sandbox.shelf import Shelf
from hyperpanel.sandbox.statuses import AWAITING, ERROR, FAIL
from hyperpanel.sandbox.users import Users
from hyperpanel.sandbox.world import KINDS


class Record(NamedTuple):
    id: int
    external_id: str | None
    customer: Customer
    who: int
    username: str  # when it was placed
    creation_type: str
    charge: int
    provider_charge: int | None
    link: str
    start_count: int | None
    quantity: int
    service: Service  # when it was placed
    number: int  # the service's place on the shelf
    status: int
    remains: int | None
    autocomplete: bool
    created: int
    updated: int
    mode: str
    bits: int


class Records:
    def __init__(self, orders: Orders, currency: Currency, shelf: Shelf, users: Users) -> None:
        self.orders, self.currency, self.shelf, self.users = orders, currency, shelf, users
        self.services, self.customers = shelf.all, users.all
        self._owners: dict[str, int] = {}
        self.prices: dict[tuple[int, int, int], tuple[int, int]] = {}
        self.frames: list[tuple[str, str]] = []
        self.frame()

    def frame(self) -> None:
        """What stands about the code in links, for services that came since too."""
        for service in self.services[len(self.frames) :]:
            self.frames.append(links.frame(service.platform, service.place))

    def __getitem__(self, place: int) -> Record:
        orders = self.orders
        bits = orders.bits(place)
        number = orders.service[place]
        mode, source = KINDS[orders.kind[place]]
        who = orders.customer[place]
        service, customer = self.service(number, place), self.customers[who]
        status, remains, start_count, updated = orders.facts(place, bits)
        quantity = orders.quantity[place]
        before, after = self.frames[number]
        link = before + links.code(customer.number, bits, service.place == "video") + after
        charge, cost = self._prices(service, quantity)
        by_hand = service.provider is None
        sent = not by_hand and status not in (AWAITING, ERROR)
        return Record(
            orders.ids[place],
            str(10_000_000 + (bits >> 20) % 890_000_000) if sent and status != FAIL else None,
            customer,
            who,
            self.users.name_then(who, "orders", place) if who in self.users.renames else self.users.names[who],
            source,
            charge,
            None if by_hand else cost if sent else 0,
            link if bits >> 44 & 1023 else links.sloppy(link, bits >> 33),
            start_count,
            quantity,
            service,
            number,
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
            self._owners = {code: place for place, one in enumerate(self.customers) for code in links.codes(one.number)}
        return self._owners

    def service(self, number: int, place: int) -> Service:
        return self.shelf.then(number, place) if number in self.shelf.before else self.services[number]

    def charge(self, place: int) -> int:
        orders = self.orders
        return self._prices(self.service(orders.service[place], place), orders.quantity[place])[0]

    def _prices(self, service: Service, quantity: int) -> tuple[int, int]:
        """What the customer pays and what the provider takes; there are few amounts, so they are worked out once."""
        known = self.prices.get((service.rate, service.cost, quantity))
        if known is None:
            known = self.currency.charge(service.rate, quantity), USD.charge(service.cost, quantity)
            self.prices[service.rate, service.cost, quantity] = known
        return known
