"""What faults do to answers: to the rows of a list, or to the whole of it."""

import json
import struct
import zlib
from email.utils import formatdate
from functools import lru_cache
from typing import Any

from hyperpanel.sandbox.exchange import HTML, Answer
from hyperpanel.sandbox.faults import Fault
from hyperpanel.sandbox.protocol import refusal
from hyperpanel.sandbox.switches import Switches

MEBIBYTE = 1024 * 1024
SWELLS = 256  # mebibytes that a bomb comes to
GZIP = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"  # the head of a packed file
ABSURD = 10**9  # seconds that a Retry-After asks for at its worst
CHALLENGE = b"""<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title>
<meta http-equiv="refresh" content="390"></head><body><h1>Checking your browser before you go on</h1>
<noscript>Enable JavaScript and cookies to continue</noscript></body></html>"""
WEBSITE = b"""<!DOCTYPE html><html lang="en"><head><title>Welcome</title><meta name="robots" content="index"></head>
<body><h1>A shop like any other</h1><form action="/login"><input name="login"></form></body></html>"""
STRANGERS = {  # what answers like this is no Perfect Panel with an Admin API v2
    "website": Answer(200, WEBSITE, HTML),
    "admin_v1": Answer(200, b'{"status":"fail","error":"bad_action"}'),
    "rental_panel": Answer(200, b'{"error":"bad_auth"}'),
    "socpanel": Answer(200, b'{"count":1,"items":[{"id":1,"status":"active","currency":"USD"}]}'),
}
WORDS = {
    "401": "Unauthorized: the API key is not valid.", "403": "Forbidden.", "429": "Too many requests.",
    "500": "Internal Server Error", "502": "Bad Gateway", "503": "Service Unavailable", "504": "Gateway Timeout",
}  # fmt: skip


def rows(kind: str, stream: str, fair: list[bytes], count: int, before: list[bytes]) -> tuple[list[bytes], int]:
    """The rows and the count that are sent in place of the fair ones; `before` is the page that went before."""
    match kind:
        case "duplicated_page":
            return before or fair, count
        case "reordered":
            return fair[1::2] + fair[::2], count
        case "empty_page":
            return [], count
        case "short_page":
            return fair[: len(fair) // 2], count
        case "wrong_count":
            return fair, count + 37
        case _:
            return _one_bad(kind, stream, fair), count


BAD_MONEY = {"value": "12,5o", "currency_code": "USD", "formatted": "$12,5o"}
MONEY = {"orders": "charge", "users": "balance", "payments": "amount", "services": "rate"}
KEYS = {"payments": "payment_id", "services": "service"}
WRONG_TYPES: dict[str, dict[str, Any]] = {
    "orders": {"quantity": "a hundred", "service_id": {"id": 1}},
    "users": {"username": ["login"], "created_timestamp": "yesterday"},
    "payments": {"user": 7, "status": {"name": "completed"}},
    "tickets": {"subject": {"text": "help"}, "user": 7},
    "services": {"name": None, "min": {"of": "ten"}},
}
CHANGES: dict[str, dict[str, Any]] = {
    "unknown_status": {"status": "awaiting_moderation"},
    "null_time": {"created": "0000-00-00 00:00:00", "created_timestamp": None},
    "future_time": {"created": "2099-01-01 00:00:00", "created_timestamp": 4070908800},
}


def _one_bad(kind: str, stream: str, fair: list[bytes]) -> list[bytes]:
    """One record of the page cannot be read; the others stay as they are."""
    if not fair:
        return fair
    middle = len(fair) // 2
    row = json.loads(fair[middle])
    if kind == "missing_id":
        del row[KEYS.get(stream, "id")]
    if kind == "bad_money":
        row[MONEY[stream]] = "12,5o" if stream == "services" else BAD_MONEY
    row.update(WRONG_TYPES[stream] if kind == "wrong_type" else CHANGES.get(kind, {}))
    return [*fair[:middle], json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode(), *fair[middle + 1 :]]


def instead(fault: Fault, switches: Switches, path: str, now: float) -> Answer | None:
    """The answer that takes the place of the fair one; None where the fault leaves that be."""
    kind = fault.kind
    if kind == "429":
        return too_fast(fault.retry_after or switches.retry_after, fault.seconds, now)
    if kind in ("401", "403"):
        return Answer(int(kind), refusal(int(kind), WORDS[kind]))
    if kind in WORDS:
        return Answer(int(kind), f"<html><head><title>{kind} {WORDS[kind]}</title></head></html>".encode(), HTML)
    return STRANGERS.get(kind) or _odd(kind, path)


def _odd(kind: str, path: str) -> Answer | None:
    match kind:
        case "challenge" | "challenge_403":
            return Answer(403 if kind == "challenge_403" else 200, CHALLENGE, HTML)
        case "redirect":
            return Answer(302, b"", HTML, {"location": f"https://parked.example{path}"})
        case "401_in_200" | "403_in_200":
            return Answer(200, refusal(int(kind[:3]), WORDS[kind[:3]]))
        case "error_envelope":
            return Answer(200, refusal(7, "Something went wrong, please try again later."))
        case "bomb":
            return Answer(200, bomb(), headers={"content-encoding": "gzip"})
        case _:
            return None


def too_fast(form: str, seconds: float, now: float) -> Answer:
    """429 with one of the four ways to say when: not at all, in seconds, as a date, absurdly."""
    asked = {
        "seconds": {"retry-after": str(max(1, round(seconds)))},
        "date": {"retry-after": formatdate(now + max(1, seconds), usegmt=True)},
        "absurd": {"retry-after": str(ABSURD)},
    }
    return Answer(429, refusal(429, WORDS["429"]), headers=asked.get(form, {}))


@lru_cache(1)
def bomb() -> bytes:
    """A quarter of a gibibyte of JSON in a quarter of a mebibyte: after a full flush equal input packs equally."""
    head, blank, tail = b'{"data":{"count":1,"list":["', b" " * MEBIBYTE, b'"]},"error_code":0}'
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    start = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    filling = packer.compress(blank) + packer.flush(zlib.Z_FULL_FLUSH)
    end = packer.compress(tail) + packer.flush()
    check = zlib.crc32(head)
    for _ in range(SWELLS):
        check = zlib.crc32(blank, check)
    size = len(head) + SWELLS * MEBIBYTE + len(tail)
    return GZIP + start + filling * SWELLS + end + struct.pack("<II", zlib.crc32(tail, check), size)
