"""What went wrong with an upstream, told by who must act: time, the panel's limit, a person, or the record.

A Trouble carries a code and its words' parameters rather than a sentence, so that a screen can say it in the reader's language;
`str(trouble)` is the English one, for logs and commands. What is no Trouble is our bug, and is raised.
"""

from enum import Enum


class Verdict(Enum):
    RETRY = "try again later"
    SLOW_DOWN = "the panel's limit: call less often"
    PAUSE = "a person must act first"
    SET_ASIDE = "the record is unreadable: keep it apart, go on"


TROUBLES: dict[str, tuple[Verdict, str]] = {
    "address": (Verdict.PAUSE, "The address of {panel} cannot be used: {detail}."),
    "unresolved": (Verdict.RETRY, "The host name {host} of {panel} is not known to DNS. Check the address."),
    "unreachable": (
        Verdict.RETRY,
        "{panel} does not answer at {host}: {detail}. Check the address and that the panel is up.",
    ),
    "tls": (Verdict.RETRY, "{panel} has no valid certificate: {detail}. Renew it there, or correct the address."),
    "tls_expired": (Verdict.RETRY, "The certificate of {panel} has expired. Renew it there."),
    "tls_unknown": (
        Verdict.RETRY,
        "Nobody known vouches for the certificate of {panel} at {host}. Install one from a public authority there, with its chain.",
    ),
    "tls_host": (
        Verdict.RETRY,
        "The certificate of {panel} is not for {host}. Correct the address, or get a certificate for that name there.",
    ),
    "timeout": (Verdict.RETRY, "{panel} took longer than {seconds} s to answer. It is tried again by itself."),
    "cut": (Verdict.RETRY, "{panel} broke off in the middle of an answer. It is tried again by itself."),
    "too_large": (
        Verdict.RETRY,
        "{panel} sent more than {limit} MiB in one answer, which was refused. Lower the records per fetch.",
    ),
    "redirect": (Verdict.PAUSE, "{panel} redirects to {target}. Set the panel's address to where it really is."),
    "html": (
        Verdict.RETRY,
        "{panel} answered with a web page instead of data, probably a bot check. Ask its host to let this machine's address through.",
    ),
    "web_page": (
        Verdict.RETRY,
        "{panel} answered with an ordinary web page instead of data (HTTP {status}). Check that the address is the panel's own.",
    ),
    "other_software": (
        Verdict.PAUSE,
        "{panel} answers like {software}, another kind of panel, which cannot be read. Check the address, or leave this panel out.",
    ),
    "console": (
        Verdict.PAUSE,
        "{panel} is a panel of a hyperpanel console, whose copies may be old. Add it as kind hyperpanel, which knows how old they are.",
    ),
    "not_json": (
        Verdict.RETRY,
        "{panel} answered with something that is not JSON. Check that the address is the panel's own.",
    ),
    "shape": (Verdict.PAUSE, "{panel} answered in an unknown form: {detail}. It may be another kind of panel."),
    "auth": (Verdict.PAUSE, "{panel} refuses the key. Enter its current key, then resume."),
    "forbidden": (
        Verdict.PAUSE,
        "{panel} refuses access: {detail}. Give the key its rights or let this machine's address in, then resume.",
    ),
    "no_console": (
        Verdict.PAUSE,
        "What answers at the address of {panel} is no hyperpanel. Check the address, or choose another kind of panel.",
    ),
    "scope": (
        Verdict.PAUSE,
        "The key of {panel} lacks the scope {scope} on the console that it is read from. Make a key with that scope there, then enter it here.",
    ),
    "unread": (
        Verdict.RETRY,
        "The console that {panel} is read from has not read this itself yet. It is tried again by itself.",
    ),
    "no_services_key": (
        Verdict.PAUSE,
        "{panel} has no services key, so its catalogue cannot be read. Add the key of an ordinary account there.",
    ),
    "rate": (Verdict.SLOW_DOWN, "{panel} says the calls come too fast. They were slowed down."),
    "waiting": (Verdict.SLOW_DOWN, "{panel} asked for a pause. It is read again in {seconds} s."),
    "empty": (
        Verdict.RETRY,
        "{panel} sent an empty list where records are known to be, which was not believed. It is tried again by itself.",
    ),
    "down": (Verdict.RETRY, "{panel} does not answer. It is tried again in {seconds} s."),
    "too_many": (Verdict.RETRY, "{panel} sent {rows} records where {limit} were asked for, which was refused."),
    "server": (Verdict.RETRY, "{panel} has a fault of its own (HTTP {status}). It is tried again by itself."),
    "not_found": (Verdict.PAUSE, "{panel} has no such page (HTTP {status}). Check the address."),
    "refused": (Verdict.RETRY, "{panel} refused the request: {detail}."),
    "filter_ignored": (
        Verdict.RETRY,
        "{panel} ignored the filter {filter}. Another way of reading is used from now on.",
    ),
    "paging": (Verdict.RETRY, "{panel} sends the same page again and again. It is tried again by itself."),
    "drift": (
        Verdict.PAUSE,
        "{bad} of {rows} records of {panel} could not be read, so nothing of that page was kept. Its format may have changed.",
    ),
    "vanished": (
        Verdict.PAUSE,
        "{panel} no longer sends {field}, which {rows} records had, so nothing was overwritten. Say under Settings → Set aside what is right.",
    ),
    "bug": (
        Verdict.RETRY,
        "Reading {panel} failed by a fault of this program (error {number}). Its log has the details; it is tried again by itself.",
    ),
    "database": (
        Verdict.RETRY,
        "What {panel} sent could not be kept: the database failed (error {number}). The log says why; a full disk is the usual reason.",
    ),
    "paused": (Verdict.PAUSE, "{panel} is paused: {detail}"),
    "removing": (Verdict.PAUSE, "{panel} is being removed, with all that was read from it."),
    "held": (Verdict.PAUSE, "Another process is reading this feed of {panel}. Try again when it is done."),
    "unreadable": (Verdict.SET_ASIDE, "One record could not be read: {detail}."),
}


class Trouble(Exception):
    """An upstream's failure. `code` is a key of TROUBLES; `details` fill its sentence and hold no secret."""

    def __init__(self, code: str, *, retry_after: float | None = None, **details: str | int) -> None:
        self.code = code
        self.details = {"panel": "The panel", **details}
        self.retry_after = retry_after
        """Seconds the upstream asked us to wait, or None."""
        super().__init__(code)

    @property
    def verdict(self) -> Verdict:
        return TROUBLES[self.code][0]

    def __str__(self) -> str:
        return TROUBLES[self.code][1].format(**self.details)

    def of(self, panel: str) -> "Trouble":
        """The same, naming the panel."""
        return Trouble(self.code, retry_after=self.retry_after, **{**self.details, "panel": panel})


class UnreadableRecord(ValueError):
    """A record that cannot be understood; raised by a connector's decoder, with the reason, and set aside."""
