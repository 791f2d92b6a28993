"""The statuses that reports speak of: what still runs, and what has ended well (SPEC F74, D5)."""

RUNNING = ("awaiting", "in_progress", "pending", "processing")
"""An order with one of these, and something left to deliver, waits for its provider."""

FINISHED = frozenset({"completed", "partial"})
"""Partial is finished at what was delivered; canceled is not."""
