"""Providers of AI, which of them are asked, how much may be spent, and which panels' tickets may be sent: as Settings → AI has left it.

A key lies here sealed for its provider's name alone, and goes to no other address than it was typed for: a new address lets go of it, unless it
comes with a key of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import ai_panels, ai_providers, ai_settings
from hyperpanel.db.schema import panels as known
from hyperpanel.db.scope import Scope
from hyperpanel.errors import Conflict
from hyperpanel.vault import Vault

ONE = 1
"""The id of the one row of settings."""

COMPATIBLE = "compatible"


@dataclass(frozen=True)
class Provider:
    """`address`: empty for the vendor's own; `tail`: the last characters of the key. Prices of a million tokens in US dollars scaled to 8
    decimals, None where unknown."""

    name: str
    address: str
    private: bool
    model: str
    sealed: bytes | None = field(repr=False)
    tail: str = field(repr=False)
    price_in: int | None
    price_out: int | None

    @property
    def is_ready(self) -> bool:
        """Whether it can be asked: a vendor wants a key, a server of one's own may want none."""
        return bool(self.model and (self.address if self.name == COMPATIBLE else self.sealed))


@dataclass(frozen=True)
class Chosen:
    """Names of providers, empty for none; budgets of a day, None for no limit, costs in US dollars scaled to 8 decimals."""

    main: str = ""
    fallback: str = ""
    day_tokens: int | None = None
    panel_tokens: int | None = None
    person_tokens: int | None = None
    day_cost: int | None = None
    panel_cost: int | None = None
    person_cost: int | None = None


@dataclass(frozen=True)
class PanelUse:
    """Whether a panel's tickets may be sent to a provider, and whether names, e-mails and phones are hidden first."""

    is_on: bool = False
    hides_personal: bool = False


PROVIDER = tuple(ai_providers.c[name] for name in Provider.__dataclass_fields__)
CHOSEN = tuple(ai_settings.c[name] for name in Chosen.__dataclass_fields__)
USE = tuple(ai_panels.c[name] for name in PanelUse.__dataclass_fields__)


def all_of(connection: Connection) -> dict[str, Provider]:
    """Those that have been set up, by name."""
    found = [provider_of(row) for row in connection.execute(select(*PROVIDER))]
    return {provider.name: provider for provider in found}


def provider_of(row: Any) -> Provider:
    values = dict(row._mapping)
    return Provider(**{**values, "sealed": None if values["sealed"] is None else bytes(values["sealed"])})


def chosen(connection: Connection) -> Chosen:
    row = connection.execute(select(*CHOSEN).where(ai_settings.c.id == ONE)).one_or_none()
    return Chosen(*row) if row else Chosen()


def is_set_up(connection: Connection) -> bool:
    """Whether the main provider can be asked."""
    main = all_of(connection).get(chosen(connection).main)
    return main is not None and main.is_ready


def changed_at(connection: Connection) -> datetime | None:
    """When providers or choices were changed last: whoever changes them says so, lest another's change is lost."""
    at: datetime | None = connection.scalar(select(ai_settings.c.updated_at).where(ai_settings.c.id == ONE))
    return at


def panel(connection: Connection, scope: Scope, panel_id: int) -> PanelUse:
    """A panel that nothing was said of is off."""
    row = connection.execute(scope.select(*USE).where(ai_panels.c.panel_id == panel_id)).one_or_none()
    return PanelUse(*row) if row else PanelUse()


def panels(connection: Connection, scope: Scope) -> dict[int, PanelUse]:
    """Every panel of the scope."""
    said = {row.panel_id: PanelUse(row.is_on, row.hides_personal) for row in connection.execute(using(scope))}
    return {id: said.get(id, PanelUse()) for id in connection.scalars(scope.select(known.c.id))}


def using(scope: Scope) -> Select[Any]:
    return scope.select(ai_panels.c.panel_id, *USE)


def place(name: str) -> str:
    """What a key is sealed for."""
    return f"ai/{name}"


def opened(vault: Vault, provider: Provider) -> str:
    """The key, empty where there is none: some servers of one's own want none. Raises Unusable."""
    return vault.open(provider.sealed, place(provider.name)) if provider.sealed else ""


async def put(connection: AsyncConnection, provider: Provider, by: str, now: datetime) -> None:
    """In place of what was known of this provider."""
    values = {**vars(provider), "updated_at": now, "updated_by": by}
    await upsert(connection, ai_providers, ("name",), values)


async def remove(connection: AsyncConnection, name: str) -> None:
    await connection.execute(delete(ai_providers).where(ai_providers.c.name == name))


async def choose(connection: AsyncConnection, wanted: Chosen, seen: datetime | None, by: str, now: datetime) -> None:
    """Raises Conflict where the settings are no longer those that were `seen`, by the moment of their last change. Whoever changes providers
    in the same transaction is alone with them from here."""
    values = {**vars(wanted), "updated_at": now, "updated_by": by}
    if seen is None:
        try:
            await connection.execute(insert(ai_settings).values(id=ONE, **values))
        except IntegrityError:
            raise Conflict(MEANWHILE) from None
        return
    here = update(ai_settings).where(ai_settings.c.id == ONE, ai_settings.c.updated_at == seen)
    if (await connection.execute(here.values(**values))).rowcount != 1:
        raise Conflict(MEANWHILE)


MEANWHILE = "Somebody else changed the settings of AI meanwhile. Load the page again."


async def switch(connection: AsyncConnection, uses: Iterable[tuple[int, PanelUse]], by: str, now: datetime) -> None:
    """Panels that the caller found through a scope."""
    for panel_id, use in sorted(uses, key=lambda pair: pair[0]):
        values = {"panel_id": panel_id, **vars(use), "at": now, "by": by}
        await upsert(connection, ai_panels, ("panel_id",), values)


async def upsert(connection: AsyncConnection, table: Table, key: tuple[str, ...], values: dict[str, Any]) -> None:
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    made = dialect.insert(table).values(**values)
    changed = {name: made.excluded[name] for name in values if name not in key}
    await connection.execute(made.on_conflict_do_update(index_elements=key, set_=changed))
