"""A panel's services over time: prices and names change, some go, others come; an order keeps the price it was sold at."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from hyperpanel.sandbox.catalogue import Service


class Shelf:
    def __init__(self, services: Iterable[Service]) -> None:
        self.all = list(services)  # as they are now, each at its own place; those that went too
        self.gone: set[int] = set()
        self.before: dict[int, list[tuple[int, Service]]] = {}  # up to which order it was another, and which
        self.moves = 0

    def live(self) -> Iterator[Service]:
        return (service for number, service in enumerate(self.all) if number not in self.gone)

    def then(self, number: int, order: int) -> Service:
        """The service as it was when an order was placed."""
        for until, was in self.before.get(number, ()):
            if order < until:
                return was
        return self.all[number]

    def change(self, number: int, orders: int, rate: int, name: str) -> None:
        """From the next order on; there were so many until now."""
        was = self.all[number]
        self.before.setdefault(number, []).append((orders, was))
        self.all[number] = replace(was, rate=rate, name=name)

    def add(self, service: Service) -> None:
        self.all.append(service)
