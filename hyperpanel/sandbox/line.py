"""What happens to whoever connects, before a panel can say a word: no such name, nobody there, no answer, a certificate that does not hold.

A plain HTTP server cannot do any of it, so whoever connects asks `panel.line.strike(host)` before each new connection and does what the
fault's kind says. Over real sockets that is a network backend beneath the client's own, in process the transport itself; either way it is
set and counted with all other faults of the panel.
"""

from hyperpanel.sandbox.faults import Fault, Faults


class Line:
    """The way to one panel."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def strike(self, host: str) -> Fault | None:
        """What the next connection meets; None: it is made. A fault whose `path` is not in the host waits for another."""
        return self._faults.connect(host)
