"""How the console reaches panels: a connector for each."""

from dataclasses import dataclass, field

from hyperpanel.db import panels
from hyperpanel.db.opening import Installation
from sync.connectors import CONNECTORS
from sync.connectors.base import Access, Connector


@dataclass
class Connectors:
    """One connector a panel, made anew when its address or a key has changed."""

    installation: Installation
    made: dict[int, tuple[Access, Connector]] = field(default_factory=dict)

    async def connect(self, panel_id: int) -> Connector:
        found = self.installation
        access = await found.database.read(lambda connection: panels.access(connection, found.vault, panel_id))
        kind = await found.database.read(lambda connection: panels.kind(connection, panel_id))
        held = self.made.get(panel_id)
        if held is not None and held[0] == access:
            return held[1]
        if held is not None:
            await held[1].close()
        connector = CONNECTORS[kind](access)
        self.made[panel_id] = (access, connector)
        return connector

    async def close(self) -> None:
        for _, connector in self.made.values():
            await connector.close()
