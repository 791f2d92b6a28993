"""The words for an order's state, as numbers small enough for one byte an order."""

STATUSES = ("awaiting", "pending", "in_progress", "processing", "completed", "partial", "canceled", "fail", "error")
AWAITING, PENDING, IN_PROGRESS, PROCESSING, COMPLETED, PARTIAL, CANCELED, FAIL, ERROR = range(9)
DELETED = 9
OPEN = frozenset((AWAITING, PENDING, IN_PROGRESS, PROCESSING))
WAITING = frozenset((AWAITING, PENDING))
RUNNING = frozenset((IN_PROGRESS, PROCESSING))
CODES = {word: code for code, word in enumerate(STATUSES)}
TITLES = {
    "awaiting": "Awaiting", "pending": "Pending", "in_progress": "In progress", "processing": "Processing",
    "completed": "Completed", "partial": "Partial", "canceled": "Canceled", "fail": "Fail", "error": "Error",
}  # fmt: skip
