"""Rows of a panel read leniently into the truth's form: whatever its habits are, the facts are the same."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]


class Reader:
    def __init__(self, panel: Any) -> None:
        self.panel, self.zone = panel, ZoneInfo(panel.time_zone)

    def users(self, row: Row) -> Row:
        return {
            **{name: row[name] for name in ("username", "email", "status")},
            "id": str(row["id"]),
            "balance": amount(row["balance"]),
            "spent": amount(row["spent"]),
            "currency": self.panel.currency,
            "created_timestamp": self.moment(row, "created"),
            "last_auth_timestamp": self.moment(row, "last_auth"),
            "discount": row["discount"]["formatted"],
            "custom_rates": [
                {
                    "service_id": str(rate["service_id"]),
                    "service_name": rate["service_name"],
                    "custom_rate": Decimal(rate["custom_rate"]),
                    "percent": bool(rate["percent"]),
                }
                for rate in row["custom_rates"]
            ],
        }

    def payments(self, row: Row) -> Row:
        user = row["user"]
        return {
            **{name: row[name] for name in ("method", "status", "memo")},
            **{name: row.get(name) for name in ("fraud_risk", "mode")},
            "id": str(row["payment_id"]),
            "user": user["username"] if isinstance(user, dict) else user,
            "user_id": str(user["id"]) if isinstance(user, dict) and "id" in user else None,
            "amount": amount(row["amount"]),
            "currency": self.panel.currency,
            "balance": amount(row["balance"]) if "balance" in row else None,
            "created_timestamp": self.moment(row, "created"),
            "updated_timestamp": self.moment(row, "updated"),
        }

    def tickets(self, row: Row) -> Row:
        user = row["user"]
        return {
            **{name: row[name] for name in ("subject", "status", "is_read")},
            "id": str(row["id"]),
            "user": user["username"] if isinstance(user, dict) else user,
            "user_id": str(user["id"]) if isinstance(user, dict) else None,
            "assignee": row.get("assignee") or None,
            "created_timestamp": self.moment(row, "created"),
            "last_update_timestamp": self.moment(row, "last_update"),
        }

    def message(self, row: Row) -> Row:
        return {
            **{name: row[name] for name in ("sender_name", "is_staff", "is_unread")},
            "body": row["message"],
            "created_timestamp": self.moment(row, "created"),
            "files": row.get("files") or [],
        }

    def moment(self, row: Row, name: str) -> int | None:
        if (row.get(f"{name}_timestamp") or 0) > 0:
            return int(row[f"{name}_timestamp"])
        written = row.get(name) or "0000"
        if written.startswith("0000"):
            return None
        return int(datetime.fromisoformat(written).replace(tzinfo=self.zone).timestamp())


def amount(written: Any) -> Decimal:
    return Decimal(written["value"] if isinstance(written, dict) else written)


def exact(row: Row) -> Row:
    """The truth with its money as numbers: 10.00 is 10."""
    read: Row = {name: Decimal(row[name]) for name in ("balance", "spent", "amount") if row.get(name) is not None}
    if "custom_rates" in row:
        read["custom_rates"] = [{**rate, "custom_rate": Decimal(rate["custom_rate"])} for rate in row["custom_rates"]]
    return {**row, **read}
