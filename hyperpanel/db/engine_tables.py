"""How panels are read, as rows: the budget of each, its feeds and their plans, the runs, the pauses, the settings, and what is to be erased.

Several processes share them, so whatever one of them knows of a panel's limits stands here: the next slot, the calls in flight, who waits,
whether the panel is down.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from hyperpanel.db.table_parts import metadata, panel_key
from hyperpanel.db.types import Moment

budgets = Table(
    "budgets",
    metadata,
    Column("panel_id", Integer, ForeignKey("panels.id"), primary_key=True, autoincrement=False),
    Column("pace", Float, nullable=False),
    Column("free_at", Moment, nullable=False),
    Column("number", BigInteger, nullable=False, server_default="0"),
    Column("slowed_at", Moment),
    Column("told_until", Moment),
    Column("flying", Text, nullable=False, server_default="[]"),
    Column("waiting", Text, nullable=False, server_default="[]"),
    Column("latency", Text),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("failing_since", Moment),
    Column("down_since", Moment),
    Column("probe_at", Moment),
)
"""`pace`: calls a second at present; `told_until`: when Retry-After ends; `flying`: the calls that are out, `waiting`: who asked for a turn and
has none (both as JSON, see hyperpanel.db.budgets); `failures`: calls in a row that the panel did not answer; while it is down, one call
is made at `probe_at`."""

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
    Column("source_as_of", Moment),
    Column("proven", Boolean),
    Column("usual", Float),
    Column("every", Float),
    Column("why", Text),
    Column("cost", Float),
    Column("pulse", Text),
    Column("heard_at", Moment),
    Column("asked_at", Moment),
    PrimaryKeyConstraint("panel_id", "stream", "plan"),
    Index(None, "due_at"),
)
"""`usual`: seconds between two runs by the settings, `every`: as they are paced now, and `why` (hyperpanel.db.paces); `cost`: calls a run,
`pulse`: what is known of how often it finds news, as of `heard_at`; `asked_at`: since when a person waits for it; `source_as_of`:
the oldest moment that an answer to the run under way was as of, where the upstream holds copies itself."""

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
Index(
    "ix_runs_faults",
    runs.c.started_at,
    sqlite_where=text("trouble IS NOT NULL"),
    postgresql_where=text("trouble IS NOT NULL"),
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

sync_defaults = Table(
    "sync_defaults",
    metadata,
    Column("stream", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("value", Float, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("stream", "name"),
)
"""What is set for all panels: it stands above the settings file. Names: hyperpanel.db.sync_rules."""

sync_overrides = Table(
    "sync_overrides",
    metadata,
    panel_key(),
    Column("stream", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("value", Float, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("panel_id", "stream", "name"),
)
"""What is set for one feed: it stands above what is set for all panels."""

erasures = Table(
    "erasures",
    metadata,
    panel_key(),
    Column("id", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("before", Moment, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("erased", BigInteger, nullable=False, server_default="0"),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("ended_at", Moment),
    PrimaryKeyConstraint("panel_id", "id"),
)
"""Records that a shorter retention lets go of: created before `before`. `rows`: how many a person was told of when they agreed."""

OWNED_ENGINE = frozenset({budgets, feeds, plans, runs, pauses, sync_overrides, erasures})
