"""`/_ai/truth`: what was asked and billed (GET), and what goes wrong next (POST)."""

from dataclasses import asdict
from typing import Any

import msgspec

from hyperpanel.sandbox import ai_behaviours, ai_hostile
from hyperpanel.sandbox.ai_exchange import written
from hyperpanel.sandbox.ai_records import Bench
from hyperpanel.sandbox.exchange import Answer, Request, json_answer


class Change(msgspec.Struct, forbid_unknown_fields=True):
    """`behave` is added to what waits; `clear` takes that away first; `forget` drops the record; `key` is the one that is taken from now on."""

    behave: list[Any] = []
    clear: bool = False
    forget: bool = False
    key: str | None = None


def answer(bench: Bench, request: Request) -> Answer:
    try:
        if request.method == "POST":
            _change(bench, msgspec.convert(request.json(), Change))
        return Answer(200, written(_told(bench, dict(request.pairs))).encode())
    except ValueError as error:
        return json_answer({"error": str(error)}, 400)


def _change(bench: Bench, change: Change) -> None:
    behaviours = [ai_behaviours.of_json(given) for given in change.behave]
    if change.clear:
        bench.queue.waiting.clear()
    if change.forget:
        bench.forget()
    bench.key = change.key or bench.key
    bench.queue.waiting.extend(behaviours)


def _told(bench: Bench, query: dict[str, str]) -> dict[str, Any]:
    since = int(query.get("since", "0"))
    return {
        "requests": [asdict(asked) for asked in bench.asked if asked.number > since],
        "counts": bench.counts(),
        "waiting": [msgspec.to_builtins(one) for one in bench.queue.waiting],
        "kinds": ai_behaviours.KINDS,
        "hostile": len(ai_hostile.CATALOGUE),
    }
