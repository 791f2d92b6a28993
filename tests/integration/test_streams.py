"""Every stream of the sandbox's panels, read page by page through the connector alone, against the truth, whatever the panel's habits."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest

from hyperpanel.sandbox.fleet import Fleet
from hyperpanel.sandbox.server import background
from sync.connectors.base import Access, Ask
from sync.connectors.perfect_panel import PerfectPanel
from sync.money import Money
from sync.records import Message, Order, Payment, Record, Service, Ticket, User

Row = dict[str, Any]
LIMIT = 64
MONEY = {"charge", "provider_charge", "balance", "spent", "amount", "rate", "custom_rate"}
HABITS: list[Row] = [
    {},
    {
        "ids": "string",
        "amounts": "object_number",
        "never": "negative",
        "payment_user": "full",
        "messages_order": "newest",
    },
    {"amounts": "string", "never": "null", "payment_user": "string", "ticket_user": "string", "unassigned": "empty"},
    {"amounts": "number", "never": "missing", "unassigned": "missing", "no_files": "null", "user": "object"},
    {
        "timestamps": "missing",
        "payment_created_timestamp": "missing",
        "payment_updated_timestamp": "missing",
        "never": "zeros",
    },
    {"timestamps": "missing", "never": "negative", "messages_order": "newest", "created_timestamp": "missing"},
    {
        "payment_balance": "missing",
        "payment_fraud_risk": "missing",
        "payment_updated": "missing",
        "payment_updated_timestamp": "missing",
        "payment_mode": "missing",
    },
    {
        "payment_updated_timestamp": "missing",
        "tickets_order": "id",
        "users_order": "oldest",
        "payments_order": "oldest",
    },
    {
        "unknown_statuses": True,
        "unanswered": "open",
        "no_files": "missing",
        "last_update": "nowhere",
        "charge": "number",
    },
    {"unknown_filter": "refused", "count": "page", "pagination": "empty_hrefs", "error_code": "absent", "gzip": True},
    {"pagination": "absent", "error_code": "null", "page_cap": 10, "gone": "200", "service_ids": "string"},
    {"payment_user_name": "kept", "message_sender": "followed", "order_user": "followed", "service_numbers": "int"},
]


@dataclass
class Site:
    url: str
    fleet: Fleet

    @asynccontextmanager
    async def connector(self, panel: Any) -> AsyncIterator[PerfectPanel]:
        where, zone = f"{self.url}/{panel.name}", ZoneInfo(panel.time_zone)
        made = PerfectPanel(
            Access(panel.name, where, panel.currency, zone, panel.admin_key, panel.services_key, private=True)
        )
        try:
            yield made
        finally:
            await made.close()

    async def truth(self, panel: Any, stream: str) -> list[Row]:
        async with httpx2.AsyncClient(timeout=60) as client:
            answer = await client.get(f"{self.url}/_truth/{panel.name}/{stream}")
        return [exact(json.loads(line)) for line in answer.content.splitlines()]

    async def lever(self, path: str, body: Row) -> None:
        async with httpx2.AsyncClient(timeout=60) as client:
            (await client.post(f"{self.url}/_truth/{path}", json=body)).raise_for_status()


@pytest.fixture(scope="module")
def site():
    fleet = Fleet(seed=11, panels=6, orders=300, users=80, payments=120, tickets=40, rate_limit=10_000, stopped=True)
    with background(fleet) as url:
        yield Site(url, fleet)


@pytest.mark.parametrize("habits", HABITS, ids=lambda habits: "+".join(habits) or "usual")
async def test_each_stream_equals_the_truth_for_every_habit(site, habits):
    panel = site.fleet.panels[0]
    usual = await habits_of(site, panel)
    await site.lever("eu-1/users/rename", {"count": 3})
    await site.lever("eu-1/switches", habits)
    try:
        await compare(site, panel)
    finally:
        await site.lever("eu-1/switches", usual)


@pytest.mark.parametrize("number", range(6))
async def test_panels_of_all_currencies_and_zones_equal_the_truth(site, number):
    await compare(site, site.fleet.panels[number])


@pytest.mark.parametrize("gone", ["404", "200"])
async def test_a_deleted_record_is_gone_however_the_panel_says_so(site, gone):
    panel = site.fleet.panels[1]
    before = {stream: await site.truth(panel, stream) for stream in ("orders", "tickets")}
    await site.lever(f"{panel.name}/switches", {"gone": gone})
    for stream in before:
        await site.lever(f"{panel.name}/{stream}/delete", {"count": 1})
    async with site.connector(panel) as connector:
        for stream, rows in before.items():
            left = {row["id"] for row in await site.truth(panel, stream)}
            [lost] = [row["id"] for row in rows if row["id"] not in left]
            assert (await connector.page(Ask(stream, ids=(lost,), alone=True))).gone
            assert not (await connector.page(Ask(stream, ids=(min(left),), alone=True))).gone
        assert (await connector.page(Ask("messages", ids=(lost,)))).gone


@pytest.mark.parametrize("stream", ["orders", "users", "payments", "tickets"])
async def test_the_records_of_one_user_are_asked_for_by_name(site, stream):
    panel = site.fleet.panels[2]
    truth = await site.truth(panel, stream)
    name = "username" if stream == "users" else "user"
    whose = truth[0][name]
    async with site.connector(panel) as connector:
        page = await connector.page(Ask(stream, user=whose))
    assert set(page.keys) == {row["id"] for row in truth if row[name] == whose}


async def habits_of(site: Site, panel: Any) -> Row:
    async with httpx2.AsyncClient(timeout=60) as client:
        told: Row = (await client.get(f"{site.url}/_truth/{panel.name}/switches")).json()
    return told


async def compare(site: Site, panel: Any) -> None:
    async with site.connector(panel) as connector:
        for stream in REWRITTEN:
            held = {row["id"]: row for row in await rows(connector, stream, panel.currency)}
            truth = {row["id"]: row for row in await site.truth(panel, FILES.get(stream, stream))}
            assert held.keys() == truth.keys()
            assert [row for key, row in held.items() if row != truth[key]] == []


async def rows(connector: PerfectPanel, stream: str, currency: str) -> list[Row]:
    found = [REWRITTEN[stream](record) for record in await records(connector, stream)]
    for row in found:
        if stream == "services":
            row |= {"rate": money(row["rate"], currency), "currency": currency}
        if stream == "tickets":
            row |= {"messages": await messages(connector, row["id"])}
    return found


async def records(connector: PerfectPanel, stream: str) -> list[Record]:
    found: list[Record] = []
    while True:
        page = await connector.page(Ask(stream, LIMIT, offset=len(found)))
        assert page.unread == []
        read = [connector.decode(stream, raw) for raw in page.raws]
        assert [record.id for record in read] == page.keys
        found += read
        if page.whole or not read:
            return found


async def messages(connector: PerfectPanel, ticket: str) -> list[Row]:
    page = await connector.page(Ask("messages", ids=(ticket,)))
    assert (page.whole, page.unread) == (True, [])
    return [message(connector.message(raw)) for raw in page.raws]


def exact(row: Row) -> Row:
    """The truth, with its money as numbers and without what no panel tells."""
    told = {name: value for name, value in row.items() if name not in ("order_ids", "provider", "promised_per_day")}
    for name in MONEY & told.keys():
        told[name] = None if told[name] is None else Decimal(told[name])
    if "custom_rates" in told:
        told["custom_rates"] = [{**rate, "custom_rate": Decimal(rate["custom_rate"])} for rate in told["custom_rates"]]
    if "service_type" in row:
        told["provider"] = row["provider"]
    return told


def fields(record: Any, *names: str) -> Row:
    return {name: getattr(record, name) for name in names}


def order(record: Order) -> Row:
    plain = (
        "id", "provider_order_id", "user", "creation_type", "mode", "charge_currency", "provider_charge_currency", "link",
        "start_count", "quantity", "service_id", "service_type", "service_name", "provider", "status", "remains", "is_autocomplete",
    )  # fmt: skip
    return {
        **fields(record, *plain),
        "charge": money(record.charge, record.charge_currency),
        "provider_charge": money(record.provider_charge, record.provider_charge_currency),
        "created_timestamp": stamp(record.created_at),
        "last_update_timestamp": stamp(record.last_update_at),
    }


def user(record: User) -> Row:
    rates = json.loads(record.custom_rates or "[]")
    return {
        **fields(record, "id", "username", "email", "status", "discount"),
        "balance": money(record.balance, record.balance_currency),
        "spent": money(record.spent, record.spent_currency),
        "currency": record.balance_currency,
        "created_timestamp": stamp(record.created_at),
        "last_auth_timestamp": stamp(record.last_auth_at),
        "custom_rates": [
            {
                **{name: rate[name] for name in ("service_id", "service_name", "percent")},
                "custom_rate": Decimal(rate["rate"]),
            }
            for rate in rates
        ],
    }


def payment(record: Payment) -> Row:
    return {
        **fields(record, "id", "user", "user_id", "method", "status", "memo", "fraud_risk", "mode"),
        "amount": money(record.amount, record.amount_currency),
        "balance": money(record.balance, record.balance_currency),
        "currency": record.amount_currency,
        "created_timestamp": stamp(record.created_at),
        "updated_timestamp": stamp(record.updated_at),
    }


def ticket(record: Ticket) -> Row:
    return {
        **fields(record, "id", "user", "user_id", "subject", "status", "assignee", "is_read"),
        "created_timestamp": stamp(record.created_at),
        "last_update_timestamp": stamp(record.last_update_at),
    }


def message(record: Message) -> Row:
    return {
        **fields(record, "is_staff", "is_unread", "body"),
        "sender_name": record.sender,
        "created_timestamp": stamp(record.created_at),
        "files": json.loads(record.files or "[]"),
    }


def service(record: Service) -> Row:
    return fields(record, "id", "name", "type", "category", "rate", "min", "max", "refill", "cancel")


def money(units: int | None, currency: str | None) -> Decimal | None:
    return None if units is None or currency is None else Money(units, currency).amount


def stamp(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


FILES = {"services": "services.ndjson"}
REWRITTEN: dict[str, Callable[[Any], Row]] = {
    "orders": order, "users": user, "payments": payment, "tickets": ticket, "services": service,
}  # fmt: skip
