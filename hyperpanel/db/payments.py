"""Payments as people look through them: what their list can be asked for, one of them, and who paid.

A panel names the payer by username alone, as it was at the time; the customer behind a name is looked up, by names of the past too.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import BindParameter, Connection, Select, bindparam, exists, func

from hyperpanel.db import user_names
from hyperpanel.db.lists import Listing, Sort
from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import payments, plans, user_renames, users
from hyperpanel.db.scope import EVERYTHING, Scope
from sync.records import FINAL_PAYMENT

BY_TIME = {
    "user": "ix_payments_panel_id_user_created_at_id_gone_at",
    "status": "ix_payments_panel_id_status_created_at_id_gone_at",
    "": "ix_payments_panel_id_created_at_id_gone_at",
}
BY_AMOUNT = {"user": BY_TIME["user"], "": "ix_payments_panel_id_amount_currency_amount_id_gone_at"}
"""One customer's are few, so they are looked through by time and put in order then."""


class Line(msgspec.Struct, frozen=True, gc=False):
    """A payment as a list shows it; `panel_id` and `id` name it."""

    panel_id: int
    id: str
    user: str | None
    user_id: str | None
    amount: int | None
    amount_currency: str | None
    balance: int | None
    balance_currency: str | None
    method: str | None
    status: str
    memo: str | None
    fraud_risk: str | None
    mode: str | None
    created_at: datetime | None
    updated_at: datetime | None


class Record(Line, frozen=True, gc=False):
    """All that its panel tells of one."""

    status_raw: str


class Payment(Record, frozen=True, gc=False):
    """All that is kept of one."""

    first_seen_at: datetime
    seen_at: datetime
    gone_at: datetime | None


COLUMNS = tuple(payments.c[name] for name in Payment.__struct_fields__)
LISTING = Listing(
    table=payments,
    line=Line,
    sorts={
        "created": Sort((payments.c.created_at,), BY_TIME),
        "amount": Sort((payments.c.amount_currency, payments.c.amount), BY_AMOUNT),
    },
    values={"user": payments.c.user, "status": payments.c.status, "mode": payments.c.mode},
    since={"created_from": payments.c.created_at},
    until={"created_to": payments.c.created_at},
    parts={"method": (payments.c.method,), "memo": (payments.c.memo,)},
    numbers=((payments.c.id, None),),
)
"""Amounts stand by currency first: no currency is ranked among another's."""

MAILED = (
    EVERYTHING.select(func.lower(users.c.email))
    .where(users.c.panel_id == payments.c.panel_id, users.c.username == payments.c.user, users.c.gone_at.is_(None))
    .limit(1)
    .correlate(payments)
    .scalar_subquery()
)
"""The address of whoever has the name now that a payment was made under, on its own panel."""

ASKED = replace(LISTING, line=Record, values={**LISTING.values, "email": MAILED})
"""Payments as scripts ask for them."""


def one(connection: Connection, scope: Scope, panel_id: int, payment_id: str) -> Payment | None:
    row = connection.execute(
        scope.select(*COLUMNS).where(payments.c.panel_id == panel_id, payments.c.id == payment_id)
    ).one_or_none()
    return Payment(*row) if row else None


def as_of(connection: Connection, scope: Scope, payment: Payment) -> datetime:
    """When it was last so. What is not final yet has been read again by every finished refresh that it was there for."""
    if payment.status in FINAL_PAYMENT:
        return payment.seen_at
    asked = scope.select(plans.c.as_of).where(
        plans.c.panel_id == payment.panel_id, plans.c.stream == "payments", plans.c.plan == "refresh"
    )
    refreshed = connection.scalar(asked)
    return max(payment.seen_at, refreshed) if refreshed and payment.first_seen_at <= refreshed else payment.seen_at


def mailed(
    connection: Connection, scope: Scope, panel_ids: Collection[int], spellings: Sequence[str], most: int
) -> list[str]:
    """The usernames that have this address, in any of these spellings in small letters; of all these panels."""
    asked = {"spellings": list(spellings), "most": most}
    return list(connection.scalars(addressing(scope.narrowed(panel_ids)), asked))


@lru_cache(maxsize=256)
def addressing(scope: Scope) -> Select[Any]:
    spelt: BindParameter[Any] = bindparam("spellings", expanding=True)
    theirs = scope.select(users.c.username).distinct().where(func.lower(users.c.email).in_(spelt))
    named = pinned(theirs.where(users.c.gone_at.is_(None)), users, "ix_users_mailed")
    return named.order_by(users.c.username).limit(bindparam("most"))


def payers(connection: Connection, scope: Scope, names: Collection[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """The id of the customer who has each name, on each panel; of a name that was somebody else's before, nobody's."""
    if not names:
        return {}
    asked = {"names": sorted({name for _, name in names})}
    rows = connection.execute(naming(scope.narrowed({panel_id for panel_id, _ in names})), asked)
    return {(panel_id, name): user_id for panel_id, name, user_id in rows}


@lru_cache(maxsize=256)
def naming(scope: Scope) -> Select[Any]:
    known = scope.select(users.c.panel_id, users.c.username, users.c.id)
    before = exists().where(user_renames.c.panel_id == users.c.panel_id, user_renames.c.was == users.c.username)
    known = known.where(users.c.username.in_(bindparam("names", expanding=True)), users.c.gone_at.is_(None), ~before)
    return pinned(known, users, "ix_users_panel_id_username")


def payer(connection: Connection, scope: Scope, payment: Payment) -> str | None:
    """The customer's id: told with the payment, else by whom the name meant that it was paid under."""
    return payment.user_id or user_names.bearer(connection, scope, payment.panel_id, payment.user, payment.created_at)
