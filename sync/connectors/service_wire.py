"""A service as the `services` action of the user API writes it; numbers are strings in the reference form."""

import msgspec

from sync.connectors import wire
from sync.connectors.wire import Id, Number
from sync.records import Service, folded
from sync.verdicts import UnreadableRecord


class WireService(msgspec.Struct, gc=False):
    service: Id
    name: str
    rate: msgspec.Raw
    min: Number
    max: Number
    type: str | None = None
    category: str | None = None
    refill: bool | int | None = None
    cancel: bool | int | None = None


SERVICE = msgspec.json.Decoder(WireService)


def service(raw: msgspec.Raw, currency: str) -> Service:
    """Raises UnreadableRecord."""
    try:
        row = wire.read(SERVICE, raw)
        return Service(
            id=wire.key(row.service),
            name=row.name,
            type=row.type and folded(row.type),
            category=row.category,
            rate=wire.price(row.rate, currency),
            min=wire.whole(row.min, "min"),
            max=wire.whole(row.max, "max"),
            refill=None if row.refill is None else bool(row.refill),
            cancel=None if row.cancel is None else bool(row.cancel),
        )
    except wire.UNREADABLE as problem:
        raise UnreadableRecord(str(problem)) from None
