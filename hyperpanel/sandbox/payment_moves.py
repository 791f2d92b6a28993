"""Changes made to payments by hand, for tests: they come, go on, go back and vanish, all at the clock's now."""

from random import Random

import msgspec

from hyperpanel.sandbox.between import Many
from hyperpanel.sandbox.panel import Panel
from hyperpanel.sandbox.paying import COMPLETED, DAY, EXPIRED, FAIL, HOLD, PENDING, UNDERPAID
from hyperpanel.sandbox.picks import New, Which, chance, named, some


class Move(msgspec.Struct, forbid_unknown_fields=True):
    """So many open ones go a step on, or just these do; with `reopen`, one in twenty is a completed one that fails now."""

    count: Many = 1
    ids: tuple[str, ...] = ()
    reopen: bool = False


def create(panel: Panel, asked: New) -> list[str]:
    panel.settle()
    payments, random = panel.payments, _chance(panel)
    first = len(payments)
    for _ in range(asked.count):
        who = panel.users.who[panel.users.anybody(random)]
        payments.add([payments.till.paid(random, who, payments.now)])
    return _ids(panel, list(range(first, len(payments))))


def move(panel: Panel, asked: Move) -> list[str]:
    panel.settle()
    payments, random = panel.payments, _chance(panel)
    back = _came(panel, random, max(1, asked.count // 20)) if asked.reopen else []
    wanted = max(0, asked.count - len(back))
    places = named(asked.ids, payments.place) if asked.ids else some(random, payments.open(), wanted)
    for place in places:
        _on(panel, place, random)
    for place in back:
        payments.end(place, FAIL)
    return _ids(panel, places + back)


def _came(panel: Panel, random: Random, count: int) -> list[int]:
    came = [place for place, state in enumerate(panel.payments.state) if state == COMPLETED]
    return some(random, came[-1000:], count)


def _on(panel: Panel, place: int, random: Random) -> None:
    payments, luck = panel.payments, random.random()
    if payments.state[place] <= PENDING and luck < 0.25:
        payments.hold(place, HOLD if luck < 0.15 else UNDERPAID, payments.now + int(5 * DAY * random.random()) + 60)
    else:
        payments.end(place, COMPLETED if luck < 0.7 else EXPIRED if luck < 0.85 else FAIL)


def delete(panel: Panel, asked: Which) -> list[str]:
    """The money stays where it went."""
    panel.reckon()
    payments, random = panel.payments, _chance(panel)
    places = named(asked.ids, payments.place) if asked.ids else some(random, payments.live(), asked.count)
    for place in places:
        payments.delete(place)
    return _ids(panel, places)


def _chance(panel: Panel) -> Random:
    panel.payments.moves += 1
    return chance(panel, "payment moves", panel.payments.moves)


def _ids(panel: Panel, places: list[int]) -> list[str]:
    return [str(panel.payments.ids[place]) for place in places]
