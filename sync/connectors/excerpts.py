"""What a person may see of a record that could not be read: the fields that would have been kept, as they came, cut short.

A record may hold a password or an address beside them, or inside of one, so what is not named here is left out at every depth.
"""

from typing import Any

import msgspec

from sync.connectors import wire
from sync.connectors.order_wire import WireOrder
from sync.connectors.payment_wire import WirePayment, WireRisk
from sync.connectors.service_wire import WireService
from sync.connectors.ticket_wire import WireFile, WireMessage, WireTicket
from sync.connectors.user_wire import WireDiscount, WireRate, WireUser

MOST = 4096
MOST_OF_A_FIELD = 1024
MOST_VALUES = 50_000
LENGTHS = (500, 100, 20)
DEPTH = 3
ROW = msgspec.json.Decoder(dict[str, msgspec.Raw])
ANYTHING = msgspec.json.Decoder()
CUT = "…"


def names(*forms: type[msgspec.Struct]) -> tuple[str, ...]:
    found = (field.encode_name for form in forms for field in msgspec.structs.fields(form))
    return tuple(dict.fromkeys(found))


FIELDS = {
    "orders": names(WireOrder),
    "users": names(WireUser),
    "payments": names(WirePayment),
    "tickets": names(WireTicket),
    "messages": names(WireMessage),
    "services": names(WireService),
}
WITHIN = names(wire.WireMoney, wire.WirePerson, WireDiscount, WireRate, WireRisk, WireFile)


def values(stream: str, raw: msgspec.Raw) -> str | None:
    """JSON of at most 4 kB; None where the record is no JSON object, or has more values than any record."""
    try:
        text = bytes(raw)
        row = wire.decoded(ROW, text if text.count(b",") <= MOST_VALUES else b"")
    except wire.UNREADABLE:
        return None
    parts, left = [], MOST - len("{}")
    for name in FIELDS[stream]:
        if name not in row:
            continue
        part = f'"{name}":'.encode() + field(bytes(memoryview(row[name])[: wire.LARGEST_MENDED + 1]))
        if len(part) < left:
            parts.append(part)
            left -= len(part) + 1
    return (b"{" + b",".join(parts) + b"}").decode()


def field(raw: bytes) -> bytes:
    """The longest form of it that fits."""
    try:
        value = wire.decoded(ANYTHING, raw if len(raw) <= wire.LARGEST_MENDED else b"")
    except wire.UNREADABLE:
        value = CUT if raw[:1] in (b"{", b"[", b'"') else raw[: LENGTHS[-1]].decode(errors="replace") + CUT
    for length in LENGTHS:
        text = msgspec.json.encode(pruned(value, length, DEPTH))
        if len(text) <= MOST_OF_A_FIELD:
            return text
    return msgspec.json.encode(CUT)


def pruned(value: Any, length: int, depth: int) -> Any:
    if isinstance(value, dict):
        return {name: pruned(value[name], length, depth - 1) for name in WITHIN if name in value} if depth else CUT
    if isinstance(value, list):
        return [pruned(one, length, depth - 1) for one in value[: length // LENGTHS[-1]]] if depth else CUT
    if isinstance(value, int) and not wire.SMALLEST <= value <= wire.LARGEST:
        value = str(value)
    if isinstance(value, str):
        value = value.replace("\x00", "\ufffd")
        return value if len(value) <= length else value[:length] + CUT
    return value
