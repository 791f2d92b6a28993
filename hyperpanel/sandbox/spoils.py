"""What faults do to the rows of a list: which of them come, in what order, and how one of them, or each, is written.

A row is spoilt after it was written, so that the truth stays what it was. What JSON has no words for (NaN, half a surrogate pair, a number
of 5000 digits) is put in as text, in the place of a mark.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

Row = dict[str, Any]
MARK = "@@@"
BAD_MONEY = {"value": "12,5o", "currency_code": "USD", "formatted": "$12,5o"}
MONEY = {"orders": "charge", "users": "balance", "payments": "amount", "services": "rate"}
KEYS = {"payments": "payment_id", "services": "service"}
NUMBERS = {"orders": "quantity", "services": "min"}  # elsewhere `created_timestamp` is the one that is sure to be read
TEXTS = {"orders": "link", "users": "email", "payments": "memo", "tickets": "subject", "services": "name"}
MOMENTS = ("created", "updated", "last_update", "last_auth")
MOVED = timedelta(hours=3)
WRONG_TYPES: dict[str, Row] = {
    "orders": {"quantity": "a hundred", "service_id": {"id": 1}},
    "users": {"username": ["login"], "created_timestamp": "yesterday"},
    "payments": {"user": 7, "status": {"name": "completed"}},
    "tickets": {"subject": {"text": "help"}, "user": 7},
    "services": {"name": None, "min": {"of": "ten"}},
}
CHANGES: dict[str, Row] = {
    "unknown_status": {"status": "awaiting_moderation"},
    "null_time": {"created": "0000-00-00 00:00:00", "created_timestamp": None},
    "future_time": {"created": "2099-01-01 00:00:00", "created_timestamp": 4070908800},
}
RAW = {  # in the place of a number
    "long_number": "9" * 5000,
    "nan": "NaN",
}
TORN = {"lone_surrogate": r"\ud83d", "nul": r"\u0000"}  # in the middle of a text
ENCODE = msgspec.json.Encoder(decimal_format="number").encode


def rows(kind: str, stream: str, fair: list[bytes], count: int, before: list[bytes]) -> tuple[list[bytes], int]:
    """The rows and the count that are sent in place of the fair ones; `before` is the page that went before."""
    if kind in PAGES:
        return PAGES[kind](fair, before), count
    if kind in EACH:
        return [_rewritten(row, stream, EACH[kind]) for row in fair], count
    return (fair, count + 37) if kind == "wrong_count" else (_one_bad(kind, stream, fair), count)


def _one_bad(kind: str, stream: str, fair: list[bytes]) -> list[bytes]:
    """One record of the page; the others stay as they are."""
    if not fair:
        return fair
    middle = len(fair) // 2
    return [*fair[:middle], _bad(kind, stream, fair[middle]), *fair[middle + 1 :]]


def _bad(kind: str, stream: str, fair: bytes) -> bytes:
    key = KEYS.get(stream, "id")
    if kind == "duplicate_keys":  # the last one counts, as everywhere
        return b'{"%s":0,"status":"never_mind",' % key.encode() + fair[1:]
    if kind in RAW:
        field = NUMBERS.get(stream, "created_timestamp")
        return _put(fair, {field: MARK}, f'"{MARK}"', RAW[kind])
    if kind in TORN:
        said = str(json.loads(fair).get(TEXTS[stream]) or "")
        return _put(fair, {TEXTS[stream]: f"{said[:9]}{MARK}{said[9:]}"}, MARK, TORN[kind])
    return _rewritten(fair, stream, lambda row, stream: _change(row, stream, kind))


def _put(fair: bytes, changes: Row, mark: str, raw: str) -> bytes:
    written = _rewritten(fair, "", lambda row, _: row.update(changes))
    return written.replace(mark.encode(), raw.encode())


def _change(row: Row, stream: str, kind: str) -> None:
    if kind == "missing_id":
        del row[KEYS.get(stream, "id")]
    if kind == "bad_money":
        row[MONEY[stream]] = "12,5o" if stream == "services" else BAD_MONEY
    if kind == "amount_comma":
        _amount(row, stream, lambda amount: f"{amount:.2f}".replace(".", ","))
    row.update(WRONG_TYPES[stream] if kind == "wrong_type" else CHANGES.get(kind, {}))


def _rewritten(fair: bytes, stream: str, change: Callable[[Row, str], None]) -> bytes:
    row = json.loads(fair, parse_float=Decimal)
    change(row, stream)
    return ENCODE(row)


def _amount(row: Row, stream: str, written: Callable[[Decimal], str]) -> None:
    """The same amount in another form, as text."""
    name = MONEY[stream]
    told = row[name]
    if isinstance(told, dict):
        told["value"] = written(Decimal(str(told["value"])))
    else:
        row[name] = written(Decimal(str(told)))


def _as_text(row: Row, stream: str) -> None:
    key = KEYS.get(stream, "id")
    row[key] = str(row[key])


def _in_another_zone(row: Row, stream: str) -> None:
    for name in MOMENTS:
        written = row.get(name)
        if written and not written.startswith("0000"):
            row[name] = str(datetime.fromisoformat(written) + MOVED)


EACH: dict[str, Callable[[Row, str], None]] = {
    "id_string": _as_text,
    "zone_changed": _in_another_zone,
    "amount_decimals": lambda row, stream: _amount(row, stream, "{:.8f}".format),
    "amount_exponent": lambda row, stream: _amount(row, stream, "{:E}".format),
}
PAGES: dict[str, Callable[[list[bytes], list[bytes]], list[bytes]]] = {
    "duplicated_page": lambda fair, before: before or fair,
    "reordered": lambda fair, before: fair[1::2] + fair[::2],
    "empty_page": lambda fair, before: [],
    "short_page": lambda fair, before: fair[: len(fair) // 2],
}
