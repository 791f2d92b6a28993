"""Everything that can go wrong on purpose: the 48 faults of the reliability notes (1.6) in their order, and some more, with where each strikes.

How they come to 48: what is a moment or an outcome of its own is counted (a connection reset before, during or after the headers; rows
inserted, changed or deleted between requests; an effect applied or not), what is only another form of one thing is not (500 or 502, an
expired or a bad certificate, a future or a null time, an amount with eight decimals, a comma or an exponent). Forms are kinds of their own
all the same, so that each can be switched on and is counted by its name: `NAMED` says which kinds stand for which fault.

Where they strike is all that the rest of the sandbox asks: `PLACES`. A fault of the line or of a process is not the panel's doing: the
first is asked for by whoever connects (`sandbox.line`), the second is noted by whoever runs processes (`faults.note("kill")`).
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

Place = Literal["line", "answer", "effect", "list", "rows", "world", "bytes", "process"]


class Named(NamedTuple):
    """One of the 48, in the notes' own words, and the kinds that stand for it."""

    section: Literal["transport", "http", "paging", "data", "process"]
    words: str
    kinds: tuple[str, ...]


BOMBS = ("bomb", "bomb_gzip", "bomb_deflate", "bomb_br", "bomb_zstd")
NAMED = (
    Named("transport", "refuse", ("refused",)),
    Named("transport", "DNS fail", ("dns_fails",)),
    Named("transport", "DNS changes address", ("dns_changes",)),
    Named("transport", "connect hang", ("connect_hangs",)),
    Named("transport", "TLS bad/expired", ("tls_bad", "tls_expired")),
    Named("transport", "reset before headers", ("reset",)),
    Named("transport", "reset during headers", ("reset_in_headers",)),
    Named("transport", "reset after headers", ("reset_after_headers",)),
    Named("transport", "read timeout with effect applied", ("effect_applied", "timeout")),
    Named("transport", "read timeout with effect not applied", ("effect_lost",)),
    Named("transport", "effect applied late", ("effect_late",)),
    Named("transport", "slow drip", ("drip", "trickle")),
    Named("transport", "early close (short Content-Length)", ("cut",)),
    Named("transport", "keep-alive dropped between requests", ("hang_up",)),
    Named("http", "500/502/503/504", ("500", "502", "503", "504")),
    Named("http", "429 with 4 Retry-After forms", ("429",)),
    Named("http", "401/403 (key revoked mid-sync)", ("401", "403", "401_in_200", "403_in_200")),
    Named("http", "200 + error_code≠0 + data:[]", ("error_envelope",)),
    Named("http", "200 HTML (a bot check's page)", ("challenge", "challenge_403", "website")),
    Named("http", "redirect to other host", ("redirect",)),
    Named("http", "truncated JSON", ("truncated",)),
    Named("http", "bomb", (*BOMBS, "endless")),
    Named("paging", "duplicated page", ("duplicated_page",)),
    Named("paging", "reordered rows", ("reordered",)),
    Named("paging", "filter silently ignored", ("filters_ignored",)),
    Named("paging", "limit silently capped", ("limit_capped",)),
    Named("paging", "last page short but not last", ("short_page",)),
    Named("paging", "empty page in the middle", ("empty_page",)),
    Named("paging", "count wrong", ("wrong_count",)),
    Named("paging", "rows inserted between requests", ("rows_inserted",)),
    Named("paging", "rows changed between requests", ("rows_changed",)),
    Named("paging", "rows deleted between requests", ("rows_deleted",)),
    Named("paging", "unstable order in ties", ("ties_unstable",)),
    Named("paging", "burst > limit in one second", ("burst",)),
    Named("data", "id re-used", ("id_reused",)),
    Named("data", "id as string", ("id_string",)),
    Named("data", "time zone changed", ("zone_changed",)),
    Named("data", "future/NULL time", ("future_time", "null_time")),
    Named("data", "amount with 8 decimals, comma, exponent", ("amount_decimals", "amount_comma", "amount_exponent")),
    Named("data", "user renamed", ("user_renamed",)),
    Named("data", "ticket message edited", ("message_edited",)),
    Named("process", "kill -9", ("kill",)),
    Named("process", "SIGTERM", ("sigterm",)),
    Named("process", "busy", ("busy",)),
    Named("process", "full", ("full",)),
    Named("process", "I/O error", ("io_error",)),
    Named("process", "clock jump", ("clock_jump",)),
    Named("process", "two nodes", ("two_nodes",)),
)

