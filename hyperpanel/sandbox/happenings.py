"""What happens to the lists while they are read: after each page that was answered, as a test has set it."""

from collections.abc import Callable
from typing import Any

from hyperpanel.sandbox import moves, payment_moves, service_moves, ticket_moves, user_moves
from hyperpanel.sandbox.between import Between
from hyperpanel.sandbox.panel import Panel
from hyperpanel.sandbox.picks import New, Which

QUIET = Between()
A_FEW = 2
WORLDS = {  # what a fault of the world pulls in the list that was answered
    "rows_inserted": ("new", "add"),
    "rows_changed": ("move", "change"),
    "rows_deleted": ("delete", "remove"),
}
Change = tuple[str, Callable[[Panel, Any], object], Callable[[int], object]]

# By stream: the count in `Between`, what is pulled that often, and how it is asked.
CHANGES: dict[str, tuple[Change, ...]] = {
    "orders": (("new", moves.create, int), ("move", moves.move, int), ("delete", moves.delete, int)),
    "users": (
        ("new", user_moves.create, New),
        ("move", user_moves.move, Which),
        ("rename", user_moves.rename, user_moves.Rename),
        ("delete", user_moves.delete, Which),
    ),
    "payments": (
        ("new", payment_moves.create, New),
        ("move", payment_moves.move, payment_moves.Move),
        ("delete", payment_moves.delete, Which),
    ),
    "tickets": (
        ("new", ticket_moves.create, New),
        ("reply", ticket_moves.reply, ticket_moves.Reply),
        ("edit", ticket_moves.edit, ticket_moves.Edit),
        ("move", ticket_moves.move, Which),
        ("delete", ticket_moves.delete, Which),
    ),
    "services": (
        ("change", service_moves.change, Which),
        ("add", service_moves.add, New),
        ("remove", service_moves.remove, Which),
    ),
}


def before_a_page(panel: Panel, stream: str, fault: str) -> None:
    """Faults that change what is so, and what is answered then is so."""
    match fault:
        case "user_renamed":
            user_moves.rename(panel, user_moves.Rename())
        case "message_edited":
            ticket_moves.edit(panel, ticket_moves.Edit())
        case "id_reused":
            ticket_moves.reuse(panel) if stream == "tickets" else moves.reuse(panel)


def _at_once(panel: Panel, stream: str, count: int) -> None:
    """So many that came in one second."""
    if stream == "orders":
        moves.create(panel, count, seconds=0)
    else:
        _, create, asked = CHANGES[stream][0]
        create(panel, asked(count))


def after_a_page(panel: Panel, stream: str, fault: str | None = None, limit: int = 0) -> None:
    """`limit` is how many rows were asked for at once."""
    for verb, pull, asked in CHANGES[stream]:
        if verb in WORLDS.get(fault or "", ()):
            pull(panel, asked(A_FEW))
    if fault == "burst":
        _at_once(panel, stream, limit + 1)
    between = panel.between
    if between == QUIET:
        return
    for name in CHANGES if between.any_page else (stream,):
        for field, pull, asked in CHANGES[name]:
            count = getattr(between if name == "orders" else getattr(between, name), field)
            if count:
                pull(panel, asked(count))
