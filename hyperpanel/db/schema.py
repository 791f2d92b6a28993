"""The tables. Keys of what a panel owns lead with panel_id, so that it can be sharded by panel; external ids are text.

`observed` is the number of the request that saw a row (it orders reads of one panel), `digest` and `fields` are of the upstream's bytes
and of the whitelisted values. State changes that matter are rows: pauses, flips, audit.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from hyperpanel.db.types import Moment
from sync.records import FINAL

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

FINAL_LIST = ", ".join(f"'{status}'" for status in sorted(FINAL))
OPEN = text(f"status NOT IN ({FINAL_LIST})")


def panel_key() -> Column[int]:
    return Column("panel_id", Integer, ForeignKey("panels.id"), nullable=False)


meta = Table("meta", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

panels = Table(
    "panels",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("folded", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("rate", Float, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
)

panel_secrets = Table(
    "panel_secrets",
    metadata,
    panel_key(),
    Column("name", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    PrimaryKeyConstraint("panel_id", "name"),
)

budgets = Table(
    "budgets",
    metadata,
    Column("panel_id", Integer, ForeignKey("panels.id"), primary_key=True, autoincrement=False),
    Column("pace", Float, nullable=False),
    Column("free_at", Moment, nullable=False),
    Column("number", BigInteger, nullable=False, server_default="0"),
    Column("slowed_at", Moment),
)

feeds = Table(
    "feeds",
    metadata,
    panel_key(),
    Column("stream", Text, nullable=False),
    Column("holder", Text),
    Column("fence", BigInteger, nullable=False, server_default="0"),
    Column("leased_until", Moment),
    Column("manners", Text, nullable=False, server_default="{}"),
    Column("committed", BigInteger, nullable=False, server_default="0"),
    Column("cached", BigInteger, nullable=False, server_default="0"),
    Column("fetched_at", Moment),
    Column("failing_plan", Text),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("failing_since", Moment),
    Column("trouble", Text),
    PrimaryKeyConstraint("panel_id", "stream"),
)

plans = Table(
    "plans",
    metadata,
    panel_key(),
    Column("stream", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("cursor", Text),
    Column("due_at", Moment, nullable=False),
    Column("started_at", Moment),
    Column("as_of", Moment),
    Column("proven", Boolean),
    PrimaryKeyConstraint("panel_id", "stream", "plan"),
    Index(None, "due_at"),
)

runs = Table(
    "runs",
    metadata,
    panel_key(),
    Column("number", BigInteger, nullable=False),
    Column("stream", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("done", Boolean),
    Column("proven", Boolean),
    Column("calls", Integer, nullable=False, server_default="0"),
    Column("read", BigInteger, nullable=False, server_default="0"),
    Column("new", BigInteger, nullable=False, server_default="0"),
    Column("changed", BigInteger, nullable=False, server_default="0"),
    Column("set_aside", BigInteger, nullable=False, server_default="0"),
    Column("missing", BigInteger, nullable=False, server_default="0"),
    Column("trouble", Text),
    PrimaryKeyConstraint("panel_id", "number"),
    Index(None, "panel_id", "stream", "started_at"),
)

pauses = Table(
    "pauses",
    metadata,
    panel_key(),
    Column("id", Text, nullable=False),
    Column("stream", Text),
    Column("by", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("trouble", Text),
    Column("at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", Text),
    PrimaryKeyConstraint("panel_id", "id"),
)
Index(
    "ix_pauses_running",
    pauses.c.panel_id,
    sqlite_where=text("ended_at IS NULL"),
    postgresql_where=text("ended_at IS NULL"),
)


def observation() -> list[Column[Any]]:
    """How a row was seen: the columns that every mirrored table has."""
    return [
        Column("observed", BigInteger, nullable=False),
        Column("digest", BigInteger, nullable=False),
        Column("fields", BigInteger, nullable=False),
        Column("first_seen_at", Moment, nullable=False),
        Column("seen_at", Moment, nullable=False),
    ]


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
    PrimaryKeyConstraint("panel_id", "id"),
    Index(None, "panel_id", "created_at", "id"),
    Index(None, "panel_id", "status", "created_at", "id"),
    Index(None, "panel_id", "service_id", "created_at", "id"),
    Index(None, "panel_id", "user", "created_at", "id"),
    Index(None, "panel_id", "provider_order_id"),
    sqlite_with_rowid=False,
)
Index("ix_orders_open", orders.c.panel_id, orders.c.id, sqlite_where=OPEN, postgresql_where=OPEN)

order_flips = Table(
    "order_flips",
    metadata,
    panel_key(),
    Column("order_id", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("was", Text, nullable=False),
    Column("now", Text, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("not_after", Moment, nullable=False),
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

set_aside = Table(
    "set_aside",
    metadata,
    panel_key(),
    Column("stream", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("panel_id", "stream", "record_id"),
)

staff = Table(
    "staff",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("username", Text, nullable=False),
    Column("folded", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("all_panels", Boolean, nullable=False),
    Column("language", Text),
    Column("time_zone", Text),
    Column("theme", Text, nullable=False, server_default="auto"),
    Column("density", Text, nullable=False, server_default="compact"),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
)

staff_panels = Table(
    "staff_panels",
    metadata,
    panel_key(),
    Column("staff_id", Integer, ForeignKey("staff.id"), nullable=False),
    PrimaryKeyConstraint("panel_id", "staff_id"),
    Index(None, "staff_id"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("staff_id", Integer, ForeignKey("staff.id"), nullable=False),
    Column("csrf", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("address", Text, nullable=False),
    Column("device", Text, nullable=False),
    Index(None, "staff_id"),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("folded", Text, nullable=False),
    Column("network", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("succeeded", Boolean, nullable=False),
    Index(None, "folded", "at"),
    Index(None, "network", "at"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("panel_id", Integer),
    Column("target", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    UniqueConstraint("hash"),
    Index(None, "at"),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

MIRRORED = {"orders": orders, "services": services}
"""The table of each stream."""

PANEL_OWNED = frozenset(
    {panels, panel_secrets, budgets, feeds, plans, runs, pauses, orders, order_flips, services, set_aside}
)
"""Rows that a person sees only for their allowed panels: read through hyperpanel.db.scope."""
