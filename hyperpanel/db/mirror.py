"""The tables that mirror upstreams' records, and what is remembered of their changes. One for each stream; ids are text.

`observed` is the number of the request that saw a row (it orders reads of one panel), `digest` and `fields` are of the upstream's bytes
and of the whitelisted values. An order finished after `finished_from` and no later than `finished_at` (hyperpanel.db.finishes). Nothing is
deleted by a sync: what is no longer there has `gone_at`, which the indexes of lists hold too, so that a list passes over it without looking at
the row. Ids are text; lists in their order stand by length first, so that 10 follows 9.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, PrimaryKeyConstraint, Table, Text, func, text

from hyperpanel.db.discounts import numeric
from hyperpanel.db.table_parts import metadata, observation, panel_key, span
from hyperpanel.db.types import Moment
from reports.statuses import RUNNING
from sync.records import FINAL, FINAL_PAYMENT, FINAL_TICKET


def still_open(final: frozenset[str]) -> str:
    """The condition of an index over what may still change by itself."""
    return f"status NOT IN ({', '.join(repr(status) for status in sorted(final))})"


OPEN = text(still_open(FINAL))
OPEN_PAYMENT = text(still_open(FINAL_PAYMENT))
OPEN_TICKET = text(still_open(FINAL_TICKET))

WAITS = text(f"status IN ({', '.join(repr(status) for status in RUNNING)}) AND COALESCE(remains, quantity, 1) > 0")
"""What a provider still has to deliver. Remains that are missing count as the quantity (SPEC F74)."""

ENDED = text("finished_at IS NOT NULL")

SUMMED = ("status", "service_id", "charge_currency", "charge")
"""What a customer's orders are added up by: their index holds it, so that 100 000 orders are summed without looking at one."""

TRADED = (
    "user",
    "service_id",
    "provider",
    "charge_currency",
    "charge",
    "provider_charge_currency",
    "provider_charge",
)
"""What was ordered, by whom, and what it brought: their index holds what seldom changes, so that a month is added up without a row."""

orders = Table(
    "orders",
    metadata,
    panel_key(),
    Column("id", Text, nullable=False),
    Column("provider_order_id", Text),
    Column("user", Text),
    Column("creation_type", Text),
    Column("mode", Text),
    Column("charge", BigInteger),
    Column("charge_currency", Text),
    Column("provider_charge", BigInteger),
    Column("provider_charge_currency", Text),
    Column("link", Text),
    Column("start_count", BigInteger),
    Column("quantity", BigInteger),
    Column("service_id", Text),
    Column("service_type", Text),
    Column("service_name", Text),
    Column("provider", Text),
    Column("status", Text, nullable=False),
    Column("status_raw", Text, nullable=False),
    Column("remains", BigInteger),
    Column("is_autocomplete", Boolean),
    Column("created_at", Moment),
    Column("last_update_at", Moment),
    *observation(),
    Column("finished_from", Moment),
    Column("finished_at", Moment),
    PrimaryKeyConstraint("panel_id", "id"),
    Index("ix_orders_panel_id_created_at_id_gone_at", "panel_id", "created_at", "id", "gone_at", *TRADED),
    Index(None, "panel_id", "status", "created_at", "id", "gone_at"),
    Index(None, "panel_id", "service_id", "created_at", "id", "gone_at"),
    Index("ix_orders_panel_id_user_created_at_id_gone_at", "panel_id", "user", "created_at", "id", "gone_at", *SUMMED),
    Index(None, "panel_id", "provider_order_id"),
    sqlite_with_rowid=False,
)
Index("ix_orders_open", orders.c.panel_id, orders.c.id, sqlite_where=OPEN, postgresql_where=OPEN)
Index(
    "ix_orders_waiting",
    *(orders.c[name] for name in ("panel_id", "service_id", "created_at", "provider")),
    *(orders.c[name] for name in ("charge_currency", "charge", "gone_at", "status", "remains", "quantity")),
    sqlite_where=WAITS,
    postgresql_where=WAITS,
)
Index(
    "ix_orders_finished",
    *(orders.c[name] for name in ("panel_id", "finished_at", "service_id", "finished_from", "created_at", "status")),
    *(orders.c[name] for name in ("quantity", "remains", "provider", "gone_at")),
    sqlite_where=ENDED,
    postgresql_where=ENDED,
)

