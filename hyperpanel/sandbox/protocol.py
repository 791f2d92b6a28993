"""Orders on the wire, as section 1.2 of the protocol notes writes them, with every doubtful habit behind a switch.

Rows are put together as text: a page of a thousand has to leave in a few milliseconds. A row that can no longer change
by itself is kept encoded.
"""

from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from hyperpanel.sandbox.catalogue import Service
from hyperpanel.sandbox.forms import bare, local_time, text
from hyperpanel.sandbox.money import USD, Currency
from hyperpanel.sandbox.records import Record, Records
from hyperpanel.sandbox.statuses import CANCELED, COMPLETED, FAIL, OPEN, PARTIAL, STATUSES
from hyperpanel.sandbox.switches import Switches

COMMENTS = (
    "Great work!",
    "So cool 🔥",
    "Çok güzel 👏",
    "Love this",
    "Очень круто",
    "عالی بود",
    "Wow, amazing",
    "Süper olmuş",
    'Nice "one"',
    "Top!",
)


class Rows:
    """One panel's rows under one set of switches."""

    def __init__(self, records: Records, zone: ZoneInfo, switches: Switches, keep: int) -> None:
        self.records, self.switches, self.keep = records, switches, keep
        self.local = local_time(zone)
        self.kept: dict[int, bytes] = {}
        self.ids, self.stamped = switches.ids, switches.created_timestamp == "present"
        self.sums: dict[tuple[int, int | None], str] = {}
        self.users: dict[tuple[int, str], str] = {}
        self.services: dict[tuple[int, str], str] = {}

    def row(self, place: int) -> bytes:
        kept = self.kept.get(place)
        if kept is not None:
            return kept
        row = self._row(self.records[place], self.switches.last_update == "list").encode()
        if self.records.orders.state[place] not in OPEN and len(self.kept) < self.keep:
            self.kept[place] = row
        return row

    def forget(self, place: int) -> None:
        self.kept.pop(place, None)

    def detail(self, place: int) -> bytes:
        record = self.records[place]
        row = self._row(record, self.switches.last_update != "nowhere")
        return f'{row[:-1]},"actions":{text(actions(record))}}}'.encode()

    def _row(self, r: Record, updated: bool) -> str:
        number = f'"{r.id}"' if self.ids == "string" else r.id
        external = f'"{r.external_id}"' if r.external_id else "null"
        start = "null" if r.start_count is None else r.start_count
        stamp = f',"created_timestamp":{r.created}' if self.stamped else ""
        last = f',"last_update":"{self.local(r.updated)}","last_update_timestamp":{r.updated}' if updated else ""
        return (
            f'{{"id":{number},"external_id":{external},"user":{self._user(r)},'
            f'"creation_type":"{r.creation_type}",{self._charges(r)},"link":{_link(r.link)},'
            f'"start_count":{start},"quantity":{r.quantity},{self._service(r)},"status":"{STATUSES[r.status]}"'
            f'{self._remains(r)},"is_autocomplete":{"true" if r.autocomplete else "false"},'
            f'"created":"{self.local(r.created)}"{stamp},"mode":"{r.mode}","ip_address":"{r.customer.ip_address}",'
            f'"order_buttons":{_buttons(r.bits & 7) if r.service.type == "custom_comments" else "[]"}{last}}}'
        )

    def _user(self, r: Record) -> str:
        name = r.username if self.switches.order_user == "kept" else self.records.users.names[r.who]
        written = self.users.get((r.who, name))
        if written is None:
            known = {"id": self.records.users.number(r.who), "username": name}
            written = self.users[r.who, name] = text(known if self.switches.user == "object" else name)
        return written

    def _service(self, r: Record) -> str:
        one = r.service if self.switches.service_name == "kept" else self.records.services[r.number]
        written = self.services.get((one.id, one.name))
        if written is None:
            written = self.services[one.id, one.name] = self._written(one)
        return written

    def _written(self, one: Service) -> str:
        number = f'"{one.id}"' if self.ids == "string" else one.id
        provider = "" if self.switches.provider_null == "missing" else ',"provider":null'
        provider = f',"provider":"{one.provider}"' if one.provider else provider
        return f'"service_id":{number},"service_type":"{one.type}","service_name":{text(one.name)}{provider}'

    def _charges(self, r: Record) -> str:
        """Few services and few amounts, so the same sums come again and again."""
        key = r.charge, r.provider_charge
        written = self.sums.get(key)
        if written is None:
            written = self.sums[key] = (
                f'"charge":{self._money(r.charge, self.records.currency)}{self._cost(r.provider_charge)}'
            )
        return written

    def _cost(self, units: int | None) -> str:
        if units is None:
            return "" if self.switches.provider_null == "missing" else ',"provider_charge":null'
        return f',"provider_charge":{self._money(units, USD)}'

    def _money(self, units: int, currency: Currency) -> str:
        value = currency.text(units)
        written = bare(value) if self.switches.charge == "number" else f'"{value}"'
        return f'{{"value":{written},"currency_code":"{currency.code}","formatted":"{currency.formatted(units)}"}}'

    def _remains(self, r: Record) -> str:
        if r.remains is None:
            return "" if self.switches.remains_null == "missing" else ',"remains":null'
        return f',"remains":{r.remains}'


def actions(r: Record) -> dict[str, bool]:
    """Which buttons the panel would offer."""
    return {
        "refill": r.service.refill and r.status in (COMPLETED, PARTIAL),
        "resend": r.status == FAIL,
        "cancel_and_refund": r.status != CANCELED,
        "request_cancel": r.service.cancel and r.status in OPEN and r.service.provider is not None,
    }


def _link(link: str) -> str:
    return text(link) if '"' in link or "\\" in link else f'"{link}"'


@lru_cache(8)
def _buttons(bits: int) -> str:
    said = [COMMENTS[(bits * 3 + i * 7) % len(COMMENTS)] for i in range(2 + bits % 4)]
    return text([{"title": "Comments", "type": "comments", "user_data": said}])


def refusal(code: int, message: str) -> bytes:
    """The error envelope: `data` is an empty list, whatever was asked for."""
    return text({"data": [], "error_message": message, "error_code": code}).encode()


def success(data: bytes, switches: Switches, pagination: dict[str, Any] | None = None) -> bytes:
    pages = (
        b"" if pagination is None or switches.pagination == "absent" else b',"pagination":' + text(pagination).encode()
    )
    code = {"zero": b',"error_code":0', "null": b',"error_code":null', "absent": b""}[switches.error_code]
    return b'{"data":' + data + pages + b',"error_message":""' + code + b"}"
