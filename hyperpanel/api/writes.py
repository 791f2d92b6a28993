"""What a Perfect Panel lets scripts change, refused: nothing of it is read, and nothing is sent to any panel.

A `*/pull` feeds workers and may mark the orders that it hands out as taken; a console never takes work away from them, and never will.
"""

from collections.abc import Sequence

from litestar import post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from hyperpanel.api.asking import ANY
from hyperpanel.api.errors import NotBuilt
from hyperpanel.client.envelopes import Refusal

NOT_YET = (
    "The console does not write to panels yet: that waits for the engine which makes it safe to. "
    "Nothing was changed or sent. Call the panel itself."
)
NEVER = "A console never takes work from the workers of a panel, so it does not pull. Nothing was changed or sent. Call the panel itself."
WRITES = {
    "/orders/update": "Statuses, remains and start counts of orders.",
    "/orders/resend": "Orders sent to their provider once more.",
    "/orders/change-status": "The status of orders.",
    "/orders/request-cancel": "Asking providers to cancel orders.",
    "/orders/cancel": "Orders canceled and refunded.",
    "/cancel/reject": "Requests to cancel, rejected.",
    "/refill/change-status": "The status of refills.",
    "/payments/add": "A payment added to a customer's balance.",
    "/users/add": "A new customer.",
    "/tickets/add": "A new ticket.",
}
OF_ONE = {
    "/orders/{record_id:str}/edit-link": "An order's link.",
    "/orders/{record_id:str}/set-partial": "An order ended in part.",
    "/tickets/{record_id:str}/reply": "A reply to a ticket.",
}
PULLS = {
    "/orders/pull": "Work for the workers of orders.",
    "/cancel/pull": "Work for the workers of cancellations.",
    "/refill/pull": "Work for the workers of refills.",
}


def named(path: str) -> str:
    """`orders.edit_link`, of an address."""
    noun, *_, verb = path.strip("/").split("/")
    return f"{noun}.{verb.replace('-', '_')}"


def refusing(path: str, about: str, why: str) -> HTTPRouteHandler:
    @post(
        path, name=named(path), opt={"scope": ANY}, status_code=501, description=f"{about} {why}", sync_to_thread=False
    )
    def refuse() -> Refusal:
        raise NotBuilt(why)

    return refuse


def refusing_of_one(path: str, about: str, why: str) -> HTTPRouteHandler:
    @post(
        path, name=named(path), opt={"scope": ANY}, status_code=501, description=f"{about} {why}", sync_to_thread=False
    )
    def refuse(record_id: FromPath[str]) -> Refusal:
        raise NotBuilt(why)

    return refuse


ROUTES: Sequence[HTTPRouteHandler] = (
    *(refusing(path, about, NOT_YET) for path, about in WRITES.items()),
    *(refusing_of_one(path, about, NOT_YET) for path, about in OF_ONE.items()),
    *(refusing(path, about, NEVER) for path, about in PULLS.items()),
)
