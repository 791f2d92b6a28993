"""Payments on the wire, as section 1.3 of the protocol notes writes them; what is only guessed there can be left out."""

from collections.abc import Callable

from hyperpanel.sandbox import words
from hyperpanel.sandbox.forms import Forms, text
from hyperpanel.sandbox.payments import Payment, Payments
from hyperpanel.sandbox.users import Users


class PaymentRows:
    def __init__(self, payments: Payments, users: Users, forms: Forms) -> None:
        self.payments, self.users, self.forms = payments, users, forms
        self.methods = {method.name: text(method.name) for method in payments.till.methods}
        switches = forms.switches
        self.stamped = switches.payment_created_timestamp == "present"
        self.guesses = tuple(name for name in GUESSES if getattr(switches, f"payment_{name}") == "present")

    def row(self, place: int) -> bytes:
        p, forms, switches = self.payments[place], self.forms, self.forms.switches
        parts = (
            f'{{"payment_id":{forms.number(p.id)},"user":{self._user(p, place)},"amount":{forms.amount(p.amount)}',
            f'"method":{self.methods[p.method]},"status":"{words.payment_status(p, switches)}","memo":{text(p.memo)}',
            forms.moment("created", p.created, self.stamped),
            *self._guessed(p),
        )
        return (",".join(parts) + "}").encode()

    def _user(self, p: Payment, place: int) -> str:
        name = text(words.payer(self.users, p, place, self.forms.switches))
        match self.forms.switches.payment_user:
            case "string":
                return name
            case "full":
                return f'{{"id":{self.forms.number(self.users.number(p.who))},"username":{name}}}'
            case _:
                return f'{{"username":{name}}}'

    def _guessed(self, p: Payment) -> list[str]:
        """What the panel's own page shows, and its API perhaps."""
        return [GUESSES[name](self.forms, p) for name in self.guesses]


GUESSES: dict[str, Callable[[Forms, Payment], str]] = {
    "balance": lambda forms, p: f'"balance":{forms.amount(p.balance)}',
    "fraud_risk": lambda forms, p: f'"fraud_risk":"{p.fraud_risk}"' if p.fraud_risk else '"fraud_risk":null',
    "updated": lambda forms, p: f'"updated":"{forms.local(p.updated)}"',
    "updated_timestamp": lambda forms, p: f'"updated_timestamp":{p.updated}',
    "mode": lambda forms, p: f'"mode":"{p.mode}"',
}
