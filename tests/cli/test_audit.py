"""`hyperpanel audit verify`: 0 for a log that is whole, 1 for one that is not, with the row."""

import asyncio

from hyperpanel.db import audit
from hyperpanel.db.audit import Act
from tests.support.staged import NOON


def written(opened, tampered: bool = False) -> None:
    async def put() -> None:
        async with opened() as database, database.write() as connection:
            for _ in range(3):
                await audit.write(connection, Act("ana", "pause"), NOON)
            if tampered:
                await connection.exec_driver_sql("DROP TRIGGER audit_no_update")
                await connection.exec_driver_sql("UPDATE audit SET actor = 'eve' WHERE id = 2")

    asyncio.run(put())


def test_a_log_as_it_was_written_is_whole(home, opened):
    home.done("migrate")
    written(opened)
    assert "whole, as it was written: 3 rows." in home.done("audit", "verify")
    assert home.told("audit", "verify") == {"ok": True, "rows": 3, "broken_at": None}


def test_a_changed_row_is_named_and_the_command_fails(home, opened):
    home.done("migrate")
    written(opened, tampered=True)
    result = home.run("audit", "verify")
    assert result.exit_code == 1
    assert "tampered with at row 2. Before it: 1 row as written." in result.stderr
