"""A console whose panel eu-1 may ask a model, which is the sandbox's canned one over real HTTP; and one ticket with two orders."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hyperpanel.db import ai_providers
from hyperpanel.db.ai_providers import Chosen, PanelUse, Provider
from hyperpanel.sandbox import ai_server
from hyperpanel.sandbox.ai_records import Bench
from tests.support.conversations import filled, heard, said, ticket
from tests.support.customers import customer
from tests.support.staged import NOON, PANELS, VAULT, Browser, order

LINES = "application/x-ndjson"


@dataclass
class Model:
    """`asked`: the messages that reached it."""

    bench: Bench
    address: str

    @property
    def asked(self) -> list[str]:
        return [json.dumps(one.body["messages"], ensure_ascii=False) for one in self.bench.asked if one.body]


@contextmanager
def model() -> Iterator[Model]:
    bench = Bench(time.time)
    with ai_server.alone(bench) as address:
        yield Model(bench, f"{address}/_ai/openai/v1")


async def set_up(stage: Any, of: Model | None, *on: str, hides: bool = False, **budgets: Any) -> None:
    """Without a model nothing is set up; `on`: panels whose tickets may be sent."""
    uses = [(PANELS[name], PanelUse(is_on=True, hides_personal=hides)) for name in on]
    async with stage.database.write() as connection:
        if of is not None:
            sealed = VAULT.seal(of.bench.key, ai_providers.place("compatible"))
            given = Provider("compatible", of.address, True, "canned", sealed, of.bench.key[-4:], None, None)
            await ai_providers.put(connection, given, "ana", NOON)
            await ai_providers.choose(connection, Chosen(main="compatible", **budgets), None, "ana", NOON)
        await ai_providers.switch(connection, uses, "ana", NOON)


async def one_ticket(stage: Any, number: str = "255", name: str = "kadir") -> None:
    """Of somebody on eu-1; it names an order of theirs, one of ayşe's, and one of their namesake's on another panel."""
    asked = ticket(number, user=name, user_id="7007")
    changes: dict[str, Any] = {
        "service_name": "Followers [1K/Day] R30",
        "quantity": 5000,
        "remains": 1400,
        "status": "in_progress",
    }
    await filled(
        stage,
        tickets=[asked, ticket("9900", "us-2", subject="secret of us-2")],
        messages=[
            said(1, "<p>siparişim 2274209 nerede? 2274210, 2274211</p>", number),
            said(2, "bakıyoruz", number, is_staff=True, sender="Destek"),
            said(1, "another panel's words", "9900", "us-2"),
        ],
        threads=[heard(asked["fields"], number, messages=2)],
        users=[customer("7007", username=name), customer("7008", username="ayşe_2")],
        orders=[
            order("2274209", user=name, **changes),
            order("2274210", user="ayşe_2", service_name="secret of ayşe"),
            order("2274211", "us-2", user=name),
        ],
    )


async def analyze(browser: Browser, panel: str = "eu-1", ticket: str = "255", **more: str) -> list[dict[str, str]]:
    """The lines of the answer."""
    answer = await browser.post(
        "/tickets/analyze", data={"panel": panel, "ticket": ticket, **more}, headers={"Accept": LINES}
    )
    assert answer.status_code == 200, answer.status_code
    return [json.loads(line) for line in answer.text.splitlines() if line]
