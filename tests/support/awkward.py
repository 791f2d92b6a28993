"""What a team sees all day, at its most awkward: long names, none at all, other scripts, hostile text; for each stream but orders."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table

from hyperpanel.db.schema import feeds, messages, payments, plans, services, threads, tickets, user_renames, users
from tests.support.staged import PANELS, mirrored

USERS = ("login", "kadir", "şükrü_ağaoğlu", "a_very_long_user_name_that_never_ends_2026", "علی_رضایی")
STREAMS = ("users", "payments", "tickets", "messages")
SUBJECTS = (
    "Orders - Refill",
    "Siparişim düştü, lütfen yardım edin — bu konu başlığı bir satıra sığmayacak kadar uzun yazıldı",
    "سفارش ۲۲۷۴۲۰۹ انجام نشده",
    "<script>alert(1)</script>",
    None,
)
BODIES = (
    "<p>My order 2906386 dropped, <b>please</b> refill.<br>https://www.instagram.com/p/C8abc/</p>",
    "سفارش ۲۹۰۶۳۸۶ هنوز انجام نشده است",
    "<script>alert(1)</script><img src=x onerror=alert(2)>Merhaba <a href='javascript:alert(3)'>tıkla</a>",
    "We have started the refill; it takes up to 24 hours.",
    "a" * 400,
)
BOTH = ("eu-1", "us-2")


def rows(now: datetime) -> list[tuple[Table, list[dict[str, Any]]]]:
    """Of two panels, in the order in which they may be inserted; nothing of them is older than `now` says."""
    return [
        (feeds, [feed(panel, stream, now) for panel in PANELS for stream in STREAMS]),
        (
            plans,
            [
                plan(panel, stream, name, now)
                for panel in PANELS
                for stream in STREAMS
                for name in ("head", "refresh", "backfill")
            ],
        ),
        (users, [customer(number, now) for number in range(30)]),
        (user_renames, [renamed(now)]),
        (payments, [payment(number, now) for number in range(40)]),
        (tickets, [ticket(number, now) for number in range(30)]),
        (threads, [thread(number, now) for number in range(0, 30, 2)]),
        (messages, [message(number, place, now) for number in range(0, 30, 2) for place in range(2 + number % 5)]),
        (services, [service(number) for number in range(24)]),
    ]


def feed(panel: str, stream: str, now: datetime) -> dict[str, Any]:
    read = None if panel == "dark" else now - timedelta(seconds=20)
    return {"panel_id": PANELS[panel], "stream": stream, "fetched_at": read, "cached": 0}


def plan(panel: str, stream: str, name: str, now: datetime) -> dict[str, Any]:
    done = panel != "dark"
    return {
        "panel_id": PANELS[panel],
        "stream": stream,
        "plan": name,
        "cursor": '{"done":true}' if name == "backfill" and done else "{}",
        "due_at": now + timedelta(seconds=10),
        "as_of": now - timedelta(seconds=20) if done else None,
    }


def customer(number: int, now: datetime) -> dict[str, Any]:
    name = USERS[number // 2] if number < 10 else f"user-{number}"
    return mirrored(
        "users",
        str(700 + number),
        BOTH[number % 2],
        username=name,
        email=(None, f"{number}@mail.example", "a.rather.long.address.of.somebody@mailbox.company.example")[number % 3],
        balance=(0, 12_450_000_000, -250_000_000, 1_234_567_890_000_000)[number % 4],
        spent=(None, 120_400_000_000)[number % 2],
        status=("active", "suspended", "on_the_moon")[number % 3],
        discount=(None, "5%", "12.5")[number % 3],
        created_at=None if number == 29 else now - timedelta(days=number * 13, seconds=5),
        last_auth_at=None if number % 4 == 3 else now - timedelta(hours=number * 7),
    )


def renamed(now: datetime) -> dict[str, Any]:
    bounds = {"not_before": now - timedelta(days=3, minutes=1), "not_after": now - timedelta(days=3)}
    return {"panel_id": 1, "user_id": "700", "number": 5, "was": "old_login", "now": "login", **bounds}


def payment(number: int, now: datetime) -> dict[str, Any]:
    return mirrored(
        "payments",
        str(181_680 + number),
        BOTH[number % 2],
        user=USERS[number // 2 % 5],
        amount=(1_000_000_000, 5_000_000, 98_765_432_100_000)[number % 3],
        balance=(None, 2_500_000_000)[number % 2],
        balance_currency=(None, "USD")[number % 2],
        method=("PayPal", "Crypto (USDT-TRC20) — automatic, no fee", "کارت به کارت", "manual")[number % 4],
        status=("completed", "waiting", "pending", "canceled", "fail", "on_the_moon")[number % 6],
        memo=("", "bonus <b>10%</b>", "=cmd|' /C calc'!A0", "ماه اول")[number % 4],
        fraud_risk=(None, "low", "high")[number % 3],
        mode=("auto", "manual")[number % 2],
        created_at=now - timedelta(minutes=number * number * 3, seconds=9),
        updated_at=None if number % 2 else now - timedelta(minutes=number),
    )


def ticket(number: int, now: datetime) -> dict[str, Any]:
    return mirrored(
        "tickets",
        str(255 - number),
        BOTH[number % 2],
        user=USERS[number // 2 % 5],
        user_id=str(700 + number % 10),
        subject=SUBJECTS[number % 5],
        status=("pending", "answered", "closed", "on_hold", "on_the_moon")[number % 5],
        assignee=(None, "ben")[number % 2],
        is_read=number % 3 == 0,
        created_at=now - timedelta(hours=number * 5, minutes=30),
        last_update_at=now - timedelta(hours=number * 4, minutes=3),
    )


def thread(number: int, now: datetime) -> dict[str, Any]:
    count = 2 + number % 5
    read = {"read_for": number, "digest": 1, "observed": 1, "read_at": now - timedelta(minutes=2), "messages": count}
    return {"panel_id": PANELS[BOTH[number % 2]], "ticket_id": str(255 - number), **read}


def message(number: int, place: int, now: datetime) -> dict[str, Any]:
    staff = place % 2 == 1
    seen = {"observed": 1, "digest": place, "fields": place, "first_seen_at": now, "seen_at": now}
    return {
        "panel_id": PANELS[BOTH[number % 2]],
        "ticket_id": str(255 - number),
        "id": f"m{place}",
        "place": place,
        "sender": "ben" if staff else USERS[number // 2 % 5],
        "is_staff": staff,
        "is_unread": None,
        "body": BODIES[(number + place) % 5],
        "files": '[{"name":"proof of payment.png","size":48213,"url":"https://files.example/1"}]'
        if place == 2
        else None,
        "created_at": now - timedelta(hours=number * 4 + 6 - place),
        **seen,
    }


def service(number: int) -> dict[str, Any]:
    return mirrored(
        "services",
        str(168 + number // 2),
        BOTH[number % 2],
        name=(
            "Instagram Followers [5-10K/Day] [R30]",
            "فالوور ایرانی [5K/D]",
            "Şarkı dinleme — " + "çok uzun bir ad " * 8,
        )[number % 3],
        category=(None, "Instagram", "تلگرام")[number % 3],
        rate=(90_000_000, None, 1_234_500_000_000)[number % 3],
        refill=(True, False, None)[number % 3],
        cancel=(None, True)[number % 2],
    )
