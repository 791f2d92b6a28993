"""Keys of AI providers as they are typed: judged, sealed for one provider's name, and told by their last characters alone."""

from hyperpanel.db import ai_providers
from hyperpanel.errors import BadInput
from hyperpanel.support.wanted import LONGEST_KEY, N_
from hyperpanel.vault import Vault

opened = ai_providers.opened
CLEARS = "-"
TAIL = 4
SHOWS_TAIL = 8
"""A shorter key shows nothing of itself: four of its characters would be half of it."""


def judged(text: str, field: str) -> str | None:
    """None where the stored one stays, empty where it goes. What was typed is never repeated. Raises BadInput."""
    typed = text.strip()
    if not typed:
        return None
    if typed == CLEARS:
        return ""
    if len(typed) > LONGEST_KEY or not typed.isascii() or not typed.isprintable() or " " in typed:
        raise BadInput(N_("The key holds a space or another character that no key has. Paste it again."), field)
    return typed


def tail(key: str) -> str:
    return key[-TAIL:] if len(key) >= SHOWS_TAIL else ""


def sealed(vault: Vault, name: str, key: str) -> bytes | None:
    """None for no key."""
    return vault.seal(key, ai_providers.place(name)) if key else None
