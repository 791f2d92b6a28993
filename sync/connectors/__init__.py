"""The vendors that can be spoken to, by kind."""

from collections.abc import Callable

from sync.connectors.base import Access, Connector
from sync.connectors.hyperpanel import Hyperpanel
from sync.connectors.perfect_panel import PerfectPanel

CONNECTORS: dict[str, Callable[[Access], Connector]] = {"perfect_panel": PerfectPanel, "hyperpanel": Hyperpanel}
