"""The tables of the daily tools: notes, reported services, descriptions, announcements, invitations, saved views, exports, and what is searched.

What belongs to one person (notes, views, exports) is theirs by `staff_id`; what belongs to a panel leads with its id.
"""

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
    text,
)

from hyperpanel.db.table_parts import metadata, panel_key
from hyperpanel.db.types import Moment

NUMBER = BigInteger().with_variant(Integer, "sqlite")


def whose() -> Column[int]:
    return Column("staff_id", Integer, ForeignKey("staff.id"), nullable=False)


notes = Table(
    "notes",
    metadata,
    Column("id", NUMBER, primary_key=True),
    whose(),
    Column("panel_id", Integer, ForeignKey("panels.id")),
    Column("noun", Text),
    Column("record_id", Text),
    Column("body", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("deleted_at", Moment),
    Index(None, "staff_id", "updated_at", "id"),
    Index("ix_notes_about", "staff_id", "panel_id", "noun", "record_id"),
    Index(None, "panel_id"),
    Index(None, "deleted_at"),
)
"""One person's own. `noun`: orders, users, tickets or services; `record_id`: the row that it is about. A note by itself has neither, nor a
panel. One with `deleted_at` can be brought back for a while."""

service_reports = Table(
    "service_reports",
    metadata,
    panel_key(),
    Column("id", Text, nullable=False),
    Column("service_id", Text, nullable=False),
    Column("service_name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("resolved_at", Moment),
    Column("resolved_by", Text),
    Column("resolution", Text),
    PrimaryKeyConstraint("panel_id", "id"),
    Index(None, "at", "panel_id", "id"),
    Index(None, "panel_id", "service_id"),
)
Index(
    "ix_service_reports_open",
    service_reports.c.panel_id,
    service_reports.c.service_id,
    service_reports.c.at,
    service_reports.c.id,
    sqlite_where=text("resolved_at IS NULL"),
    postgresql_where=text("resolved_at IS NULL"),
)

descriptions = Table(
    "descriptions",
    metadata,
    panel_key(),
    Column("service_id", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("updated_by", Text, nullable=False),
    PrimaryKeyConstraint("panel_id", "service_id"),
)
"""What staff wrote of a service: the upstream has no such text. A service need not be in the catalogue yet."""

imports = Table(
    "imports",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("valid_only", Boolean, nullable=False),
    Column("counts", Text, nullable=False),
    Column("panels", Integer, nullable=False),
    Column("result", LargeBinary, nullable=False),
    Index(None, "at", "id"),
)
"""Files that were taken in. `counts`: JSON, how many rows were new, changed, unchanged, left out. `panels`: of how many panels it had rows.
`result`: what became of each row, as packed CSV."""

import_panels = Table(
    "import_panels",
    metadata,
    panel_key(),
    Column("import_id", NUMBER, ForeignKey("imports.id"), nullable=False),
    PrimaryKeyConstraint("panel_id", "import_id"),
    Index(None, "import_id"),
)
"""The panels whose rows a file had: its result is for those who may see all of them."""

announcements = Table(
    "announcements",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("tone", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("until", Moment),
    Column("edited_at", Moment),
    Column("edited_by", Text),
    Column("ended_at", Moment),
    Column("ended_by", Text),
    Index(None, "at", "id"),
)

announcement_reads = Table(
    "announcement_reads",
    metadata,
    Column("announcement_id", NUMBER, ForeignKey("announcements.id"), nullable=False),
    whose(),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("announcement_id", "staff_id"),
    Index(None, "staff_id"),
)

invites = Table(
    "invites",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("token_hash", LargeBinary, nullable=False),
    whose(),
    Column("purpose", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("revoked_at", Moment),
    UniqueConstraint("token_hash"),
    Index(None, "staff_id"),
)
"""Links that let somebody choose their password, once. `purpose`: join or reset. Only the SHA-256 of the token is here."""

staff_names = Table(
    "staff_names",
    metadata,
    panel_key(),
    whose(),
    Column("name", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("panel_id", "staff_id"),
    Index(None, "staff_id"),
)
"""What somebody is called in a panel, where that is not their username."""

seen_names = Table(
    "seen_names",
    metadata,
    panel_key(),
    Column("name", Text, nullable=False),
    Column("last_at", Moment, nullable=False),
    PrimaryKeyConstraint("panel_id", "name"),
)
"""The names under which staff answered in a panel lately; an errand writes them down, since no page may look through a panel's messages."""

views = Table(
    "views",
    metadata,
    Column("id", NUMBER, primary_key=True),
    whose(),
    Column("noun", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("deleted_at", Moment),
    UniqueConstraint("staff_id", "noun", "folded"),
    Index(None, "shared"),
)
"""A list's filters, sort, columns and panels under a name. `noun`: which list; `query`: that part of its address, with panels by their ids.
One that was deleted stays for a day, to be taken back."""

exports = Table(
    "exports",
    metadata,
    Column("id", Text, primary_key=True),
    whose(),
    Column("noun", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("panels", Text, nullable=False),
    Column("permissions", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("rows", BigInteger, nullable=False, server_default="0"),
    Column("of_rows", BigInteger),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("size", BigInteger),
    Column("holder", Text),
    Column("seen_at", Moment),
    Column("problem", Text),
    Column("at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index(None, "staff_id", "at"),
    Index(None, "state", "at"),
)
"""Large exports, made in the background. `panels` (JSON, ids) and `permissions` (JSON): what one must still be allowed for the file. `state`:
waiting, running, done, failed or stopped; the file is named by the id."""

OWNED_TOOLS = frozenset({service_reports, descriptions, import_panels, staff_names, seen_names})
