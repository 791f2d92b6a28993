"""Small worlds of orders for what is inferred from deliveries: providers that work, pause, limp and die, read at even intervals."""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TIME = pl.Datetime("us", "UTC")
SCHEMA: dict[str, Any] = {
    "panel_id": pl.Int64, "id": pl.String, "service_id": pl.String, "provider": pl.String, "status": pl.String,
    "created_at": TIME, "finished_from": TIME, "finished_at": TIME, "quantity": pl.Int64, "remains": pl.Int64,
    "charge": pl.Int64, "charge_currency": pl.String,
}  # fmt: skip
STEP = 0.1
NEVER: tuple[datetime | None, datetime | None] = (None, None)


@dataclass(frozen=True)
class World:
    """Hours throughout. `paces`: how fast a provider has been since so many hours ago, as a share of usual; `broken` the same for one service of
    one panel; `late`: how far behind a panel is read; `night`: the share of usual between midnight and seven."""

    panels: int = 2
    services: int = 6
    providers: int = 3
    hourly: float = 2.0
    days: int = 5
    read_every: float = 1 / 6
    night: float = 1.0
    batch: float = 0.0
    paces: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    broken: Mapping[tuple[int, str], float] = field(default_factory=dict)
    late: Mapping[int, float] = field(default_factory=dict)
    gives_up: bool = False

    def orders(self, seed: int = 1) -> pl.DataFrame:
        chance = random.Random(seed)
        rows = [row for panel in range(1, self.panels + 1) for row in self.of_panel(panel, chance)]
        return pl.DataFrame(rows, schema=SCHEMA, orient="row")

    def of_panel(self, panel: int, chance: random.Random) -> list[tuple[Any, ...]]:
        return [row for number in range(self.services) for row in self.of_service(panel, number, chance)]

    def of_service(self, panel: int, number: int, chance: random.Random) -> list[tuple[Any, ...]]:
        service, provider = f"s{number}", f"prov-{(number + panel) % self.providers}"
        usual, rows = math.exp(chance.gauss(0.4, 0.6)), list[tuple[Any, ...]]()
        begun = -24.0 * self.days + chance.expovariate(self.hourly)
        while begun < -self.late.get(panel, 0.0):
            quantity = int(10 ** chance.uniform(2, 4))
            work = usual * (quantity / 1000) ** 0.6 * math.exp(chance.gauss(0, 0.5))
            ended = self.finish(panel, service, provider, begun, work)
            rows.append(self.row(f"{panel}-{number}-{len(rows)}", panel, service, provider, quantity, begun, ended))
            begun += chance.expovariate(self.hourly)
        return rows

    def finish(self, panel: int, service: str, provider: str, begun: float, work: float) -> float | None:
        at = begun
        while at < 0:
            done = self.pace(panel, service, provider, at) * STEP
            if done >= work:
                ended = at + STEP * work / done
                return math.ceil(ended / self.batch) * self.batch if self.batch else ended
            at, work = at + STEP, work - done
        return None

    def pace(self, panel: int, service: str, provider: str, at: float) -> float:
        since, share = self.paces.get(provider, (0.0, 1.0))
        if at > -self.broken.get((panel, service), 0.0):
            return 0.0
        is_night = (NOW + timedelta(hours=at)).hour < 7
        return (share if at > -since else 1.0) * (self.night if is_night else 1.0)

    def row(
        self, id: str, panel: int, service: str, provider: str, quantity: int, begun: float, ended: float | None
    ) -> tuple[Any, ...]:
        seen = None if ended is None else math.ceil(ended / self.read_every) * self.read_every
        if seen is None or ended is None or seen > -self.late.get(panel, 0.0):
            status = "canceled" if self.gives_up and begun < -1 else "in_progress"
            bounds, remains = NEVER, quantity
        else:
            status, bounds, remains = "completed", (moment(max(begun, seen - self.read_every)), moment(seen)), 0
        currency = "USD" if panel % 2 else "EUR"
        return (
            panel,
            id,
            service,
            provider,
            status,
            moment(begun),
            *bounds,
            quantity,
            remains,
            quantity * 10,
            currency,
        )


def moment(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def order(created: float, finished: tuple[float, float] | None = None, **changes: Any) -> dict[str, Any]:
    """One row; `created` and the bounds of its finish in hours before now."""
    bounds = [None, None] if finished is None else [moment(-hours) for hours in finished]
    made = {
        "panel_id": 1,
        "id": "1",
        "service_id": "s",
        "provider": "prov-0",
        "quantity": 1000,
        "remains": 0 if finished else 1000,
    }
    made |= {"status": "completed" if finished else "in_progress", "charge": 100, "charge_currency": "USD"}
    return {**made, "created_at": moment(-created), "finished_from": bounds[0], "finished_at": bounds[1], **changes}  # fmt: skip


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([{name: row[name] for name in SCHEMA} for row in rows], schema=SCHEMA, orient="row")
