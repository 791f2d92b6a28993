"""The tables of people: who they are, what panels are theirs, their sessions and attempts to sign in, and what everybody did."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from hyperpanel.db.table_parts import metadata, panel_key
from hyperpanel.db.types import Moment

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
    Column("translates_to", Text),
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
    Index(None, "action", "id"),
    Index(None, "actor", "id"),
    Index(None, "panel_id", "id"),
)
