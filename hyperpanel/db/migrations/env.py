"""Alembic's entry: one transaction a migration, and time-outs, so that a migration never waits behind a long query with all others behind it."""

from alembic import context
from sqlalchemy import create_engine, event

from hyperpanel.db.engine import begin_write, prepare_writer
from hyperpanel.db.schema import metadata

LOCK_TIMEOUT = "3s"
STATEMENT_TIMEOUT = "15min"


def run() -> None:
    engine = create_engine(context.config.attributes["url"])
    on_sqlite = engine.dialect.name == "sqlite"
    if on_sqlite:
        event.listen(engine, "connect", prepare_writer)
        event.listen(engine, "begin", begin_write)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=on_sqlite,
            transaction_per_migration=True,
            user_module_prefix="types.",
        )
        with context.begin_transaction():
            if not on_sqlite:
                connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
                connection.exec_driver_sql(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'")
            context.run_migrations()
    engine.dispose()


run()
