"""What a service's name promises: a minimum speed per day, and what stands beside it.

Of two speeds in one name the slower is the promise: nobody is late who keeps it.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

from reports.service_rates import rates
from reports.service_terms import bounds, refill_days, start_minutes
from reports.service_tokens import Tokens, tokens


@dataclass(frozen=True)
class Promise:
    """`per_day`: the minimum speed; `part`: the part of the name that it came from. `refill`: days (None: none told), `start`: minutes from
    and to; `minimum` and `maximum`: quantities."""

    per_day: int | None = None
    part: str = ""
    is_sure: bool = True
    refill: int | None = None
    refill_forever: bool = False
    start: tuple[int, int] | None = None
    minimum: int | None = None
    maximum: int | None = None


NOTHING = Promise()


@lru_cache(maxsize=65_536)
def promise(name: str) -> Promise:
    read = tokens(name)
    if "N" not in read.codes and "I" not in read.codes and "L" not in read.codes:
        return NOTHING
    found = list(rates(read))
    said = terms(read, {at for rate in found for at in range(rate.first, rate.last + 1)})
    if not found:
        return said
    slowest = min(found)
    is_sure = slowest.is_sure and all(rate.per_day == slowest.per_day for rate in found)
    part = read.written(slowest.first, slowest.last)
    return replace(said, per_day=slowest.per_day, part=part, is_sure=is_sure)


def terms(read: Tokens, taken: set[int]) -> Promise:
    """All but the speed. `taken`: tokens that speeds stand on."""
    refill, is_forever = refill_days(read, taken)
    least, most = bounds(read, taken)
    start = start_minutes(read, taken)
    return Promise(refill=refill, refill_forever=is_forever, start=start, minimum=least, maximum=most)
