"""As many calls, prompts, reports on complaints and answers about messages as are asked for, each with words of its own."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.ai.answers import digest_of
from hyperpanel.db.engine import Database
from hyperpanel.db.schema import (
    ai_answers,
    ai_calls,
    ai_prompt_versions,
    ai_prompts,
    ai_report_services,
    ai_reports,
    messages,
    tickets,
)
from tests.support.ai_complaints import answering, looked
from tests.support.ai_complaints import report as complaints
from tests.support.conversations import ticket
from tests.support.site import Site
from tests.support.staged import NOON

SPAN = 1_000_000
"""Prompts belong to no panel: those of the first have their number as id, those of another panel so much more for each."""


async def plant(connection: AsyncConnection, numbers: Sequence[int], panel: int) -> None:
    """Of each number a call, a prompt with two versions, and a report with one service."""
    wording = [version(prompt_id(number, panel), which) for number in numbers for which in (1, 2)]
    for table, rows in (
        (ai_prompts, [prompt(prompt_id(number, panel)) for number in numbers]),
        (ai_prompt_versions, wording),
        (ai_calls, [call(number, panel) for number in numbers]),
        (ai_reports, [report(number, panel) for number in numbers]),
        (ai_report_services, [service(number, panel) for number in numbers]),
    ):
        await connection.execute(insert(table), rows)


def prompt_id(number: int, panel: int) -> int:
    return (panel - 1) * SPAN + number


def prompt(id: int) -> dict[str, Any]:
    times = {"created_at": NOON, "updated_at": NOON}
    return {
        "id": id,
        "purpose": "intent",
        "title": f"Ours {id}",
        "folded": f"ours {id}",
        "version": 2,
        "in_use": False,
        **times,
    }


def version(id: int, which: int) -> dict[str, Any]:
    said = {"provider": "", "model": "", "system": f"Be brief, {which} times.", "body": "{{text}}"}
    return {"prompt_id": id, "version": which, **said, "by": "max", "at": NOON}


def call(number: int, panel: int) -> dict[str, Any]:
    whose = {"panel_id": panel, "ticket_id": str(number), "staff_id": None, "by": f"person-{number}"}
    asked = {"purpose": "intent", "prompt_id": prompt_id(number, panel), "prompt_version": 2, "attempt": 1}
    by = {"provider": "openai", "model": f"model-{number % 7}", "state": "done", "is_estimated": False}
    return {
        "at": NOON - timedelta(minutes=number % SPAN),
        **whose,
        **asked,
        **by,
        "reserved": 9,
        "tokens_in": 9,
        "tokens_out": 2,
    }


def report(number: int, panel: int) -> dict[str, Any]:
    about = {"panels": json.dumps([panel]), "since": NOON - timedelta(hours=24), "until": NOON, "least": 3}
    asked = {"language": "en", "prompt_version": 0, "prompt_title": "", "staff_id": 2, "by": "max"}
    ended = {"state": "done", "tickets": 9, "covered": 9, "at": NOON - timedelta(minutes=number), "ended_at": NOON}
    return {"id": f"report-{panel}-{number}", **about, **asked, **ended}


def service(number: int, panel: int) -> dict[str, Any]:
    told = {"panel_id": panel, "report_id": f"report-{panel}-{number}", "place": 0, "service_id": str(number)}
    counted = {"name": f"Service {number}", "tickets": 1, "complaint": "Refill", "complaint_tickets": 1, "found": 1}
    themes = [{"title": f"Theme {number}", "detail": "", "tickets": [str(number)]}]
    return {
        **told,
        **counted,
        "given": json.dumps([str(number)]),
        "themes": json.dumps(themes),
        "state": "done",
        "at": NOON,
    }


async def everything(made: Site) -> None:
    """A provider that is set up and nobody asks, rows of each kind, and a ticket with answers."""
    await answering(made, "http://127.0.0.1:9")
    async with made.database.write() as connection:
        await connection.execute(insert(tickets), [ticket("10", "eu-1", user="kadir")])
        await plant(connection, range(10, 14), 1)
        await connection.execute(insert(ai_reports), [complaints(tickets=9, covered=8)])
        await connection.execute(insert(ai_report_services), [looked(place) for place in range(3)])
    await talked(made.database, "10", range(10, 13))


async def talked(database: Database, ticket_id: str, numbers: Sequence[int]) -> None:
    """A ticket of the first panel has a message of each number, with its translation and what its writer wants, and an analysis."""
    async with database.write() as connection:
        for number in numbers:
            body = f"Message {number} asks again."
            said = {"sender": "kadir", "is_staff": False, "body": body, "created_at": NOON + timedelta(minutes=number)}
            seen = {"observed": 1, "fields": 1, "first_seen_at": NOON, "seen_at": NOON}
            place = {"panel_id": 1, "ticket_id": ticket_id, "id": f"m{number}", "place": number, "digest": 1}
            await connection.execute(insert(messages).values(**place, **said, **seen))
            await connection.execute(insert(ai_answers), answers(ticket_id, number, body))


def answers(ticket_id: str, number: int, body: str) -> list[dict[str, Any]]:
    wants = {"intent": "refill", "urgency": "high", "gist": [[f"Wants {number}.", ""]], "orders": [str(number)]}
    parts = {name: [[f"Part {number}.", ""]] for name in ("summary", "wants", "next_step")}
    notes = [{"id": str(number), "is_theirs": True, "note": parts["wants"]}]
    used = {"messages": [[f"m{number}", None]], "orders": [str(number)], "numbers": [str(number)]}
    told = {
        "translate": {"text": f"Translated {number}.", "language": "tr"},
        "intent": wants,
        "analyze": {"said": {"urgency": "high", "orders": notes, **parts}, "used": used},
    }
    by = {"provider": "openai", "model": "canned", "by": "ben", "at": NOON + timedelta(minutes=number), "used_at": NOON}
    row = {
        "panel_id": 1,
        "ticket_id": ticket_id,
        "digest": digest_of(body),
        "language": "en",
        "prompt": "p",
        "state": "done",
    }
    return [
        {**row, "key": f"{purpose}-{number}", "purpose": purpose, "answer": json.dumps(answer), **by}
        for purpose, answer in told.items()
    ]
