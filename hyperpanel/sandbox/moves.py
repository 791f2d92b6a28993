"""Changes made by hand, for tests: orders that arrive, move forward, come back or vanish, all at the clock's now."""

from random import Random

from hyperpanel.sandbox.chance import rng
from hyperpanel.sandbox.panel import Panel
from hyperpanel.sandbox.providers import HOUR
from hyperpanel.sandbox.statuses import CANCELED, COMPLETED, DELETED, PARTIAL, WAITING
from hyperpanel.sandbox.world import API, MANUAL, WEB, Born

RECENT = 2000  # how far back an order may still come back


def create(panel: Panel, count: int, seconds: int = 120) -> list[int]:
    """New orders, spread over the last seconds, after all there are."""
    panel.settle()
    orders = panel.orders
    now, first = orders.now, len(orders)
    newest = orders.created[-1] if first else 0
    oldest = min(now, max(newest, now - seconds))
    random = rng(orders.world.seed, orders.world.panel, "new", first, now)
    orders.add([_made(panel, random, oldest + (now - oldest) * (place + 1) // count) for place in range(count)])
    return list(range(first, len(orders)))


def _made(panel: Panel, random: Random, created: int) -> Born:
    world = panel.orders.world
    number = random.choice([number for number in range(len(world.services)) if number not in world.shelf.gone])
    service = world.services[number]
    begin = panel.orders.now + 60 + int(random.random() * service.delay)
    quantity = random.choice(service.amounts)
    done = begin + 60 + int(quantity * service.pace)
    customer = panel.users.who[panel.users.anybody(random)]
    kind = (API if world.customers.all[customer].api else WEB) + (0 if service.provider else MANUAL)
    return Born(created, customer, number, quantity, begin, done, COMPLETED, kind)


def reuse(panel: Panel) -> list[int]:
    """The newest number comes a second time, as after a backup was restored there: another customer's order, placed now."""
    panel.settle()
    orders = panel.orders
    if not len(orders):
        return []
    orders.moves += 1
    random = rng(orders.world.seed, orders.world.panel, "again", orders.moves)
    place = orders.again(_made(panel, random, orders.now))
    panel.forget([place])
    return [place]


def move(panel: Panel, count: int, reopen: bool = False) -> list[int]:
    """Move so many open orders one step on; with `reopen`, one in fifty is a recent completed one, now canceled."""
    panel.settle()
    orders = panel.orders
    orders.moves += 1
    random = rng(orders.world.seed, orders.world.panel, "move", orders.moves)
    back = _recent(panel, max(1, count // 50)) if reopen else []
    open_ones = orders.open()
    chosen = sorted(random.sample(open_ones, min(len(open_ones), max(0, count - len(back)))))
    for place in chosen:
        _on(panel, place, random.randrange(100))
    for place in back:
        orders.outcome[place], orders.fixed[place] = CANCELED, orders.quantity[place]
        _write(panel, place)
    panel.forget(back)
    return chosen + back


def _recent(panel: Panel, count: int) -> list[int]:
    orders = panel.orders
    start = max(0, len(orders) - RECENT)
    return [place for place in range(start, len(orders)) if orders.state[place] == COMPLETED][-count:]


def _on(panel: Panel, place: int, luck: int) -> None:
    orders = panel.orders
    facts = orders.facts(place, orders.bits(place))
    if facts.status in WAITING and luck < 80:
        orders.begin[place] = orders.now
        orders.done[place] = max(orders.done[place], orders.now + HOUR)
    elif luck < 40 and (facts.remains or 0) > 1:
        orders.fixed[place] = (facts.remains or 0) * 2 // 3
    else:
        _end(panel, place, luck, facts.remains)
    _write(panel, place)


def _end(panel: Panel, place: int, luck: int, remains: int | None) -> None:
    orders = panel.orders
    orders.outcome[place] = COMPLETED if luck < 88 else PARTIAL if luck < 95 else CANCELED
    orders.begin[place] = min(orders.begin[place], orders.now)
    orders.done[place] = orders.now
    left = remains if remains is not None else orders.quantity[place]
    orders.fixed[place] = max(1, left)


def _write(panel: Panel, place: int) -> None:
    panel.orders.touched[place] = panel.orders.now
    panel.orders.refresh(place)


def delete(panel: Panel, count: int) -> list[int]:
    """Make so many orders vanish, anywhere in the list."""
    panel.settle()
    orders = panel.orders
    random = rng(orders.world.seed, orders.world.panel, "delete", orders.deleted)
    live = [place for place, state in enumerate(orders.state) if state != DELETED]
    gone = sorted(random.sample(live, min(count, len(live))))
    for place in gone:
        orders.state[place] = DELETED
    orders.deleted += len(gone)
    panel.forget(gone)
    return gone
