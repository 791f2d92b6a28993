"""A file of descriptions taken in: all of its rows, the audit and the history in one transaction, or none of them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import audit, changes, descriptions, imports
from hyperpanel.db.descriptions import Description, Key
from hyperpanel.db.imports import Import
from hyperpanel.errors import Missing
from hyperpanel.support.description_files import REMOVED, WRONG, Line, counts, made
from hyperpanel.web.import_looks import KIND, State
from hyperpanel.web.import_rows import result
from hyperpanel.web.texts import LONGEST_NAME
from hyperpanel.web.uploads import Sent
from hyperpanel.web.visits import Visit


@dataclass(frozen=True)
class Prepared:
    """All that is written, made in a thread: of a large file it takes a second."""

    new: Sequence[Description]
    gone: Sequence[Key]
    counts: Mapping[str, int]
    by_panel: Mapping[int, Sequence[Line]]
    result: bytes


def prepared(visit: Visit, state: State) -> Prepared:
    by_panel: dict[int, list[Line]] = {panel_id: [] for panel_id in state.panel_ids}
    for line in state.lines:
        if line.panel_id is not None:
            by_panel[line.panel_id].append(line)
    return Prepared(
        new=made(state.lines, who(visit), visit.now),
        gone=[line.key for line in state.lines if line.became == REMOVED],
        counts=counts(state.lines),
        by_panel=by_panel,
        result=result(visit, state.lines),
    )


async def save(visit: Visit, state: State, given: Sent) -> int | None:
    """The import's number; None where since `state` was read somebody wrote a description, or removed a panel: then nothing is written."""
    all_of_it = await asyncio.to_thread(prepared, visit, state)
    try:
        return await write(visit, state, given, all_of_it)
    except Missing:
        return None


async def write(visit: Visit, state: State, given: Sent, all_of_it: Prepared) -> int | None:
    """Raises Missing where a panel is gone."""
    scope = visit.scope.narrowed(state.panel_ids)
    told = Import(0, KIND, file_name(given), who(visit), visit.now, given.valid_only, all_of_it.counts)
    async with visit.write() as transaction:
        await descriptions.only_me(transaction)
        if await transaction.run_sync(lambda connection: descriptions.versions(connection, scope)) != state.versions:
            return None
        await descriptions.put(transaction, all_of_it.new)
        await descriptions.remove(transaction, scope, all_of_it.gone)
        keys = [*(one.key for one in all_of_it.new), *all_of_it.gone]
        await changes.tell(transaction, "services", keys, visit.now)
        number = await imports.keep(transaction, told, state.panel_ids, all_of_it.result)
        await tell(transaction, visit, all_of_it, number, told.file_name)
    return number


def who(visit: Visit) -> str:
    return visit.person.username if visit.person else ""


async def tell(transaction: AsyncConnection, visit: Visit, prepared: Prepared, number: int, file: str) -> None:
    """A line of the audit for each panel; what became of each row is in the result that the number names."""
    for panel_id, lines in prepared.by_panel.items():
        found = {became: count for became, count in counts(lines).items() if count and became != WRONG}
        told = visit.act("description-import", lines[0].panel, panel_id, file=file, number=number, rows=found)
        await audit.write(transaction, told, visit.now)


def file_name(given: Sent) -> str:
    """The browser's word for it, of which nothing but a name is kept."""
    return given.name.replace("\\", "/").rpartition("/")[2][:LONGEST_NAME]
