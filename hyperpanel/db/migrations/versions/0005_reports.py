"""When orders finished, the indexes that reports are read from, and what is kept of reports: profiles, snoozes, speeds, scores, disputes."""

import sqlalchemy as sa
from alembic import op

from hyperpanel.db import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

RUNNING = "status IN ('awaiting', 'in_progress', 'pending', 'processing') AND COALESCE(remains, quantity, 1) > 0"
FINISHED = "status IN ('completed', 'partial')"
INDEXES = {
    "ix_orders_panel_id_created_at_id_gone_at": (
        "panel_id created_at id gone_at user service_id provider charge_currency charge provider_charge_currency provider_charge",
        None,
    ),
    "ix_orders_waiting": (
        "panel_id service_id created_at provider charge_currency charge gone_at status remains quantity",
        RUNNING,
    ),
    "ix_orders_finished": (
        "panel_id finished_at service_id finished_from created_at status quantity remains provider gone_at",
        "finished_at IS NOT NULL",
    ),
}


def upgrade() -> None:
    op.add_column("panels", sa.Column("order_digits", sa.Integer(), nullable=True))
    when_orders_finished()
    owned_by_panels()
    of_people()


def when_orders_finished() -> None:
    """As hyperpanel.db.finishes has it: between the two reads of the last change from open to done; else before it was first seen, at its last
    update if that can be, and if not it is taken to be of the time of its creation and not to be observed."""
    for name in ("finished_from", "finished_at"):
        op.add_column("orders", sa.Column(name, types.Moment(), nullable=True))
    last = (
        "SELECT {} FROM order_flips AS f WHERE f.panel_id = orders.panel_id AND f.order_id = orders.id AND "
        "f.now IN ('completed', 'partial') AND f.was NOT IN ('completed', 'partial') ORDER BY f.number DESC LIMIT 1"
    )
    op.execute(
        f"UPDATE orders SET finished_from = ({last.format('not_before')}), finished_at = ({last.format('not_after')}) "  # noqa: S608
        f"WHERE {FINISHED} AND EXISTS ({last.format('1')})"
    )
    op.execute(
        f"UPDATE orders SET finished_from = last_update_at, finished_at = last_update_at WHERE {FINISHED} AND "  # noqa: S608
        "(last_update_at BETWEEN finished_from AND finished_at OR finished_at IS NULL AND "
        "last_update_at BETWEEN COALESCE(created_at, last_update_at) AND first_seen_at)"
    )
    month = "2678400000000" if op.get_bind().dialect.name == "sqlite" else "interval '31 days'"
    op.execute(
        f"UPDATE orders SET finished_at = created_at WHERE {FINISHED} AND finished_at IS NULL "  # noqa: S608
        f"AND created_at >= first_seen_at - {month}"
    )
    op.drop_index(op.f("ix_orders_panel_id_created_at_id_gone_at"), "orders")
    for name, (columns, where) in INDEXES.items():
        only = sa.text(where) if where else None
        op.create_index(name, "orders", columns.split(), sqlite_where=only, postgresql_where=only)


def owned_by_panels() -> None:
    op.create_table(
        "snoozes",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("until", types.Moment(), nullable=True),
        sa.Column("wakes", sa.Text(), nullable=False),
        sa.Column("hours", sa.Float(), nullable=False),
        sa.Column("stuck_after", sa.Float(), nullable=False),
        sa.Column("multiplier", sa.Float(), nullable=False),
        sa.Column("min_orders", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("stuck", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", types.Moment(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.Column("ended_score", sa.Float(), nullable=True),
        sa.Column("ended_stuck", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_snoozes_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "id", name=op.f("pk_snoozes")),
    )
    runs = sa.text("ended_at IS NULL")
    columns = ["panel_id", "service_id"]
    op.create_index("ix_snoozes_running", "snoozes", columns, unique=True, sqlite_where=runs, postgresql_where=runs)
    op.create_table(
        "service_speeds",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("per_day", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_service_speeds_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "service_id", name=op.f("pk_service_speeds")),
    )
    op.create_table(
        "service_scores",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("stuck", sa.BigInteger(), nullable=False),
        sa.Column("slow", sa.BigInteger(), nullable=False),
        sa.Column("rated", sa.BigInteger(), nullable=False),
        sa.Column("finished", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("band", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_service_scores_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "service_id", "at", name=op.f("pk_service_scores")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_service_scores_panel_id_at"), "service_scores", ["panel_id", "at"])
    urgent = sa.text("band IN ('critical', 'stalled')")
    op.create_index(
        "ix_service_scores_urgent",
        "service_scores",
        ["panel_id", "at", "service_id", "stuck"],
        sqlite_where=urgent,
        postgresql_where=urgent,
    )
    op.create_table(
        "disputes",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("flag", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_why", sa.Text(), nullable=True),
        sa.Column("decided_at", types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_disputes_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "ticket_id", "message_id", "flag", name=op.f("pk_disputes")),
    )


def of_people() -> None:
    op.create_table(
        "profiles",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("created_at", types.Moment(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profiles")),
        sa.UniqueConstraint("kind", "folded", name=op.f("uq_profiles_kind_folded")),
    )
    op.create_table(
        "schedules",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("every", sa.Text(), nullable=False),
        sa.Column("at_minute", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("is_paused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", types.Moment(), nullable=False),
        sa.Column("due_at", types.Moment(), nullable=False),
        sa.Column("claimed_until", types.Moment(), nullable=True),
        sa.Column("ran_at", types.Moment(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_schedules_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
    )
    op.create_index(op.f("ix_schedules_due_at"), "schedules", ["due_at"])
    op.create_table(
        "outages",
        sa.Column("at", types.Moment(), autoincrement=False, nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("at", name=op.f("pk_outages")),
    )
    op.create_table(
        "schedule_files",
        sa.Column("schedule_id", sa.Text(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("panels", sa.Text(), nullable=False),
        sa.Column("as_of", types.Moment(), nullable=True),
        sa.Column("on_time", sa.Integer(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("schedule_id", "at", name=op.f("pk_schedule_files")),
        sqlite_with_rowid=False,
    )
