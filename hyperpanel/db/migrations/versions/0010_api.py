"""What the admin API keeps: keys with their panels, how much each was used lately, and the changes that scripts follow."""

import sqlalchemy as sa
from alembic import op

from hyperpanel.db import types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    api_keys()
    api_key_panels()
    api_uses()
    changes()
    op.add_column("plans", sa.Column("source_as_of", types.Moment(), nullable=True))


def api_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("all_panels", sa.Boolean(), nullable=False),
        sa.Column("addresses", sa.Text(), server_default="", nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("follows", sa.Text(), nullable=True),
        sa.Column("created_at", types.Moment(), nullable=False),
        sa.Column("expires_at", types.Moment(), nullable=False),
        sa.Column("revoked_at", types.Moment(), nullable=True),
        sa.Column("last_used_at", types.Moment(), nullable=True),
        sa.Column("last_used_from", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_api_keys_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
    )
    op.create_index(op.f("ix_api_keys_staff_id"), "api_keys", ["staff_id"], unique=False)


def api_key_panels() -> None:
    op.create_table(
        "api_key_panels",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["api_keys.id"], name=op.f("fk_api_key_panels_key_id")),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_api_key_panels_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "key_id", name=op.f("pk_api_key_panels")),
    )
    op.create_index(op.f("ix_api_key_panels_key_id"), "api_key_panels", ["key_id"], unique=False)


def api_uses() -> None:
    op.create_table(
        "api_uses",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("free_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_api_uses")),
    )


def changes() -> None:
    op.create_table(
        "changes",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("written", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("ids", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_changes_panel_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_changes_written_number"), "changes", ["written", "number"], unique=False)
    by_panel = ["panel_id", "written", "number"]
    op.create_index(op.f("ix_changes_panel_id_written_number"), "changes", by_panel, unique=False)
