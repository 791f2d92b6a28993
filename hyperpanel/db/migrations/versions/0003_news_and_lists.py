"""News for open pages, and the orders in which users, services and payments are listed."""

import sqlalchemy as sa
from alembic import op

from hyperpanel.db import types
from hyperpanel.db.discounts import numeric

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    what_open_pages_are_told()
    lists_in_other_orders()
    sums_of_a_customer()


def what_open_pages_are_told() -> None:
    op.create_table(
        "news",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("arrived", sa.Integer(), nullable=False),
        sa.Column("ids", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_news_panel_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_news")),
        sqlite_autoincrement=True,
    )


def lists_in_other_orders() -> None:
    op.create_index("ix_services_number", "services", ["panel_id", sa.text("length(id)"), "id", "gone_at"])
    op.create_index("ix_users_number", "users", ["panel_id", sa.text("length(id)"), "id", "gone_at"])
    op.create_index("ix_users_discount", "users", ["panel_id", numeric(sa.column("discount")), "id", "gone_at"])
    op.create_index("ix_users_lowered", "users", ["panel_id", sa.text("lower(username)")])
    for columns in (("last_auth_at",), ("balance_currency", "balance"), ("spent_currency", "spent")):
        whole = ["panel_id", *columns, "id", "gone_at"]
        op.create_index(op.f(f"ix_users_{'_'.join(whole)}"), "users", whole)
    amount = ["panel_id", "amount_currency", "amount", "id", "gone_at"]
    op.create_index(op.f(f"ix_payments_{'_'.join(amount)}"), "payments", amount)


def sums_of_a_customer() -> None:
    """The index by which a customer's orders are listed holds what they are added up by as well."""
    name = op.f("ix_orders_panel_id_user_created_at_id_gone_at")
    op.drop_index(name, "orders")
    listed, summed = ["user", "created_at", "id", "gone_at"], ["status", "service_id", "charge_currency", "charge"]
    op.create_index(name, "orders", ["panel_id", *listed, *summed])
