"""What customers have on their balance and what they have spent, from their payments and orders.

An order takes its charge when it is placed and gives back what is not delivered. Only rows whose state has moved since
the last look are reckoned again; the states are one byte each, so that is a comparison of two strings of bytes.
"""

from array import array
from collections.abc import Iterator

from hyperpanel.sandbox.chance import mix
from hyperpanel.sandbox.orders import Orders
from hyperpanel.sandbox.paying import COMPLETED as PAID
from hyperpanel.sandbox.paying import DELETED as GONE
from hyperpanel.sandbox.paying import EXPIRED
from hyperpanel.sandbox.payments import Payments
from hyperpanel.sandbox.records import Records
from hyperpanel.sandbox.statuses import CANCELED, COMPLETED, DELETED, PARTIAL

PIECE = 4096


class Ledger:
    def __init__(self, records: Records, payments: Payments) -> None:
        self.records, self.payments = records, payments
        self.spent, self.paid = array("q"), array("q")  # by customer
        self._opening = array("q")
        self._net, self._credit = array("q"), array("q")  # by order, by payment
        self._orders, self._payments = bytearray(), bytearray()  # the states that are reckoned
        self._first, self._opened = len(records.orders), False
        self._paid_at_first = [
            (payments.customer[place], payments.amount[place])
            for place, state in enumerate(payments.state)
            if state == PAID
        ]

    def balance(self, who: int) -> int:
        return self._opening[who] + self.paid[who] - self.spent[who]

    def lifetime(self, who: int) -> int:
        """All that was ever spent, before the history began too."""
        customer = self.records.customers[who]
        older = self.payments.usual(who) * (mix(customer.number) >> 50 & 31) if customer.joined < 0 else 0
        return self.spent[who] + older * int(-customer.joined * 4) // 8

    def catch_up(self) -> None:
        for sums in (self.spent, self.paid, self._opening):
            sums.extend([0] * (len(self.records.customers) - len(sums)))
        orders, payments = self.records.orders, self.payments
        if not self._opened:
            self._opened = True
            self._charge(orders, self._first)
            self._open()
        self._charge(orders, len(orders))
        for place in moved(self._orders, orders.state, usual=COMPLETED):
            self._reckon(orders, place)
        self._credit.extend([0] * (len(payments) - len(self._credit)))
        for place in moved(self._payments, payments.state, usual=EXPIRED):
            self._receive(payments, place)

    def _charge(self, orders: Orders, upto: int) -> None:
        """Orders that are new here: each takes its charge."""
        for place in range(len(self._net), upto):
            units = self.records.charge(place)
            self._net.append(units)
            self.spent[orders.customer[place]] += units

    def _open(self) -> None:
        """What everyone had when the history ended, from which it follows what they began with."""
        paid = array("q", bytes(8 * len(self.spent)))
        for who, units in self._paid_at_first:
            paid[who] += units
        for who in range(self.payments.till.customers.by(1.0)):
            self._opening[who] = self._had(who) - paid[who] + self.spent[who]

    def _had(self, who: int) -> int:
        bits = mix(self.records.customers[who].number ^ 0x5EED)
        if not self.records.customers[who].weight and bits % 10 < 7:
            return 0
        return self.payments.usual(who) * (bits >> 8 & 255) // 100

    def _reckon(self, orders: Orders, place: int) -> None:
        state = orders.state[place]
        if state == DELETED:  # the row is gone, the money stays where it is
            return
        net = self.records.charge(place)
        if state == CANCELED:
            net = 0
        elif state == PARTIAL:
            left = orders.facts(place, orders.bits(place)).remains or 0
            net = net * (orders.quantity[place] - left) // orders.quantity[place]
        self.spent[orders.customer[place]] += net - self._net[place]
        self._net[place] = net

    def _receive(self, payments: Payments, place: int) -> None:
        if payments.state[place] == GONE:
            return
        credit = payments.amount[place] if payments.state[place] == PAID else 0
        self.paid[payments.customer[place]] += credit - self._credit[place]
        self._credit[place] = credit


def moved(known: bytearray, states: bytearray, usual: int) -> Iterator[int]:
    """The places whose state is another than the one known, which it is from then on; of new rows the unusual ones."""
    known.extend(bytes((usual,)) * (len(states) - len(known)))
    for start in range(0, len(states), PIECE):
        now, was = states[start : start + PIECE], known[start : start + PIECE]
        if now == was:
            continue
        known[start : start + PIECE] = now
        yield from (start + number for number, state in enumerate(now) if was[number] != state)
