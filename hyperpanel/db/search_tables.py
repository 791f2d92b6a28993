"""The tables by which parts of texts are found: a number for each record that has texts, and what has yet to be looked at.

The trigrams themselves are in `grams` on PostgreSQL, and on SQLite in a virtual table for each stream, whose rows have these numbers and go
with their record's by a trigger. Neither database keeps a text a second time.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    TableClause,
    Text,
    UniqueConstraint,
    column,
    table,
)

from hyperpanel.db.table_parts import metadata, panel_key

texts = Table(
    "texts",
    metadata,
    panel_key(),
    Column("stream", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("digest", BigInteger, nullable=False),
    Column("grams", ARRAY(Integer).with_variant(Text, "sqlite")),
    PrimaryKeyConstraint("panel_id", "stream", "record_id"),
    UniqueConstraint("number"),
    sqlite_with_rowid=False,
)
"""`number`: the larger, the newer the record (hyperpanel.db.search_texts). `digest`: of the folded texts that are indexed."""

Index("ix_texts_grams", texts.c.grams, postgresql_using="gin").ddl_if(dialect="postgresql")

text_queue = Table(
    "text_queue",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    panel_key(),
    Column("stream", Text, nullable=False),
    Column("ids", Text),
    Column("after", Text),
    Column("rows", Integer, nullable=False),
    sqlite_autoincrement=True,
)
"""Records whose texts are new, another, or gone: their `ids` (JSON), or all of a stream behind the id `after`. `rows`: how many they are."""

OWNED_SEARCH = frozenset({texts, text_queue})


def grams_of(stream: str) -> TableClause:
    """SQLite's index of a stream's texts. Its own name is a column too, by which it is asked."""
    name = f"grams_of_{stream}"
    return table(name, column("rowid"), column("panel"), column("text"), column(name))
