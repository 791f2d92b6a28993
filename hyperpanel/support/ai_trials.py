"""A provider tried out before it is saved: which models it has, which costs nothing, and one short question, which is in the ledger.

Not every server of one's own lists its models, so a list that does not come is no trouble by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from hyperpanel.ai import desk
from hyperpanel.ai.asks import About, AiTrouble
from hyperpanel.ai.desk import Desk
from hyperpanel.ai.wires import versioned
from hyperpanel.support.ai_forms import Draft
from sync import http
from sync.http import Answer
from sync.verdicts import Trouble

PATIENCE = 15.0
MOST_MODELS, LONGEST_NAME = 1000, 200
VENDORS = {"openai": "https://api.openai.com", "anthropic": "https://api.anthropic.com"}
VERSION = {"anthropic-version": "2023-06-01"}
UNHEARD = {"address": "address", "timeout": "timeout", "unreachable": "unreachable", "unresolved": "unreachable"}
REFUSED = {401: "key_refused", 403: "not_allowed"}


@dataclass(frozen=True)
class Trial:
    """`ms` is None where no model was typed, so that nothing could be asked; `models`: those that it has, where it tells them."""

    model: str
    ms: int | None
    models: Sequence[str]


class Listed(msgspec.Struct, frozen=True):
    id: str


class Models(msgspec.Struct, frozen=True):
    data: list[Listed]


async def try_out(of: Desk, draft: Draft, key: str, about: About) -> Trial:
    """Raises AiTrouble."""
    known = await models(draft, key)
    if not draft.model:
        if not known:
            raise AiTrouble("no_model", provider=draft.name)
        return Trial("", None, known)
    said = await desk.try_typed(of, draft.provider(), key, about)
    return Trial(said.model, said.ms, known)


async def models(draft: Draft, key: str) -> list[str]:
    """In the order of their names. Raises AiTrouble where it cannot be reached or takes no such key."""
    async with http.new_client(draft.private) as client:
        asked = http.query(client, address_of(draft), {}, headers_of(draft.name, key))
        try:
            answer = await http.fetch(client, asked, PATIENCE)
        except Trouble as trouble:
            if trouble.code in UNHEARD or trouble.code.startswith("tls"):
                raise AiTrouble(UNHEARD.get(trouble.code, "unreachable"), provider=draft.name) from None
            return []
    if answer.status in REFUSED:
        raise AiTrouble(REFUSED[answer.status], provider=draft.name)
    return named(answer)


def address_of(draft: Draft) -> str:
    return f"{versioned(draft.address or VENDORS[draft.name])}/models"


def headers_of(name: str, key: str) -> dict[str, str]:
    if name == "anthropic":
        return {"x-api-key": key, **VERSION}
    return {"Authorization": f"Bearer {key}"} if key else {}


def named(answer: Answer) -> list[str]:
    try:
        found = msgspec.json.decode(answer.body, type=Models) if answer.status == 200 else Models([])
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return []
    return sorted({one.id for one in found.data if 0 < len(one.id) <= LONGEST_NAME})[:MOST_MODELS]
