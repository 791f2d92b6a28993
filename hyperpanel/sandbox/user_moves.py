"""Changes made to users by hand, for tests: sign-ups, new names, suspensions and credits, deletions; all at the clock's now."""

from collections.abc import Sequence
from random import Random

import msgspec

from hyperpanel.sandbox.between import Many
from hyperpanel.sandbox.panel import Panel
from hyperpanel.sandbox.picks import New, Which, chance, named, some


class Rename(msgspec.Struct, forbid_unknown_fields=True):
    """So many get names of their own; or one gets this name, which another may have had."""

    count: Many = 1
    id: str | None = None
    username: str | None = None


def create(panel: Panel, asked: New) -> list[str]:
    panel.settle()
    return _ids(panel, [panel.users.sign_up() for _ in range(asked.count)])


def move(panel: Panel, asked: Which) -> list[str]:
    """Something a person could see changes on each: the state, the balance, the discount, the address, a visit."""
    random, places = _chosen(panel, asked.count, asked.ids)
    for place in places:
        _change(panel, place, random)
    return _ids(panel, places)


def _change(panel: Panel, place: int, random: Random) -> None:
    users, luck = panel.users, random.random()
    if luck < 0.2:
        users.turned ^= {place}
    elif luck < 0.6:
        unit = 10**panel.money.places * max(1, panel.money.per_usd // 100)
        users.adjusted[place] = users.adjusted.get(place, 0) + unit * random.choice((1, 5, 10, -2))
    elif luck < 0.75:
        users.discounts[place] = (panel.accounts[place].discount + random.choice((2, 5, 7))) % 50
    elif luck < 0.9:
        users.write_to(place, f"new{users.moves}.{users.ids[place]}@mail.example")
    else:
        users.auths[place] = users.now
        users.discounts[place] = panel.accounts[place].discount + 1  # a visit in this second may have been there


def rename(panel: Panel, asked: Rename) -> list[str]:
    random, places = _chosen(panel, asked.count, (asked.id,) if asked.id else ())
    if asked.username is not None and (len(places) != 1 or asked.username in panel.users.by_name):
        raise ValueError(f"username {asked.username!r} is for one user, and must be nobody's now")
    for place in places:
        name = asked.username or _free(panel, place, random)
        panel.users.rename(place, name, len(panel.orders), len(panel.payments))
    panel.write_afresh()
    return _ids(panel, places)


def _free(panel: Panel, place: int, random: Random) -> str:
    stem = panel.users.names[panel.users.who[place]].rstrip("0123456789_.-")[:20]
    while True:
        name = f"{stem}{random.choice(('_', '.', '-', ''))}{random.randrange(10_000)}"
        if panel.users.customers.logins.take(name):
            return name


def delete(panel: Panel, asked: Which) -> list[str]:
    """Their orders, payments and tickets stay, as those of somebody who is not there."""
    _, places = _chosen(panel, asked.count, asked.ids)
    for place in places:
        panel.users.delete(place)
    return _ids(panel, places)


def _chosen(panel: Panel, count: int, ids: Sequence[str]) -> tuple[Random, list[int]]:
    panel.reckon()
    users = panel.users
    users.moves += 1
    random = chance(panel, "users", users.moves)
    return random, named(ids, users.place) if ids else some(random, users.live(), count)


def _ids(panel: Panel, places: list[int]) -> list[str]:
    return [str(panel.users.ids[place]) for place in places]
