"""A discount as its number: panels tell it as text ("5%", "7.5"), and 10% is to stand above 5%.

In ten-thousandths, by the database itself: an index in this order holds the very same expression. Text that does not begin with a digit has
no number.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement


class numeric(FunctionElement[int]):
    inherit_cache = True
    type = BigInteger()

    def __init__(self, text: ColumnElement[str]) -> None:
        super().__init__(text)


@compiles(numeric)
def _sqlite(element: numeric, compiler: Any, **how: Any) -> str:
    [text] = element.clauses
    told = compiler.process(text, **how)
    number = f"CAST(replace({told}, ',', '.') AS REAL)"
    return f"(CASE WHEN {told} GLOB '[0-9]*' THEN CAST(round({number} * 10000) AS INTEGER) END)"


@compiles(numeric, "postgresql")
def _postgresql(element: numeric, compiler: Any, **how: Any) -> str:
    [text] = element.clauses
    number = f"substring(replace({compiler.process(text, **how)}, ',', '.'), '^([0-9]{{1,9}}(?:[.][0-9]{{1,9}})?)')"
    return f"(CAST(round(CAST({number} AS numeric) * 10000) AS bigint))"
