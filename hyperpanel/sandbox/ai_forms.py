"""Answers that are not what was asked for: of another form, of no end, refused, with tools, or hostile in what they say."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hyperpanel.sandbox import ai_hostile
from hyperpanel.sandbox.ai_behaviours import Behaviour
from hyperpanel.sandbox.ai_exchange import Question, Speech, cut_to, tokens, written
from hyperpanel.sandbox.ai_records import Bench

DEEP = 100_000
HUGE = 5 * 1024 * 1024
DECLINED = "I'm sorry, but I can't help with that. (canned refusal)"


def shaped(bench: Bench, behaviour: Behaviour, question: Question, fair: str) -> Speech:
    kind = behaviour.kind
    speech = Speech(fair, question.tokens_in, tokens(fair))
    if kind == "hostile":
        return _hostile(bench, behaviour, question, speech)
    if kind in ("no_usage", "absurd_usage"):
        return replace(speech, usage=kind.removesuffix("_usage").replace("no", "none"))
    if kind in ("refusal", "content_filter"):
        text = DECLINED if kind == "refusal" else cut_to(fair, speech.tokens_out // 2)
        return Speech(text, question.tokens_in, tokens(text), kind.removeprefix("content_"))
    if kind == "length":
        text = cut_to(fair, max(1, speech.tokens_out // 2))
        return Speech(text, question.tokens_in, tokens(text), "length")
    if kind in ("tool_call", "function_call"):
        return Speech("", question.tokens_in, 12, "tools", tools=ai_hostile.TOOLS, is_function=kind == "function_call")
    text = WRONG[kind](fair) if kind in WRONG else fair
    return Speech(text, question.tokens_in, tokens(text))


def _hostile(bench: Bench, behaviour: Behaviour, question: Question, speech: Speech) -> Speech:
    number = behaviour.number
    if number is None:
        number, bench.hostile = bench.hostile % len(ai_hostile.CATALOGUE), bench.hostile + 1
    one = ai_hostile.CATALOGUE[number]
    text = ai_hostile.put(one, speech.text)
    stop = "tools" if one.tools else "end"
    return Speech(text, question.tokens_in, tokens(text), stop, tools=one.tools, is_function=one.is_function)


def _changed(fair: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> str:
    try:
        value = json.loads(fair)
    except ValueError:
        return fair
    return written(change(value)) if isinstance(value, dict) else fair


def _with_first(fair: str, raw: str) -> str:
    """The first text of it with something in its middle, as it is written in JSON."""
    place = fair.find("[canned")
    return fair[:place] + raw + fair[place:] if place >= 0 else fair


WRONG: dict[str, Callable[[str], str]] = {
    "prose": lambda fair: f"Sure! Here is what I found: {fair} Let me know if you need anything else.",
    "fenced": lambda fair: f"```json\n{fair}\n```",
    "think": lambda fair: f"<think>The user wants JSON. {{\"a\": 1}}</think>\n{fair}",
    "extra_keys": lambda fair: _changed(fair, lambda value: {**value, "refund": "906386", "is_admin": True}),
    "missing_keys": lambda fair: _changed(fair, lambda value: dict(list(value.items())[1:])),
    "wrong_types": lambda fair: _changed(fair, lambda value: dict.fromkeys(value, 7)),
    "nested": lambda fair: "[" * DEEP + "]" * DEEP,
    "huge": lambda fair: _with_first(fair, "x" * HUGE),
    "nul": lambda fair: _with_first(fair, r"\u0000"),
    "surrogate": lambda fair: _with_first(fair, r"\ud83d"),
    "duplicate_keys": lambda fair: fair[:1] + fair[1:-1] + "," + fair[1:] if fair.startswith("{") else fair,
    "empty": lambda fair: "",
    "two_objects": lambda fair: f"{fair}\n{fair}",
    "array": lambda fair: f"[{fair}]",
    "trailing_comma": lambda fair: f"{fair[:-1]},}}",
}  # fmt: skip
