"""The tables. Keys of what a panel owns lead with panel_id, so that it can be sharded by panel; external ids are text.

Those that mirror upstreams' records are in `mirror`, those by which they are read in `engine_tables`, those of people in `staff_tables`,
those of reports in `report_tables`, those of daily tools in `tool_tables`, those of the API in `api_tables`. State changes that matter are
rows: pauses, holds, flips, snoozes, audit.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from hyperpanel.db.ai_tables import (
    OWNED_AI,
    ai_answers,
    ai_calls,
    ai_panels,
    ai_prompt_versions,
    ai_prompts,
    ai_providers,
    ai_report_services,
    ai_reports,
    ai_scores,
    ai_settings,
)
from hyperpanel.db.api_tables import OWNED_API, api_key_panels, api_keys, api_uses, changes
from hyperpanel.db.engine_tables import (
    OWNED_ENGINE,
    budgets,
    erasures,
    feeds,
    pauses,
    plans,
    runs,
    sync_defaults,
    sync_overrides,
)
from hyperpanel.db.mirror import (
    MIRROR,
    MIRRORED,
    OPEN,
    OPEN_PAYMENT,
    OPEN_TICKET,
    message_versions,
    messages,
    order_flips,
    orders,
    payments,
    service_changes,
    services,
    threads,
    tickets,
    user_renames,
    users,
)
from hyperpanel.db.report_tables import (
    OWNED_REPORTS,
    disputes,
    outages,
    profiles,
    schedule_files,
    schedules,
    service_scores,
    service_speeds,
    snoozes,
)
from hyperpanel.db.search_tables import OWNED_SEARCH, text_queue, texts
from hyperpanel.db.staff_tables import audit, sessions, sign_ins, staff, staff_panels
from hyperpanel.db.table_parts import metadata, panel_key
from hyperpanel.db.tool_tables import (
    OWNED_TOOLS,
    announcement_reads,
    announcements,
    descriptions,
    exports,
    import_panels,
    imports,
    invites,
    notes,
    seen_names,
    service_reports,
    staff_names,
    views,
)
from hyperpanel.db.types import Moment

__all__ = [
    "MIRRORED",
    "OPEN",
    "OPEN_PAYMENT",
    "OPEN_TICKET",
    "PANEL_OWNED",
    "absences",
    "ai_answers",
    "ai_calls",
    "ai_panels",
    "ai_prompt_versions",
    "ai_prompts",
    "ai_providers",
    "ai_report_services",
    "ai_reports",
    "ai_scores",
    "ai_settings",
    "announcement_reads",
    "announcements",
    "api_key_panels",
    "api_keys",
    "api_uses",
    "audit",
    "budgets",
    "changes",
    "descriptions",
    "disputes",
    "erasures",
    "exports",
    "feeds",
    "hints",
    "holds",
    "import_panels",
    "imports",
    "invites",
    "leases",
    "message_versions",
    "messages",
    "meta",
    "metadata",
    "news",
    "notes",
    "order_flips",
    "orders",
    "outages",
    "panel_secrets",
    "panels",
    "pauses",
    "payments",
    "plans",
    "profiles",
    "runs",
    "schedule_files",
    "schedules",
    "seen_names",
    "service_changes",
    "service_reports",
    "service_scores",
    "service_speeds",
    "services",
    "sessions",
    "set_aside",
    "sign_ins",
    "snoozes",
    "staff",
    "staff_names",
    "staff_panels",
    "sweeps",
    "sync_defaults",
    "sync_overrides",
    "tallies",
    "text_queue",
    "texts",
    "threads",
    "tickets",
    "user_renames",
    "users",
    "views",
]

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
    Column("group_name", Text),
    Column("order_digits", Integer),
)

panel_secrets = Table(
    "panel_secrets",
    metadata,
    panel_key(),
    Column("name", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    PrimaryKeyConstraint("panel_id", "name"),
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
    Column("sealed", LargeBinary),
    Column("dismissed_at", Moment),
    Column("dismissed_by", Text),
    PrimaryKeyConstraint("panel_id", "stream", "record_id"),
    Index("ix_set_aside_listed", "first_at", "panel_id", "stream", "record_id", "dismissed_at"),
)
Index(
    "ix_set_aside_open",
    set_aside.c.panel_id,
    set_aside.c.stream,
    sqlite_where=text("dismissed_at IS NULL"),
    postgresql_where=text("dismissed_at IS NULL"),
)
Index(
    "ix_set_aside_dismissed",
    set_aside.c.panel_id,
    set_aside.c.stream,
    sqlite_where=text("dismissed_at IS NOT NULL"),
    postgresql_where=text("dismissed_at IS NOT NULL"),
)

absences = Table(
    "absences",
    metadata,
    panel_key(),
    Column("stream", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("sweep", BigInteger, nullable=False),
    Column("times", Integer, nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("agreed", Boolean, nullable=False, server_default=text("false")),
    PrimaryKeyConstraint("panel_id", "stream", "record_id"),
)

holds = Table(
    "holds",
    metadata,
    panel_key(),
    Column("id", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("of_rows", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
    Column("decision", Text),
    Column("decided_by", Text),
    Column("decided_at", Moment),
    PrimaryKeyConstraint("panel_id", "id"),
    Index(None, "panel_id", "stream", "kind"),
)

sweeps = Table(
    "sweeps",
    metadata,
    panel_key(),
    Column("stream", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=False),
    Column("proven", Boolean, nullable=False),
    Column("read", BigInteger, nullable=False),
    Column("missed", BigInteger, nullable=False),
    Column("differed", BigInteger, nullable=False),
    Column("absent", BigInteger, nullable=False),
    Column("gone", BigInteger, nullable=False, server_default="0"),
    PrimaryKeyConstraint("panel_id", "stream", "number"),
)

hints = Table(
    "hints",
    metadata,
    panel_key(),
    Column("username", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    PrimaryKeyConstraint("panel_id", "username"),
    Index(None, "panel_id", "number", "username"),
    sqlite_with_rowid=False,
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

news = Table(
    "news",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    panel_key(),
    Column("stream", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("arrived", Integer, nullable=False),
    Column("ids", Text),
    sqlite_autoincrement=True,
)
"""A ring of some minutes, for open pages. Its key is the order of all panels together: a page asks "what since 4711?"."""

tallies = Table(
    "tallies",
    metadata,
    panel_key(),
    Column("stream", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("held", BigInteger, nullable=False),
    Column("whole", BigInteger, nullable=False),
    Column("parts", BigInteger, nullable=False),
    PrimaryKeyConstraint("panel_id", "stream", "status", "currency"),
    sqlite_with_rowid=False,
)
"""How many records are held, and what they come to: hyperpanel.db.tallies."""

PANEL_OWNED = (
    MIRROR
    | OWNED_REPORTS
    | OWNED_ENGINE
    | OWNED_TOOLS
    | OWNED_SEARCH
    | OWNED_AI
    | OWNED_API
    | {
        panels,
        panel_secrets,
        set_aside,
        absences,
        holds,
        sweeps,
        hints,
        news,
        tallies,
    }
)
"""Rows that a person sees only for their allowed panels: read through hyperpanel.db.scope."""
