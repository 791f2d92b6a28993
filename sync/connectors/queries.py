"""What is asked of the Admin API: the query of each list, and the address of one record.

A panel ignores an unknown parameter or refuses the whole request, so each list gets only those that it is known to have.
"""

from sync.connectors.base import Ask
from sync.verdicts import Trouble

SORTS = {"orders": "date-desc", "users": "created-at-desc", "payments": "created-at-desc"}
BY_USER = {"orders": "user", "users": "username", "payments": "username", "tickets": "user"}
BY_IDS = frozenset({"orders", "users"})
BY_CREATED = frozenset({"orders"})


def params(ask: Ask) -> dict[str, str]:
    """Times are unix seconds, inclusive."""
    query = {"limit": str(ask.limit)}
    if ask.stream in SORTS:
        query["sort"] = SORTS[ask.stream]
    if ask.ids and ask.stream in BY_IDS:
        query["ids"] = ",".join(ask.ids)
    if ask.offset:
        query["offset"] = str(ask.offset)
    if ask.created_from and ask.stream in BY_CREATED:
        query["created_from"] = str(int(ask.created_from.timestamp()))
    if ask.created_to and ask.stream in BY_CREATED:
        query["created_to"] = str(int(ask.created_to.timestamp()))
    if ask.user is not None:
        query[BY_USER[ask.stream]] = ask.user
    return query


def address(stream: str, key: str) -> str:
    """Of one record. An id without a digit could name another door of the panel, `pull` among them; one with a slash could too."""
    safe = key.isascii() and key.replace("-", "").replace("_", "").isalnum() and any(map(str.isdigit, key))
    if not safe:
        raise Trouble("shape", detail=f"the id {key!r} can stand in no address")
    return f"/{stream}/{key}"
