"""Users, payments, tickets and messages, the history of names and prices, and what sweeps find missing."""

import sqlalchemy as sa
from alembic import op

from hyperpanel.db import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FEEDS = {
    "orders": ("sweep",),
    "users": ("head", "refresh", "backfill", "sweep"),
    "payments": ("head", "refresh", "backfill", "sweep"),
    "tickets": ("head", "refresh", "backfill", "sweep"),
    "messages": ("head", "refresh", "backfill", "sweep"),
}
"""What the panels of before have from now on; their connectors could read no more then."""


def upgrade() -> None:
    what_was_read()
    what_sweeps_find()
    what_was_there_before()
    for stream, plans in FEEDS.items():
        begin_reading(stream, plans)


def what_was_read() -> None:
    op.create_table(
        "message_versions",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("files", sa.Text(), nullable=True),
        sa.Column("not_before", types.Moment(), nullable=False),
        sa.Column("not_after", types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_message_versions_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "ticket_id", "message_id", "number", name=op.f("pk_message_versions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "messages",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=True),
        sa.Column("is_staff", sa.Boolean(), nullable=False),
        sa.Column("is_unread", sa.Boolean(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("files", sa.Text(), nullable=True),
        sa.Column("created_at", types.Moment(), nullable=True),
        sa.Column("missed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("observed", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.Column("fields", sa.BigInteger(), nullable=False),
        sa.Column("first_seen_at", types.Moment(), nullable=False),
        sa.Column("seen_at", types.Moment(), nullable=False),
        sa.Column("gone_at", types.Moment(), nullable=True),
        sa.Column("gone_why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_messages_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "ticket_id", "id", name=op.f("pk_messages")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_messages_panel_id_created_at"), ["panel_id", "created_at"], unique=False)

    op.create_table(
        "payments",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=True),
        sa.Column("user_id", sa.Text(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("amount_currency", sa.Text(), nullable=True),
        sa.Column("balance", sa.BigInteger(), nullable=True),
        sa.Column("balance_currency", sa.Text(), nullable=True),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_raw", sa.Text(), nullable=False),
        sa.Column("memo", sa.Text(), nullable=True),
        sa.Column("fraud_risk", sa.Text(), nullable=True),
        sa.Column("mode", sa.Text(), nullable=True),
        sa.Column("created_at", types.Moment(), nullable=True),
        sa.Column("updated_at", types.Moment(), nullable=True),
        sa.Column("observed", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.Column("fields", sa.BigInteger(), nullable=False),
        sa.Column("first_seen_at", types.Moment(), nullable=False),
        sa.Column("seen_at", types.Moment(), nullable=False),
        sa.Column("gone_at", types.Moment(), nullable=True),
        sa.Column("gone_why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_payments_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "id", name=op.f("pk_payments")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.create_index(
            "ix_payments_open",
            ["panel_id", "id"],
            unique=False,
            sqlite_where=sa.text("status NOT IN ('canceled', 'completed', 'expired', 'fail', 'failed', 'refunded')"),
            postgresql_where=sa.text(
                "status NOT IN ('canceled', 'completed', 'expired', 'fail', 'failed', 'refunded')"
            ),
        )
        batch_op.create_index(
            batch_op.f("ix_payments_panel_id_created_at_id_gone_at"),
            ["panel_id", "created_at", "id", "gone_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_payments_panel_id_status_created_at_id_gone_at"),
            ["panel_id", "status", "created_at", "id", "gone_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_payments_panel_id_user_created_at_id_gone_at"),
            ["panel_id", "user", "created_at", "id", "gone_at"],
            unique=False,
        )

    op.create_table(
        "service_changes",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("name_was", sa.Text(), nullable=False),
        sa.Column("name_now", sa.Text(), nullable=False),
        sa.Column("rate_was", sa.BigInteger(), nullable=True),
        sa.Column("rate_now", sa.BigInteger(), nullable=True),
        sa.Column("not_before", types.Moment(), nullable=False),
        sa.Column("not_after", types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_service_changes_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "service_id", "number", name=op.f("pk_service_changes")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "threads",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Text(), nullable=False),
        sa.Column("read_for", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.Column("observed", sa.BigInteger(), nullable=False),
        sa.Column("read_at", types.Moment(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("retry_at", types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_threads_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "ticket_id", name=op.f("pk_threads")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tickets",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=True),
        sa.Column("user_id", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_raw", sa.Text(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("is_read", sa.Boolean(), nullable=True),
        sa.Column("created_at", types.Moment(), nullable=True),
        sa.Column("last_update_at", types.Moment(), nullable=True),
        sa.Column("observed", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.Column("fields", sa.BigInteger(), nullable=False),
        sa.Column("first_seen_at", types.Moment(), nullable=False),
        sa.Column("seen_at", types.Moment(), nullable=False),
        sa.Column("gone_at", types.Moment(), nullable=True),
        sa.Column("gone_why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_tickets_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "id", name=op.f("pk_tickets")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.create_index(
            "ix_tickets_open",
            ["panel_id", "id"],
            unique=False,
            sqlite_where=sa.text("status NOT IN ('closed', 'locked')"),
            postgresql_where=sa.text("status NOT IN ('closed', 'locked')"),
        )
        batch_op.create_index(
            batch_op.f("ix_tickets_panel_id_created_at_id_gone_at"),
            ["panel_id", "created_at", "id", "gone_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_tickets_panel_id_last_update_at_id_gone_at"),
            ["panel_id", "last_update_at", "id", "gone_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_tickets_panel_id_status_last_update_at_id_gone_at"),
            ["panel_id", "status", "last_update_at", "id", "gone_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_tickets_panel_id_user_created_at_id_gone_at"),
            ["panel_id", "user", "created_at", "id", "gone_at"],
            unique=False,
        )

    op.create_table(
        "user_renames",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("now", sa.Text(), nullable=False),
        sa.Column("not_before", types.Moment(), nullable=False),
        sa.Column("not_after", types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_user_renames_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "user_id", "number", name=op.f("pk_user_renames")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("user_renames", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_renames_panel_id_was"), ["panel_id", "was"], unique=False)

    op.create_table(
        "users",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("balance", sa.BigInteger(), nullable=True),
        sa.Column("balance_currency", sa.Text(), nullable=True),
        sa.Column("spent", sa.BigInteger(), nullable=True),
        sa.Column("spent_currency", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_raw", sa.Text(), nullable=False),
        sa.Column("discount", sa.Text(), nullable=True),
        sa.Column("custom_rates", sa.Text(), nullable=True),
        sa.Column("created_at", types.Moment(), nullable=True),
        sa.Column("last_auth_at", types.Moment(), nullable=True),
        sa.Column("observed", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.Column("fields", sa.BigInteger(), nullable=False),
        sa.Column("first_seen_at", types.Moment(), nullable=False),
        sa.Column("seen_at", types.Moment(), nullable=False),
        sa.Column("gone_at", types.Moment(), nullable=True),
        sa.Column("gone_why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_users_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "id", name=op.f("pk_users")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_users_panel_id_created_at_id_gone_at"),
            ["panel_id", "created_at", "id", "gone_at"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_users_panel_id_username"), ["panel_id", "username"], unique=False)


def what_sweeps_find() -> None:
    op.create_table(
        "absences",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("sweep", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", types.Moment(), nullable=False),
        sa.Column("agreed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_absences_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "stream", "record_id", name=op.f("pk_absences")),
    )
    op.create_table(
        "hints",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_hints_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "username", name=op.f("pk_hints")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hints", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_hints_panel_id_number_username"), ["panel_id", "number", "username"], unique=False
        )

    op.create_table(
        "holds",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("of_rows", sa.BigInteger(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_holds_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "id", name=op.f("pk_holds")),
    )
    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_holds_panel_id_stream_kind"), ["panel_id", "stream", "kind"], unique=False)

    op.create_table(
        "sweeps",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("started_at", types.Moment(), nullable=False),
        sa.Column("ended_at", types.Moment(), nullable=False),
        sa.Column("proven", sa.Boolean(), nullable=False),
        sa.Column("read", sa.BigInteger(), nullable=False),
        sa.Column("missed", sa.BigInteger(), nullable=False),
        sa.Column("differed", sa.BigInteger(), nullable=False),
        sa.Column("absent", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_sweeps_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "stream", "number", name=op.f("pk_sweeps")),
    )


def what_was_there_before() -> None:
    """Lists pass over what is gone by their index alone, so the indexes of orders are made anew."""
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("gone_at", types.Moment(), nullable=True))
        batch_op.add_column(sa.Column("gone_why", sa.Text(), nullable=True))
        batch_op.drop_index(batch_op.f("ix_orders_panel_id_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_orders_panel_id_service_id_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_orders_panel_id_status_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_orders_panel_id_user_created_at_id"))
        batch_op.create_index(
            batch_op.f("ix_orders_panel_id_created_at_id_gone_at"),
            ["panel_id", "created_at", "id", "gone_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_orders_panel_id_service_id_created_at_id_gone_at"),
            ["panel_id", "service_id", "created_at", "id", "gone_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_orders_panel_id_status_created_at_id_gone_at"),
            ["panel_id", "status", "created_at", "id", "gone_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_orders_panel_id_user_created_at_id_gone_at"),
            ["panel_id", "user", "created_at", "id", "gone_at"],
            unique=False,
        )

    with op.batch_alter_table("panels", schema=None) as batch_op:
        batch_op.add_column(sa.Column("group_name", sa.Text(), nullable=True))

    with op.batch_alter_table("services", schema=None) as batch_op:
        batch_op.add_column(sa.Column("gone_at", types.Moment(), nullable=True))
        batch_op.add_column(sa.Column("gone_why", sa.Text(), nullable=True))

    with op.batch_alter_table("set_aside", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("dismissed_at", types.Moment(), nullable=True))
        batch_op.add_column(sa.Column("dismissed_by", sa.Text(), nullable=True))
        batch_op.create_index(
            "ix_set_aside_listed", ["first_at", "panel_id", "stream", "record_id", "dismissed_at"], unique=False
        )
        batch_op.create_index(
            "ix_set_aside_open",
            ["panel_id", "stream"],
            unique=False,
            sqlite_where=sa.text("dismissed_at IS NULL"),
            postgresql_where=sa.text("dismissed_at IS NULL"),
        )
        batch_op.create_index(
            "ix_set_aside_dismissed",
            ["panel_id", "stream"],
            unique=False,
            sqlite_where=sa.text("dismissed_at IS NOT NULL"),
            postgresql_where=sa.text("dismissed_at IS NOT NULL"),
        )


def begin_reading(stream: str, plans: tuple[str, ...]) -> None:
    """Due at once, like the feeds of a panel that is new."""
    feed = "INSERT INTO feeds (panel_id, stream) SELECT id, CAST(:stream AS TEXT) FROM panels"
    plan = (
        "INSERT INTO plans (panel_id, stream, plan, due_at) "
        "SELECT id, CAST(:stream AS TEXT), CAST(:plan AS TEXT), created_at FROM panels"
    )
    if stream != "orders":
        op.execute(sa.text(feed).bindparams(stream=stream))
    for name in plans:
        op.execute(sa.text(plan).bindparams(stream=stream, plan=name))
