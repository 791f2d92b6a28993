"""Answers that nobody thought about: made of the question's own words, by what the JSON schema's properties are called.

They are simple on purpose and sometimes wrong, as a model is, and they say themselves that they are canned. The same question gets the same
answer. What a form is called and how the prompt is worded makes no difference, so that prompts can be changed and are still answered.
"""

import json
import re
from typing import Any

from hyperpanel.sandbox.ai_exchange import Question, Row, written
from hyperpanel.sandbox.ai_words import INTENTS, STOPWORDS, URGENT, language

MATERIAL = re.compile(r"<<<[ \n]?(.*?)[ \n]?>>>", re.DOTALL)
SIGN = re.compile(r"⟦\d{1,4}⟧")
NUMBER = re.compile(r"(?<![\w.,:/-])#?(\d{4,12})(?![\w.,:/-]*\w)")
SCHEMA = re.compile(r'\{\s*"')
DEEPEST = 8
QUOTED = 140  # characters of a customer that an analysis repeats
FACTS = 5
THEMES = 6
PLAIN = {"integer": 0, "number": 0, "boolean": False, "null": None}
Answer = dict[str, Any]


def text(question: Question) -> str:
    """The answer, as JSON where JSON was asked for."""
    schema = question.schema or _in_words(f"{question.system}\n{question.text}")
    if schema is not None:
        return written(by_schema(schema, question.text))
    if question.form == "object":
        return written({"text": "[canned] No schema was given."})
    return "[canned] This model only has canned answers, and no schema was given for this one."


def by_schema(schema: Row, message: str) -> Any:
    names = set(schema.get("properties") or ())
    for wanted, make in MAKERS:
        if names == wanted:
            return make(schema, message)
    return smallest(schema)


def _in_words(text: str) -> Row | None:
    """A schema that stands in the prompt, as for models that take none beside it."""
    for found in SCHEMA.finditer(text):
        try:
            value, _ = json.JSONDecoder().raw_decode(text, found.start())
        except ValueError:
            continue
        if isinstance(value, dict) and isinstance(value.get("properties"), dict):
            return value
    return None


def material(message: str) -> str:
    """What customers and staff wrote: all that stands between marks, or else everything."""
    found = MATERIAL.findall(message)
    return "\n".join(found) if found else message


def outside(message: str) -> str:
    return MATERIAL.sub(" ", message)


def translation(schema: Row, message: str) -> Answer:
    said = material(message)
    return {"language": language(said), "text": f"[canned translation] {said}"}


def intent(schema: Row, message: str) -> Answer:
    said = material(message)
    allowed = _enum(schema, "intent")
    found = next((name for name, words in INTENTS if name in allowed and words.search(said)), None)
    return {
        "intent": found or ("other" if "other" in allowed else allowed[0]),
        "urgency": _urgency(schema, said),
        "gist": f"[canned] {_quoted(said)}",
        "orders": [*numbers(said), *dict.fromkeys(SIGN.findall(said))][:50],
    }


def _quoted(text: str) -> str:
    """The beginning, and no half of a sign."""
    return re.sub(r"⟦[^⟧]*$", "", " ".join(text.split())[:QUOTED])


def analysis(schema: Row, message: str) -> Answer:
    said, facts = material(message), outside(message)
    notes = [{"id": id, "note": f"[canned] {_line_of(id, facts)}"} for id in (_headed(facts) or firsts(facts))[:FACTS]]
    named = ", ".join(note["id"] for note in notes) or "none"
    return {
        "summary": f"[canned analysis] The conversation says: {' '.join(said.split())[:QUOTED]}",
        "wants": f"[canned] {_want(said)}. Orders with facts: {named}.",
        "urgency": _urgency(schema, said),
        "orders": notes,
        "next_step": "[canned] Check the facts above, then answer the customer.",
    }


def themes(schema: Row, message: str) -> Answer:
    """Tickets by the first word of their line that says something; a ticket is a line with a number."""
    groups: dict[str, list[str]] = {}
    for line in message.splitlines():
        if found := NUMBER.search(line):
            groups.setdefault(_subject(line), []).append(found[1])
    ranked = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))[:THEMES]
    return {
        "themes": [
            {"title": f"[canned] {word}", "detail": f"[canned] Tickets whose line says “{word}”.", "tickets": ids}
            for word, ids in ranked
        ]
    }


def numbers(text: str) -> list[str]:
    return list(dict.fromkeys(NUMBER.findall(text)))[:50]


def _headed(text: str) -> list[str]:
    """Numbers that stand as headings, as in a list of facts."""
    return list(dict.fromkeys(re.findall(r"^\w+ #?(\d{4,12})$", text, re.MULTILINE)))


def firsts(text: str) -> list[str]:
    """The first number of each line that is not indented: what follows is mostly told of it."""
    found = (NUMBER.search(line) for line in text.splitlines() if not line.startswith(" "))
    return list(dict.fromkeys(one[1] for one in found if one))


def _line_of(id: str, text: str) -> str:
    return next((" ".join(line.split())[:QUOTED] for line in text.splitlines() if id in line), id)


def _want(said: str) -> str:
    found = next((name for name, words in INTENTS if words.search(said)), "other")
    return f"It reads like “{found.replace('_', ' ')}”"


def _urgency(schema: Row, said: str) -> str:
    allowed = _enum(schema, "urgency")
    wanted = "high" if URGENT.search(said) else "normal"
    return wanted if wanted in allowed else allowed[0]


def _enum(schema: Row, name: str) -> list[str]:
    return [str(word) for word in schema["properties"][name].get("enum") or ("other",)]


def _subject(line: str) -> str:
    words = re.findall(r"[^\W\d_]{4,}", line.casefold())
    return next((word for word in words if word not in STOPWORDS), "other")


def smallest(schema: Row, depth: int = 0) -> Any:
    """The smallest value that is valid by it."""
    kinds = schema.get("type")
    kind = kinds[0] if isinstance(kinds, list) else kinds
    if schema.get("enum"):
        return schema["enum"][0]
    if kind == "object":
        inner = schema.get("properties") or {}
        wanted = (schema.get("required") or ()) if depth < DEEPEST else ()
        return {name: smallest(inner.get(name, {}), depth + 1) for name in wanted}
    if kind == "array":
        return [smallest(schema.get("items") or {}, depth + 1)] * int(schema.get("minItems") or 0)
    return schema.get("const", schema.get("minimum", PLAIN.get(str(kind), "[canned]")))


MAKERS = (
    ({"language", "text"}, translation),
    ({"intent", "urgency", "gist", "orders"}, intent),
    ({"summary", "wants", "urgency", "orders", "next_step"}, analysis),
    ({"themes"}, themes),
)
