"""Every way a call can end badly, by its HTTP status, with the sentence that says what to do next."""

from collections.abc import Sequence
from typing import Any

from hyperpanel.errors import HyperpanelError

JSON = "application/json"
NO_SUCH_PATH = 100
SENTENCES = {
    400: "This cannot be read. Look at the API page of the console for what may be asked here.",
    401: "This key is not accepted. Give one that is in force, from an address that it allows, as X-Api-Key.",
    403: "This key may not do that. Ask whoever made it for a key with the scope.",
    404: "There is no such record, or this key may not see it.",
    405: "This path does not take that method.",
    409: "Somebody else was first. Read it again, then decide.",
    410: "This cursor is too old. Read the lists anew.",
    413: "This is too much at once. Send less.",
    429: "Too many calls. Wait as long as Retry-After says.",
    500: "Something broke in the console. It is its bug, and is in its log under error_id.",
    501: "The console does not do this yet. Nothing was sent.",
    503: "The database is busy. Nothing was changed; try again in a moment.",
}


class Answered(HyperpanelError):
    """One that says for itself what is told: `told` are further fields of the refusal, `headers` go with it."""

    def __init__(self, sentence: str = "", headers: dict[str, str] | None = None, **told: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.headers = headers or {}
        self.told = told


class BadAsk(Answered):
    """A parameter that is unknown or wrong; `fields` are their names."""

    status = 400

    def __init__(self, sentence: str, fields: Sequence[str] = ()) -> None:
        super().__init__(sentence, fields=list(fields))


class BadKey(Answered):
    """None, not in force, or from an address that it does not allow: all alike."""

    status = 401


class NotAllowed(Answered):
    """The key lacks a scope."""

    status = 403

    def __init__(self, scope: str) -> None:
        super().__init__(f"This key may not do that: it needs the scope {scope}.")


class Ambiguous(Answered):
    """Several of the key's panels have this id."""

    status = 409

    def __init__(self, panels: Sequence[str]) -> None:
        named = ", ".join(panels)
        super().__init__(f"Several panels have this id. Say which one with panel=: {named}.", panels=list(panels))


class Expired(Answered):
    """A cursor that is too old; `cursor` is the one to begin anew with."""

    status = 410

    def __init__(self, cursor: str) -> None:
        super().__init__("This cursor is too old. Read the lists anew, then go on from the given one.", cursor=cursor)


class TooFast(Answered):
    """`after`: seconds to wait; `key_id`: whose calls were too many, for the log."""

    status = 429

    def __init__(
        self, after: float, sentence: str = "", headers: dict[str, str] | None = None, key_id: str | None = None
    ) -> None:
        seconds = max(1, -int(-after // 1))
        super().__init__(sentence, {**(headers or {}), "Retry-After": str(seconds)})
        self.key_id = key_id


class NotBuilt(Answered):
    """What no console does yet; the sentence says why."""

    status = 501


class NoSuchPath(Answered):
    """Said with 200 and a code, as a panel does."""

    status = 200

    def __init__(self) -> None:
        super().__init__("Page not found.")


class MethodUnknown(Answered):
    status = 405