PLACES: dict[Place, tuple[str, ...]] = {
    # instead of an answer; then somebody else's answers, and bodies that want to be read to death
    "answer": (
        "401", "403", "429", "500", "502", "503", "504",
        "401_in_200", "403_in_200", "challenge", "challenge_403", "redirect", "error_envelope",
        "website", "admin_v1", "rental_panel", "socpanel",
        *BOMBS, "deep", "many_keys",
    ),
    # the caller waits `seconds` and learns nothing; of these three only `timeout` answers after all
    "effect": ("timeout", "effect_applied", "effect_lost", "effect_late"),
    # to the rows of a list
    "rows": (
        "duplicated_page", "reordered", "empty_page", "short_page", "wrong_count",
        "bad_money", "missing_id", "wrong_type", "unknown_status", "null_time", "future_time",
        "id_string", "zone_changed", "amount_decimals", "amount_comma", "amount_exponent",
        "long_number", "nan", "lone_surrogate", "duplicate_keys", "nul",
    ),
    # to how a list is picked
    "list": ("filters_ignored", "limit_capped", "ties_unstable"),
    # to what is true there: before a list is answered, or once it has been
    "world": ("user_renamed", "message_edited", "id_reused", "rows_inserted", "rows_changed", "rows_deleted", "burst"),
    # to the bytes on their way
    "bytes": (
        "truncated", "cut", "drip", "trickle", "endless", "hang_up", "reset", "reset_in_headers", "reset_after_headers",
    ),
    # before there is a connection, which only who connects can show: see sandbox.line
    "line": ("refused", "dns_fails", "dns_changes", "connect_hangs", "tls_bad", "tls_expired"),
    # of the reader's own process: named here, so that all is counted in one way
    "process": ("kill", "sigterm", "busy", "full", "io_error", "clock_jump", "two_nodes"),
}  # fmt: skip
KINDS = tuple(kind for kinds in PLACES.values() for kind in kinds)
STRIKES: dict[str, Place] = {kind: place for place, kinds in PLACES.items() for kind in kinds}
WHICH: dict[str, Named] = {kind: named for named in NAMED for kind in named.kinds}
"""The one of the 48 that a kind stands for; a kind beyond them is not in here."""

AMOUNTS = frozenset(("bad_money", "amount_decimals", "amount_comma", "amount_exponent"))
LIVES = frozenset(("unknown_status", "null_time", "future_time", "wrong_count", "zone_changed", *PLACES["list"]))
NO_MONEY = frozenset(("tickets",))  # lists in which no amount can be wrong
NO_STATE = frozenset(("services",))  # nor, in the catalogue, a status, a time or a filter
NUMBERED_ANEW = frozenset(("orders", "tickets"))  # whose numbers can come a second time


def fits(kind: str, stream: str | None) -> bool:
    """Whether a request for this list (None: it is for none) can show such a fault."""
    if STRIKES[kind] not in ("rows", "list", "world"):
        return True
    if stream is None:
        return False
    if kind in AMOUNTS:
        return stream not in NO_MONEY
    if kind == "id_reused":
        return stream in NUMBERED_ANEW
    return not (kind in LIVES or kind == "burst") or stream not in NO_STATE


def struck(kinds: Iterable[str]) -> dict[str, bool]:
    """Each of the 48 by its words, and whether one of these kinds stands for it."""
    met = set(kinds)
    return {named.words: not met.isdisjoint(named.kinds) for named in NAMED}
