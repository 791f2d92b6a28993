"""How many records are held by status, and what they come to, counted once; from here on every page keeps it (hyperpanel.db.tallies)."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STREAMS = {
    "orders": ("charge", "charge_currency"),
    "payments": ("amount", "amount_currency"),
    "users": ("balance", "balance_currency"),
    "tickets": ("NULL", "NULL"),
}
UNIT = 100_000_000


def upgrade() -> None:
    op.create_table(
        "tallies",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("whole", sa.BigInteger(), nullable=False),
        sa.Column("parts", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_tallies_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "stream", "status", "currency", name=op.f("pk_tallies")),
        sqlite_with_rowid=False,
    )
    for stream, (amount, currency) in STREAMS.items():
        op.execute(counted(stream, amount, currency))


def counted(stream: str, amount: str, currency: str) -> str:
    units = f"COALESCE({amount}, 0)"
    return (
        "INSERT INTO tallies (panel_id, stream, status, currency, held, whole, parts) "  # noqa: S608 -- the names above
        f"SELECT panel_id, '{stream}', status, CASE WHEN {amount} IS NULL THEN '' ELSE COALESCE({currency}, '') END, "
        f"COUNT(*), SUM({units} / {UNIT}), SUM({units} % {UNIT}) FROM {stream} WHERE gone_at IS NULL GROUP BY 1, 2, 3, 4"
    )
