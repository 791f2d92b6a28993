"""Changes made to the catalogue by hand, for tests: prices and names change, services go and come, at the clock's now."""

from random import Random

from hyperpanel.sandbox.catalogue import another
from hyperpanel.sandbox.panel import Panel
from hyperpanel.sandbox.picks import New, Which, chance, named, some

MARKS = (" 🔥", " [UPDATED]", " ⚡ NEW", " | Refill 30 Days", " - SERVER 2")


def change(panel: Panel, asked: Which) -> list[str]:
    """Each gets another price, and one in three another name too."""
    random, numbers = _chosen(panel, asked)
    for number in numbers:
        one = panel.shelf.all[number]
        rate = max(1, one.rate * random.choice((80, 90, 95, 105, 110, 130)) // 100)
        name = one.name + random.choice(MARKS) if random.random() < 1 / 3 else one.name
        panel.shelf.change(number, len(panel.orders), rate + (rate == one.rate), name)
    panel.write_afresh()
    return _ids(panel, numbers)


def remove(panel: Panel, asked: Which) -> list[str]:
    """Nobody orders them any more; the orders there are stay."""
    _, numbers = _chosen(panel, asked)
    panel.shelf.gone.update(numbers)
    return _ids(panel, numbers)


def add(panel: Panel, asked: New) -> list[str]:
    random, shelf, first = _chance(panel), panel.shelf, len(panel.shelf.all)
    for _ in range(asked.count):
        providers = sorted({one.provider for one in shelf.all if one.provider})
        service = another(random, shelf.all[-1].id + random.choice((1, 1, 2, 5)), panel.money, providers)
        shelf.add(service)
        panel.orders.world.follow(service)
    panel.records.frame()
    return _ids(panel, list(range(first, len(shelf.all))))


def _chosen(panel: Panel, asked: Which) -> tuple[Random, list[int]]:
    panel.settle()
    random, shelf = _chance(panel), panel.shelf
    live = {one.id: number for number, one in enumerate(shelf.all) if number not in shelf.gone}
    return random, named(asked.ids, live.get) if asked.ids else some(random, list(live.values()), asked.count)


def _chance(panel: Panel) -> Random:
    panel.shelf.moves += 1
    return chance(panel, "service moves", panel.shelf.moves)


def _ids(panel: Panel, numbers: list[int]) -> list[str]:
    return [str(panel.shelf.all[number].id) for number in numbers]
