"""What can go wrong by someone's doing: one sentence that says what to do next, shown alike on pages, in commands and in the log."""

from typing import Any


class HyperpanelError(Exception):
    """`str()` is the sentence; `status` is the HTTP status of a page or call that ends so."""

    status = 400


class BadSettings(HyperpanelError):
    """The settings file or an environment variable cannot be used."""


class BadInput(HyperpanelError):
    """A value that a person gave; `field` is where to say it. A screen says `text` in its own language and fills in the `values`."""

    status = 422

    def __init__(self, text: str, field: str = "", /, **values: str | int) -> None:
        self.text = text
        self.field = field
        self.values = values
        super().__init__(text.format(**values) if values else text)

    def __reduce__(self) -> tuple[Any, ...]:
        """Whole out of another process too: as usual only the sentence would come, and in no language but English."""
        return remade, (self.text, self.field, self.values)


def remade(text: str, field: str, values: dict[str, str | int]) -> BadInput:
    return BadInput(text, field, **values)


class Missing(HyperpanelError):
    """What was asked for is not there, or not for this person: the two look alike."""

    status = 404


class Conflict(HyperpanelError):
    """Someone or something else was first."""

    status = 409


class Refused(HyperpanelError):
    """This person may not do that."""

    status = 403


class Unusable(HyperpanelError):
    """The installation cannot run as it is: wrong master key, newer schema, busy port."""

    status = 503
