"""What every table shares: the naming of constraints, the panel's key, and how a mirrored row was seen."""

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, Text

from hyperpanel.db.types import Moment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def panel_key() -> Column[int]:
    return Column("panel_id", Integer, ForeignKey("panels.id"), nullable=False)


def observation() -> list[Column[Any]]:
    """How a row was seen: the columns that every mirrored table has. `gone_at`: when it was found to be no longer there, and why."""
    return [
        Column("observed", BigInteger, nullable=False),
        Column("digest", BigInteger, nullable=False),
        Column("fields", BigInteger, nullable=False),
        Column("first_seen_at", Moment, nullable=False),
        Column("seen_at", Moment, nullable=False),
        Column("gone_at", Moment),
        Column("gone_why", Text),
    ]


def span() -> list[Column[Any]]:
    """When something changed: after the old was last seen, and no later than the new was first seen."""
    return [Column("not_before", Moment, nullable=False), Column("not_after", Moment, nullable=False)]
