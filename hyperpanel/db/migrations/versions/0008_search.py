"""What parts of texts are found by. What is held already is not indexed here: it is queued, and a worker indexes it while everything runs."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STREAMS = ("orders", "users", "payments", "tickets", "services")


def upgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    texts()
    text_queue()
    op.create_index("ix_users_mailed", "users", ["panel_id", sa.text("lower(email)")])
    for statement in SQLITE if on_sqlite else POSTGRESQL:
        op.execute(statement)
    op.execute(
        "INSERT INTO text_queue (panel_id, stream, rows) "  # noqa: S608 -- the names above
        f"SELECT panel_id, stream, cached FROM feeds WHERE stream IN {STREAMS} AND cached > 0 ORDER BY panel_id, stream"
    )


def texts() -> None:
    op.create_table(
        "texts",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.Column("grams", sa.ARRAY(sa.Integer()).with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_texts_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "stream", "record_id", name=op.f("pk_texts")),
        sa.UniqueConstraint("number", name=op.f("uq_texts_number")),
        sqlite_with_rowid=False,
    )


def text_queue() -> None:
    op.create_table(
        "text_queue",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("ids", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_text_queue_panel_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_text_queue")),
        sqlite_autoincrement=True,
    )


SQLITE = [
    statement
    for stream in STREAMS
    for statement in (
        f"CREATE VIRTUAL TABLE grams_of_{stream} USING fts5(panel, text, content='', contentless_delete=1, detail=none, "
        "tokenize='trigram case_sensitive 1')",
        f"CREATE TRIGGER texts_of_{stream}_gone AFTER DELETE ON texts WHEN old.stream = '{stream}' BEGIN "  # noqa: S608 -- the names above
        f"DELETE FROM grams_of_{stream} WHERE rowid = old.number; END",
    )
]
POSTGRESQL = [
    # What waits to be merged into the index is looked through by every search, so it is kept short.
    "CREATE INDEX ix_texts_grams ON texts USING gin (grams) WITH (gin_pending_list_limit = 512)",
]
