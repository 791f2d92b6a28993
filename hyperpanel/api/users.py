"""Customers as a Perfect Panel tells them. A panel tells no single one: `ids` or `username` finds them."""

from functools import lru_cache

import msgspec
from litestar import get

from hyperpanel.api import parameters
from hyperpanel.api.callers import Calling
from hyperpanel.api.listing import Asking
from hyperpanel.api.mirrored import MOST_IDS, Kind, Question, View, given, listed, since, spellings, until, words
from hyperpanel.api.parameters import CreatedFrom, CreatedTo, Email, Ids
from hyperpanel.api.wording import local, money, number
from hyperpanel.client.envelopes import Listed
from hyperpanel.client.records import CustomRate, Discount, User
from hyperpanel.db import users
from hyperpanel.db.users import Record


class Rate(msgspec.Struct, frozen=True):
    """As it is kept."""

    service_id: str
    service_name: str | None = None
    rate: str | None = None
    percent: bool = False


RATES = msgspec.json.Decoder(list[Rate])


def row(view: View, one: Record) -> User:
    zone = view.zones[one.panel_id]
    created, there = local(one.created_at, zone), local(one.last_auth_at, zone)
    return User(
        number(one.id),
        view.names[one.panel_id],
        view.as_of(one.panel_id),
        one.username,
        one.email,
        money(one.balance, one.balance_currency),
        money(one.spent, one.spent_currency),
        one.status_raw,
        one.status,
        *created,
        *there,
        None if one.discount is None else Discount(one.discount),
        rates(one.custom_rates),
    )


@lru_cache(maxsize=1024)
def rates(kept: str | None) -> tuple[CustomRate, ...]:
    """Most customers have none."""
    if not kept:
        return ()
    told = RATES.decode(kept)
    return tuple(CustomRate(number(one.service_id), one.service_name, one.rate, int(one.percent)) for one in told)


KIND: Kind[User] = Kind(
    "users", users.ASKED, {"created-at-desc": ("created", True), "created-at-asc": ("created", False)}, row
)


@get("/users", name="users.index", opt={"scope": "users:read"})
async def index(
    caller: Calling,
    asked: Asking,
    sort: parameters.CreatedSort = "created-at-desc",
    username: parameters.Username = None,
    email: Email = None,
    ids: Ids = None,
    created_from: CreatedFrom = None,
    created_to: CreatedTo = None,
) -> Listed[User]:
    """Customers, the newest first."""
    filters = given(
        number=words(ids, "ids", MOST_IDS),
        username=username,
        email=spellings(email),
        created_from=since(created_from),
        created_to=until(created_to),
    )
    return await listed(caller, asked, Question(KIND, filters, sort))
