"""A panel's accounts: who signed up when, under which number, and what has been done to them since.

A customer is a place in the crowd (`who`), whatever happens to the name; an account is a place in the list, by number.
"""

from array import array
from bisect import bisect_left
from random import Random
from typing import Literal, NamedTuple

from hyperpanel.sandbox.chance import mix, rng, salt
from hyperpanel.sandbox.customers import Customer, Customers
from hyperpanel.sandbox.providers import HOUR
from hyperpanel.sandbox.pulse import SLOTS, Pulse

DAY = 24 * HOUR
A_DAY = 0.0025  # share of all accounts that sign up on a usual day and order nothing
MAILS = ("mail.example", "inbox.example", "posta.example", "correio.example", "post.example", "Mail.Example")


class Rename(NamedTuple):
    """A name given up, and what there was before that, which may keep it."""

    before: str
    orders: int  # places below this one
    payments: int
    moments: int  # what was written before this one


class Coming(NamedTuple):
    created: int
    who: int


class Users:
    def __init__(self, customers: Customers, pulse: Pulse) -> None:
        self.customers, self.all, self.pulse = customers, customers.all, pulse
        self.ids, self.created, self.who = array("q"), array("q"), array("I")
        self.names = [one.username for one in self.all]
        self.renames: dict[int, list[Rename]] = {}
        self.gone: set[int] = set()
        self.turned: set[int] = set()  # suspended, or suspended no more
        self.adjusted: dict[int, int] = {}  # units put on the balance by hand
        self.discounts: dict[int, int] = {}
        self.mails: list[str] = []
        self.auths: dict[int, int] = {}
        self.moves = 0
        self.salt = salt(pulse.seed, pulse.panel, "user")
        self.places: dict[int, int] = {}  # of customers who have an account
        self.by_name: dict[str, int] = {}  # of those who are there
        self.by_mail: dict[str, int] = {}
        self.whose: dict[str, set[int]] = {}  # every customer who ever had a name
        self._gaps = rng(pulse.seed, pulse.panel, "user ids").random
        self._last = rng(pulse.seed, pulse.panel, "users").randrange(1000, 9000)
        self._day, self._next = 0, list[Coming]()  # the day's sign-ups, the next one last
        self.now = pulse.now
        for who in range(customers.by(1.0)):
            self._append(self._moment(who), who)

    def __len__(self) -> int:
        return len(self.ids)

    def settle(self, now: int) -> None:
        """Bring in those who signed up until now."""
        self.now = max(now, self.now)
        while True:
            while self._next and self._next[-1].created <= now:
                self._append(*self._next.pop())
            if self._next or self.pulse.now + self._day * DAY > now:
                return
            self._next = sorted(self._coming(self._day), reverse=True)
            self._day += 1

    def _coming(self, day: int) -> list[Coming]:
        first = self.pulse.now + day * DAY
        random = rng(self.pulse.seed, self.pulse.panel, "sign-ups", day)
        low, high = (self.customers.by(1 + (number * DAY) / (SLOTS * HOUR)) for number in (day, day + 1))
        known = [Coming(self._moment(who), who) for who in range(low, min(high, self.customers.count))]
        count = int(self.customers.count * A_DAY * random.uniform(0.6, 1.4) + random.random())
        return known + [Coming(first + int(random.random() * DAY), self._more(random)) for _ in range(count)]

    def _moment(self, who: int) -> int:
        return self.pulse.start + int(self.all[who].joined * SLOTS * HOUR)

    def _more(self, random: Random) -> int:
        who = self.customers.more(random, 2.0)
        self.names.append(self.all[who].username)
        return who

    def sign_up(self) -> int:
        """Somebody new, at this moment."""
        self.moves += 1
        return self._append(self.now, self._more(rng(self.pulse.seed, self.pulse.panel, "new user", self.moves)))

    def _append(self, created: int, who: int) -> int:
        luck = self._gaps()
        self._last += 1 if luck < 0.97 else 2 + int(luck * 1000) % 4
        place = self.places[who] = self.by_name[self.names[who]] = len(self.ids)
        self.whose.setdefault(self.names[who], set()).add(who)
        self.ids.append(self._last)
        self.created.append(created)
        self.who.append(who)
        # From the name at the sign-up; a new name brings no new address.
        self.mails.append(f"{self.all[who].username.lower()}@{MAILS[self.bits(place) % len(MAILS)]}")
        self.by_mail[self.mails[place]] = place
        return place

    def place(self, number: int) -> int | None:
        place = bisect_left(self.ids, number)
        return place if place < len(self) and self.ids[place] == number and place not in self.gone else None

    def live(self) -> list[int]:
        return [place for place in range(len(self)) if place not in self.gone]

    def anybody(self, random: Random) -> int:
        """The place of somebody who is there."""
        for _ in range(100):
            place = random.randrange(len(self))
            if place not in self.gone:
                return place
        return next(iter(self.live()), 0)

    def customer(self, place: int) -> Customer:
        return self.all[self.who[place]]

    def number(self, who: int) -> int:
        """The panel's number for a customer; of those without an account there is nothing to tell."""
        return self.ids[self.places[who]]

    def name_then(self, who: int, what: Literal["orders", "payments", "moments"], mark: int) -> str:
        """What a customer was called when an order or a payment was made, or when something was written."""
        for rename in self.renames.get(who, ()):
            if mark < getattr(rename, what):
                return rename.before
        return self.names[who]

    def rename(self, place: int, name: str, orders: int, payments: int) -> None:
        who = self.who[place]
        self.renames.setdefault(who, []).append(Rename(self.names[who], orders, payments, self.now + 1))
        self.by_name.pop(self.names[who], None)
        self.names[who], self.by_name[name] = name, place
        self.whose.setdefault(name, set()).add(who)

    def delete(self, place: int) -> None:
        self.gone.add(place)
        self.by_name.pop(self.names[self.who[place]], None)
        self.by_mail.pop(self.mails[place], None)

    def write_to(self, place: int, mail: str) -> None:
        self.by_mail.pop(self.mails[place], None)
        self.mails[place] = mail
        self.by_mail[mail] = place

    def suspended(self, place: int, bits: int) -> bool:
        return (bits % 83 == 0 and not self.customer(place).weight) != (place in self.turned)

    def bits(self, place: int) -> int:
        return mix(self.ids[place] ^ self.salt)
