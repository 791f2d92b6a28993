"""Money as panels write it: whole units behind a decimal point, never a float. Toman has no fraction at all."""

from dataclasses import dataclass

PER_RATE = 6  # a rate, the price of a thousand, is kept in millionths


@dataclass(frozen=True)
class Currency:
    code: str
    symbol: str
    places: int  # decimals of a charge
    per_usd: int  # hundredths: what a dollar costs

    def charge(self, rate: int, quantity: int) -> int:
        """What a quantity costs, in the last decimal of a charge."""
        return max(1, int(rate * quantity // (1000 * 10 ** (PER_RATE - self.places))))

    def text(self, units: int) -> str:
        return decimal(units, self.places)

    def formatted(self, units: int) -> str:
        return self.around(self.text(units))

    def around(self, text: str) -> str:
        return f"{self.symbol}{text}" if len(self.symbol) == 1 else f"{text} {self.symbol}"


USD = Currency("USD", "$", 4, 100)
EUR = Currency("EUR", "€", 4, 92)
TRY = Currency("TRY", "₺", 2, 4150)
IRT = Currency("IRT", "IRT", 0, 10_500_000)
CURRENCIES = {currency.code: currency for currency in (USD, EUR, TRY, IRT)}


def decimal(units: int, places: int) -> str:
    """Two decimals at least, more only where they say something."""
    if places == 0:
        return str(units)
    whole, part = divmod(abs(units), 10**places)
    digits = f"{part:0{places}d}".rstrip("0")
    return f"{'-' if units < 0 else ''}{whole}.{digits:0<2}"
