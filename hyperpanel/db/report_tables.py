"""The tables of reports: how somebody wants to see them, what was put aside and why, and what they said before.

Figures themselves are made afresh from the mirror; only scores by the hour are kept, for the line beside them.
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
    UniqueConstraint,
    text,
)

from hyperpanel.db.table_parts import metadata, panel_key
from hyperpanel.db.types import Moment

profiles = Table(
    "profiles",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("created_by", Text, nullable=False),
    UniqueConstraint("kind", "folded"),
)
"""A way of looking at a report. `kind`: services or users. `settings`: JSON, as hyperpanel.support.profiles reads it."""

snoozes = Table(
    "snoozes",
    metadata,
    panel_key(),
    Column("id", Text, nullable=False),
    Column("service_id", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("until", Moment),
    Column("wakes", Text, nullable=False),
    Column("hours", Float, nullable=False),
    Column("stuck_after", Float, nullable=False),
    Column("multiplier", Float, nullable=False),
    Column("min_orders", Integer, nullable=False),
    Column("score", Float),
    Column("stuck", BigInteger, nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", Text),
    Column("ended_why", Text),
    Column("ended_score", Float),
    Column("ended_stuck", BigInteger),
    PrimaryKeyConstraint("panel_id", "id"),
)
"""A service that nobody wants to be told about for now. `wakes`: time, recovered or worse; `hours`, `stuck_after` (hours), `multiplier` and
`min_orders` are those of the report that it was put aside in, `score` (unbounded, null where not scored) and `stuck` what that said then;
`ended_score` and `ended_stuck` what it said when it woke."""

Index(
    "ix_snoozes_running",
    snoozes.c.panel_id,
    snoozes.c.service_id,
    unique=True,
    sqlite_where=text("ended_at IS NULL"),
    postgresql_where=text("ended_at IS NULL"),
)

service_speeds = Table(
    "service_speeds",
    metadata,
    panel_key(),
    Column("service_id", Text, nullable=False),
    Column("per_day", BigInteger),
    Column("name", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("panel_id", "service_id"),
)
"""The minimum speed that a person set, in place of what the name says. Null: it promises none. `name`: what the service was called then."""

service_scores = Table(
    "service_scores",
    metadata,
    panel_key(),
    Column("service_id", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("stuck", BigInteger, nullable=False),
    Column("slow", BigInteger, nullable=False),
    Column("rated", BigInteger, nullable=False),
    Column("finished", BigInteger, nullable=False),
    Column("score", Float),
    Column("band", Text),
    PrimaryKeyConstraint("panel_id", "service_id", "at"),
    Index(None, "panel_id", "at"),
    sqlite_with_rowid=False,
)
"""What the report of the last 24 hours said, by the usual measure. `rated`: finished orders whose speed is known; `score` unbounded,
null where there were too few orders."""

URGENT = text("band IN ('critical', 'stalled')")
Index(
    "ix_service_scores_urgent",
    *(service_scores.c[name] for name in ("panel_id", "at", "service_id", "stuck")),
    sqlite_where=URGENT,
    postgresql_where=URGENT,
)

disputes = Table(
    "disputes",
    metadata,
    panel_key(),
    Column("ticket_id", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("flag", Text, nullable=False),
    Column("staff", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("decision", Text),
    Column("decided_by", Text),
    Column("decided_why", Text),
    Column("decided_at", Moment),
    PrimaryKeyConstraint("panel_id", "ticket_id", "message_id", "flag"),
)
"""A flag on a reply that somebody says is not deserved. `flag`: quick or repeated; `staff`: whose reply; `decision`: stands or lifted."""

schedules = Table(
    "schedules",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("report", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("staff_id", Integer, ForeignKey("staff.id"), nullable=False),
    Column("every", Text, nullable=False),
    Column("at_minute", Integer, nullable=False),
    Column("weekday", Integer),
    Column("time_zone", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("is_paused", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("claimed_until", Moment),
    Column("ran_at", Moment),
    Column("trouble", Text),
    Index(None, "due_at"),
)
"""A report made by the clock and kept as a file, of the panels that its person may see. `every`: day or week; `at_minute`: of the local day;
`claimed_until`: while one worker makes it, no other does."""

schedule_files = Table(
    "schedule_files",
    metadata,
    Column("schedule_id", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("format", Text, nullable=False),
    Column("panels", Text, nullable=False),
    Column("as_of", Moment),
    Column("on_time", Integer, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    PrimaryKeyConstraint("schedule_id", "at"),
    sqlite_with_rowid=False,
)
"""A file that a schedule left, of the window that ended `at`. `panels`: their ids, as JSON; how many of them were `on_time`, and `as_of` when
the oldest of their data was right; `size` in bytes."""

outages = Table(
    "outages",
    metadata,
    Column("at", Moment, primary_key=True, autoincrement=False),
    Column("found", Text, nullable=False),
)
"""Providers that were inferred to be down when the worker last looked: one row. `found`: what each panel has of each, as JSON."""

OWNED_REPORTS = frozenset({snoozes, service_speeds, service_scores, disputes})
"""Those that belong to a panel."""
