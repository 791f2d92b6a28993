"""What the admin API keeps: keys and the panels they may see, how much each has been used lately, and the changes that scripts follow."""

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
)

from hyperpanel.db.table_parts import metadata, panel_key
from hyperpanel.db.types import Moment

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("all_panels", Boolean, nullable=False),
    Column("addresses", Text, nullable=False, server_default=""),
    Column("per_minute", Integer, nullable=False),
    Column("staff_id", Integer, ForeignKey("staff.id")),
    Column("follows", Text),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("last_used_at", Moment),
    Column("last_used_from", Text),
    Index(None, "staff_id"),
)
"""`id`: the part of a key that may be shown; `hash`: SHA-256 of the whole; `scopes` and `addresses`: words with spaces between (no address: from
anywhere); `staff_id`: whose rights bound it, None for one that was made by a command; `follows`: the key that it takes the place of."""

api_key_panels = Table(
    "api_key_panels",
    metadata,
    panel_key(),
    Column("key_id", Text, ForeignKey("api_keys.id"), nullable=False),
    PrimaryKeyConstraint("panel_id", "key_id"),
    Index(None, "key_id"),
)

api_uses = Table(
    "api_uses",
    metadata,
    Column("name", Text, primary_key=True),
    Column("free_at", BigInteger, nullable=False),
)
"""How far ahead of the clock each key, or each address that sent wrong ones, has run: the moment in microseconds at which all that was taken
has been earned again."""

changes = Table(
    "changes",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    panel_key(),
    Column("stream", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("written", BigInteger, nullable=False, server_default="0"),
    Column("ids", Text, nullable=False),
    Index(None, "written", "number"),
    Index(None, "panel_id", "written", "number"),
    sqlite_autoincrement=True,
)
"""A row for each commit that made, changed or ended records: JSON of their ids, kept for some days. `written`: on PostgreSQL the number of the
transaction, since one with a lower number of ours may become visible after one with a higher (hyperpanel.db.changes); on SQLite 0."""

OWNED_API = frozenset({api_key_panels, changes})
