"""What a call can end in, by what its caller has to do about it. `str()` of each is one sentence, and never holds the key."""

from collections.abc import Sequence


class ClientError(Exception):
    """Every error of this client. `error_id` is the number by which the console's own log knows it, where it gave one."""

    error_id: str = ""


class BadKey(ClientError):
    """No such key, one that is not in force, or one that may not be used from here: the console does not say which."""


class NotAllowed(ClientError):
    """The key lacks the scope."""


class NotThere(ClientError):
    """No such record, or none that this key may see: the two look alike."""


class NoSuchPath(NotThere):
    """The server knows the key, and not this call: an older console, or a Perfect Panel."""


class BadAsk(ClientError):
    """A parameter is unknown or wrong; `fields` names it where the server does."""

    fields: Sequence[str] = ()


class Conflict(ClientError):
    """Something else was first, such as another run of the same feed."""


class Ambiguous(Conflict):
    """Several of the key's panels have this id: say which with `panel=`."""

    panels: Sequence[str] = ()


class Expired(ClientError):
    """The cursor is too old. Read the lists anew, then follow from `cursor`."""

    cursor: str = ""


class Later(ClientError):
    """Try again; `after` says in how many seconds, where the server told."""

    after: float | None = None


class TooFast(Later):
    """The key's limit, and waiting for it would have passed the deadline."""


class Busy(Later):
    """The server can answer nobody at the moment, and could not until the deadline."""


class NotBuilt(ClientError):
    """No console does this yet; nothing was sent or read."""


class Broken(ClientError):
    """A bug of the server; `error_id` finds it in its log."""


class Unreachable(ClientError):
    """No answer came until the deadline."""


class Unsure(Unreachable):
    """No answer came to something that may have been done: look before you ask again."""


class Cut(Unreachable):
    """An answer in lines ended before its end: rows are missing."""


class NoConsole(ClientError):
    """What answers at this address is no admin API."""


class BadAddress(ClientError, ValueError):
    """Nothing was sent: the key must not travel to such an address."""
