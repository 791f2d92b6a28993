"""Users on the wire, as section 1.4 of the protocol notes writes them."""

from hyperpanel.sandbox import words
from hyperpanel.sandbox.accounts import Accounts, CustomRate
from hyperpanel.sandbox.forms import Forms, bare, text
from hyperpanel.sandbox.money import PER_RATE, decimal


class UserRows:
    def __init__(self, accounts: Accounts, forms: Forms) -> None:
        self.accounts, self.forms = accounts, forms

    def row(self, place: int) -> bytes:
        a, forms = self.accounts[place], self.forms
        parts = (
            f'{{"id":{forms.number(a.id)},"username":{text(a.username)},"email":{text(a.email)}',
            f'"balance":{forms.amount(a.balance)},"spent":{forms.amount(a.spent)}',
            f'"status":"{words.user_status(a, forms.switches)}"',
            forms.moment("created", a.created, forms.stamped),
            forms.never("last_auth") if a.last_auth is None else forms.moment("last_auth", a.last_auth, forms.stamped),
            f'"discount":{{"formatted":"{a.discount}%"}}',
            f'"custom_rates":{self._rates(a.custom_rates)}}}',
        )
        return ",".join(part for part in parts if part).encode()

    def _rates(self, rates: tuple[CustomRate, ...]) -> str:
        return f"[{','.join(map(self._rate, rates))}]" if rates else "[]"

    def _rate(self, one: CustomRate) -> str:
        value = bare(decimal(one.rate, PER_RATE))
        number = self.forms.number(one.service)
        return (
            f'{{"service_id":{number},"service_name":{text(one.service_name)},'
            f'"custom_rate":"{value}","percent":{int(one.percent)}}}'
        )
