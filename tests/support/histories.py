"""Orders with a past: what was read of each, and when, by chance; and the rows that a database holds of them at any moment.

Their remains never change: what they were is not kept, so no report of a past moment can know it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from tests.support.staged import NOON, mirrored

MINUTE = timedelta(minutes=1)
DONE = ("completed", "partial")
STATUSES = ("pending", "in_progress", "processing", "canceled", "fail", "odd-one", *DONE, *DONE)


@dataclass(frozen=True)
class History:
    """`read`: when, and with which status; the first is when the order was created."""

    id: str
    panel: str
    service_id: str
    quantity: int
    read: list[tuple[datetime, str]]
    gone_at: datetime | None

    def row(self, at: datetime) -> dict[str, Any]:
        seen = [one for one in self.read if one[0] <= at]
        status = seen[-1][1]
        finished = dict(zip(("finished_from", "finished_at"), finish(seen), strict=True))
        told = {
            "service_id": self.service_id,
            "quantity": self.quantity,
            "status": status,
            "remains": self.quantity // 4,
        }
        row = mirrored("orders", self.id, self.panel, created_at=self.read[0][0], service_name="", **told, **finished)
        return row | {"gone_at": self.gone_at if self.gone_at and self.gone_at <= at else None}

    def flips(self, at: datetime) -> Iterator[dict[str, Any]]:
        panel_id = self.row(at)["panel_id"]
        seen = [one for one in self.read if one[0] <= at]
        for number, ((before, was), (after, now)) in enumerate(pairwise(seen), start=1):
            told = {"was": was, "now": now, "not_before": before, "not_after": after}
            yield {"panel_id": panel_id, "order_id": self.id, "number": number, **told}


def finish(seen: list[tuple[datetime, str]]) -> tuple[datetime | None, datetime | None]:
    """Between the last time that it was seen running and the first that it was seen done."""
    if seen[-1][1] not in DONE:
        return None, None
    since = len(seen) - 1
    while since and seen[since - 1][1] in DONE:
        since -= 1
    return (seen[since - 1][0], seen[since][0]) if since else (None, seen[0][0])


def histories(chance: Random, number: int, services: int = 4) -> list[History]:
    """Of the days around noon; none moves after the second day."""
    return [history(chance, str(1000 + one), services) for one in range(number)]


def history(chance: Random, id: str, services: int) -> History:
    moments = [NOON - chance.randrange(48 * 60) * MINUTE]
    for _ in range(chance.choice((0, 1, 1, 2, 2, 3, 5))):
        moments.append(moments[-1] + chance.randrange(1, 20 * 60) * MINUTE)
    statuses = [chance.choice(STATUSES) if chance.random() < 0.1 else "pending"]
    for _ in moments[1:]:
        statuses.append(chance.choice([one for one in STATUSES if one != statuses[-1]]))
    gone = moments[-1] + chance.randrange(1, 30 * 60) * MINUTE if chance.random() < 0.1 else None
    read = list(zip(moments, statuses, strict=True))
    service = str(170 + chance.randrange(services))
    return History(id, chance.choice(("eu-1", "us-2")), service, chance.choice((100, 400, 1000)), read, gone)
