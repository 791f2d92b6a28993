"""The budget's calls in flight, latency and probes; plans that are paced; settings of syncing as rows; records that retention lets go of."""

import sqlalchemy as sa
from alembic import op

from hyperpanel.db import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    budgets()
    runs()
    plans()
    watched()
    settings()
    erasures()


def budgets() -> None:
    for name in ("told_until", "failing_since", "down_since", "probe_at"):
        op.add_column("budgets", sa.Column(name, types.Moment(), nullable=True))
    for name in ("flying", "waiting"):
        op.add_column("budgets", sa.Column(name, sa.Text(), nullable=False, server_default="[]"))
    op.add_column("budgets", sa.Column("latency", sa.Text(), nullable=True))
    op.add_column("budgets", sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))


def runs() -> None:
    """A fault is looked for among millions of runs."""
    op.create_index(
        "ix_runs_faults",
        "runs",
        ["started_at"],
        sqlite_where=sa.text("trouble IS NOT NULL"),
        postgresql_where=sa.text("trouble IS NOT NULL"),
    )


def plans() -> None:
    for name in ("usual", "every", "cost"):
        op.add_column("plans", sa.Column(name, sa.Float(), nullable=True))
    for name in ("why", "pulse"):
        op.add_column("plans", sa.Column(name, sa.Text(), nullable=True))
    for name in ("heard_at", "asked_at"):
        op.add_column("plans", sa.Column(name, types.Moment(), nullable=True))


def watched() -> None:
    """Orders that open tickets name are read ahead of others: due now, as a new panel's plans are."""
    op.execute(
        "INSERT INTO plans (panel_id, stream, plan, due_at) "
        "SELECT panel_id, stream, 'watch', due_at FROM plans WHERE stream = 'orders' AND plan = 'head'"
    )


def set_by_people() -> list[sa.Column[object]]:
    return [
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
    ]


def settings() -> None:
    op.create_table(
        "sync_defaults",
        *set_by_people(),
        sa.PrimaryKeyConstraint("stream", "name", name=op.f("pk_sync_defaults")),
    )
    op.create_table(
        "sync_overrides",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        *set_by_people(),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_sync_overrides_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "stream", "name", name=op.f("pk_sync_overrides")),
    )


def erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("before", types.Moment(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("erased", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("ended_at", types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_erasures_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "id", name=op.f("pk_erasures")),
    )
