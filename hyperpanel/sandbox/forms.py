"""How one panel writes what every list has: numbers, money, moments and names, with each doubtful habit behind a switch."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from hyperpanel.sandbox.money import Currency
from hyperpanel.sandbox.switches import Switches

QUARTER = 900  # every offset from UTC is a number of quarters of an hour
WITHIN = [f"{second // 60:02d}:{second % 60:02d}" for second in range(3600)]
ZEROS = "0000-00-00 00:00:00"
NEVER_IN_PHP = -62_169_984_000  # what its strtotime makes of the zeros
Local = Callable[[int], str]


text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # made once: json.dumps makes one each time


class Forms:
    def __init__(self, zone: ZoneInfo, switches: Switches, currency: Currency) -> None:
        self.switches, self.currency = switches, currency
        self.local = local_time(zone)
        self.stamped = switches.timestamps == "present"
        self.quoted = switches.ids == "string"
        self.bare, self.whole = "number" in switches.amounts, "object" in switches.amounts

    def number(self, number: int) -> str:
        return f'"{number}"' if self.quoted else str(number)

    def amount(self, units: int) -> str:
        """A balance or a payment, as the switch `amounts` has it."""
        value = self.currency.text(units)
        written = bare(value) if self.bare else f'"{value}"'
        if not self.whole:
            return written
        code, shown = self.currency.code, self.currency.around(value)
        return f'{{"value":{written},"currency_code":"{code}","formatted":"{shown}"}}'

    def moment(self, name: str, at: int, stamped: bool) -> str:
        stamp = f',"{name}_timestamp":{at}' if stamped else ""
        return f'"{name}":"{self.local(at)}"{stamp}'

    def never(self, name: str) -> str:
        """A time that never was, as part of an object; empty where the panel leaves it out."""
        match self.switches.never:
            case "missing":
                return ""
            case "null":
                written, stamp = "null", "null"
            case "negative":
                written, stamp = f'"{ZEROS}"', str(NEVER_IN_PHP)
            case _:
                written, stamp = f'"{ZEROS}"', "0"
        return f'"{name}":{written}' + (f',"{name}_timestamp":{stamp}' if self.stamped else "")


def local_time(zone: ZoneInfo) -> Local:
    """Writes a moment in the panel's own zone; strftime would cost more than the rest of a row."""

    @lru_cache(16_384)
    def quarter(number: int) -> tuple[str, int]:
        moment = datetime.fromtimestamp(number * QUARTER, UTC).astimezone(zone)
        return moment.strftime("%Y-%m-%d %H:"), moment.minute * 60

    def written(moment: int) -> str:
        hour, first = quarter(moment // QUARTER)
        return hour + WITHIN[first + moment % QUARTER]

    return written


def bare(value: str) -> str:
    """As PHP writes a float: 10.50 is 10.5, 10.00 is 10."""
    return value.rstrip("0").rstrip(".") if "." in value else value