order_flips = Table(
    "order_flips",
    metadata,
    panel_key(),
    Column("order_id", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("was", Text, nullable=False),
    Column("now", Text, nullable=False),
    *span(),
    PrimaryKeyConstraint("panel_id", "order_id", "number"),
    Index(None, "panel_id", "not_after"),
    sqlite_with_rowid=False,
)

services = Table(
    "services",
    metadata,
    panel_key(),
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("type", Text),
    Column("category", Text),
    Column("rate", BigInteger),
    Column("min", BigInteger),
    Column("max", BigInteger),
    Column("refill", Boolean),
    Column("cancel", Boolean),
    *observation(),
    PrimaryKeyConstraint("panel_id", "id"),
    sqlite_with_rowid=False,
)

Index("ix_services_number", services.c.panel_id, func.length(services.c.id), services.c.id, services.c.gone_at)

service_changes = Table(
    "service_changes",
    metadata,
    panel_key(),
    Column("service_id", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("name_was", Text, nullable=False),
    Column("name_now", Text, nullable=False),
    Column("rate_was", BigInteger),
    Column("rate_now", BigInteger),
    *span(),
    PrimaryKeyConstraint("panel_id", "service_id", "number"),
    sqlite_with_rowid=False,
)

users = Table(
    "users",
    metadata,
    panel_key(),
    Column("id", Text, nullable=False),
    Column("username", Text, nullable=False),
    Column("email", Text),
    Column("balance", BigInteger),
    Column("balance_currency", Text),
    Column("spent", BigInteger),
    Column("spent_currency", Text),
    Column("status", Text, nullable=False),
    Column("status_raw", Text, nullable=False),
    Column("discount", Text),
    Column("custom_rates", Text),
    Column("created_at", Moment),
    Column("last_auth_at", Moment),
    *observation(),
    PrimaryKeyConstraint("panel_id", "id"),
    Index(None, "panel_id", "created_at", "id", "gone_at"),
    Index(None, "panel_id", "last_auth_at", "id", "gone_at"),
    Index(None, "panel_id", "balance_currency", "balance", "id", "gone_at"),
    Index(None, "panel_id", "spent_currency", "spent", "id", "gone_at"),
    Index(None, "panel_id", "username"),
    sqlite_with_rowid=False,
)
Index("ix_users_number", users.c.panel_id, func.length(users.c.id), users.c.id, users.c.gone_at)
Index("ix_users_discount", users.c.panel_id, numeric(users.c.discount), users.c.id, users.c.gone_at)
Index("ix_users_lowered", users.c.panel_id, func.lower(users.c.username))
Index("ix_users_mailed", users.c.panel_id, func.lower(users.c.email))

user_renames = Table(
    "user_renames",
    metadata,
    panel_key(),
    Column("user_id", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("was", Text, nullable=False),
    Column("now", Text, nullable=False),
    *span(),
    PrimaryKeyConstraint("panel_id", "user_id", "number"),
    Index(None, "panel_id", "was"),
    sqlite_with_rowid=False,
)

payments = Table(
    "payments",
    metadata,
    panel_key(),
    Column("id", Text, nullable=False),
    Column("user", Text),
    Column("user_id", Text),
    Column("amount", BigInteger),
    Column("amount_currency", Text),
    Column("balance", BigInteger),
    Column("balance_currency", Text),
    Column("method", Text),
    Column("status", Text, nullable=False),
    Column("status_raw", Text, nullable=False),
    Column("memo", Text),
    Column("fraud_risk", Text),
    Column("mode", Text),
    Column("created_at", Moment),
    Column("updated_at", Moment),
    *observation(),
    PrimaryKeyConstraint("panel_id", "id"),
    Index(None, "panel_id", "created_at", "id", "gone_at"),
    Index(None, "panel_id", "status", "created_at", "id", "gone_at"),
    Index(None, "panel_id", "user", "created_at", "id", "gone_at"),
    Index(None, "panel_id", "amount_currency", "amount", "id", "gone_at"),
    sqlite_with_rowid=False,
)
Index("ix_payments_open", payments.c.panel_id, payments.c.id, sqlite_where=OPEN_PAYMENT, postgresql_where=OPEN_PAYMENT)

tickets = Table(
    "tickets",
    metadata,
    panel_key(),
    Column("id", Text, nullable=False),
    Column("user", Text),
    Column("user_id", Text),
    Column("subject", Text),
    Column("status", Text, nullable=False),
    Column("status_raw", Text, nullable=False),
    Column("assignee", Text),
    Column("is_read", Boolean),
    Column("created_at", Moment),
    Column("last_update_at", Moment),
    *observation(),
    PrimaryKeyConstraint("panel_id", "id"),
    Index(None, "panel_id", "created_at", "id", "gone_at"),
    Index(None, "panel_id", "last_update_at", "id", "gone_at"),
    Index(None, "panel_id", "status", "last_update_at", "id", "gone_at"),
    Index(None, "panel_id", "user", "created_at", "id", "gone_at"),
    sqlite_with_rowid=False,
)
Index("ix_tickets_open", tickets.c.panel_id, tickets.c.id, sqlite_where=OPEN_TICKET, postgresql_where=OPEN_TICKET)

threads = Table(
    "threads",
    metadata,
    panel_key(),
    Column("ticket_id", Text, nullable=False),
    Column("read_for", BigInteger),
    Column("digest", BigInteger, nullable=False),
    Column("observed", BigInteger, nullable=False),
    Column("read_at", Moment, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("retry_at", Moment),
    PrimaryKeyConstraint("panel_id", "ticket_id"),
    sqlite_with_rowid=False,
)

messages = Table(
    "messages",
    metadata,
    panel_key(),
    Column("ticket_id", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("sender", Text),
    Column("is_staff", Boolean, nullable=False),
    Column("is_unread", Boolean),
    Column("body", Text, nullable=False),
    Column("files", Text),
    Column("created_at", Moment),
    Column("missed", Integer, nullable=False, server_default="0"),
    *observation(),
    PrimaryKeyConstraint("panel_id", "ticket_id", "id"),
    Index(None, "panel_id", "created_at"),
    sqlite_with_rowid=False,
)

message_versions = Table(
    "message_versions",
    metadata,
    panel_key(),
    Column("ticket_id", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("files", Text),
    *span(),
    PrimaryKeyConstraint("panel_id", "ticket_id", "message_id", "number"),
    sqlite_with_rowid=False,
)

MIRRORED = {"orders": orders, "users": users, "payments": payments, "tickets": tickets, "services": services}
"""The table of each stream whose records are told apart by the upstream's id; messages have none."""

MIRROR = frozenset(
    {
        orders, order_flips, services, service_changes, users, user_renames, payments, tickets, threads, messages,
        message_versions,
    }
)  # fmt: skip
"""All that was read from a panel, and its history."""
