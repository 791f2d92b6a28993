"""The reports as plain SQL, as one would write them knowing the indexes: the same figures in one statement, for three databases.

What a service's name promises is given to them in a table, `promised`; ours reads it out of the name each time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hyperpanel.db.types import micros
from reports.service_health import MOST_FOR_STUCK, PER_STUCK, USUAL
from reports.windows import Window

WAITS = "status IN ('awaiting', 'in_progress', 'pending', 'processing') AND COALESCE(remains, quantity, 1) > 0"  # as the index

BY_TIME = "ix_orders_panel_id_created_at_id_gone_at"


@dataclass(frozen=True)
class Dialect:
    name: str
    moment: Callable[[datetime], str]
    seconds: Callable[[str, str], str]
    pins: bool = False

    def pin(self, index: str) -> str:
        return f"INDEXED BY {index}" if self.pins else ""


def as_micros(at: datetime) -> str:
    return str(micros(at))


def as_text(at: datetime) -> str:
    return f"timestamptz '{at.isoformat()}'"


def of_micros(since: str, until: str) -> str:
    return f"({until} - {since}) / 1e6"


def of_moments(since: str, until: str) -> str:
    return f"EXTRACT(EPOCH FROM {until} - {since})::float8"


SQLITE = Dialect("sqlite", as_micros, of_micros, pins=True)
DUCKDB = Dialect("duckdb", as_micros, of_micros)
POSTGRES = Dialect("postgres", as_text, of_moments)
CURRENCY = "USD"

PROMISED = "CREATE {} TABLE promised (panel_id bigint, service_id text, per_day bigint, name text, PRIMARY KEY (panel_id, service_id))"
GIVEN = "INSERT INTO promised VALUES (?, ?, ?, ?)"


def services(to: Dialect, window: Window, panels: int) -> str:
    """panel_id, service_id, stuck, finished, unobserved, rated, slow, score (null where set apart), oldest, name; the worst first."""
    before = to.moment(window.until - USUAL.stuck_after)
    units = "CASE WHEN o.status = 'partial' THEN o.quantity - COALESCE(o.remains, 0) ELSE o.quantity END"
    late = f"{to.seconds('o.created_at', 'o.finished_from')} > ({units}) * {USUAL.multiplier} * 86400.0 / p.per_day"
    return f"""
    WITH waiting AS (
        SELECT panel_id, service_id, COUNT(*) AS stuck, MIN(created_at) AS oldest
        FROM orders {to.pin("ix_orders_waiting")}
        WHERE {WAITS} AND panel_id IN ({listed(panels)}) AND created_at < {before} AND gone_at IS NULL
        GROUP BY panel_id, service_id
    ), done AS (
        SELECT o.panel_id, o.service_id, COUNT(o.finished_from) AS finished, COUNT(*) - COUNT(o.finished_from) AS unobserved,
            SUM(CASE WHEN o.finished_from IS NOT NULL AND p.per_day IS NOT NULL THEN 1 ELSE 0 END) AS rated,
            SUM(CASE WHEN {late} THEN 1 ELSE 0 END) AS slow
        FROM orders AS o {to.pin("ix_orders_finished")}
        LEFT JOIN promised AS p ON p.panel_id = o.panel_id AND p.service_id = o.service_id
        WHERE o.finished_at IS NOT NULL AND o.panel_id IN ({listed(panels)}) AND {within("o.finished_at", to, window)}
            AND o.gone_at IS NULL
        GROUP BY o.panel_id, o.service_id
    ), counted AS (
        SELECT panel_id, service_id, SUM(stuck) AS stuck, SUM(finished) AS finished, SUM(unobserved) AS unobserved,
            SUM(rated) AS rated, SUM(slow) AS slow, MIN(oldest) AS oldest
        FROM (
            SELECT panel_id, service_id, stuck, oldest, 0 AS finished, 0 AS unobserved, 0 AS rated, 0 AS slow FROM waiting
            UNION ALL SELECT panel_id, service_id, 0, NULL, finished, unobserved, rated, slow FROM done
        ) AS both_of_them GROUP BY panel_id, service_id
    )
    SELECT c.panel_id, c.service_id, stuck, finished, unobserved, rated, slow,
        CASE WHEN finished + stuck >= {USUAL.min_orders} THEN 100.0 - (CASE WHEN stuck * {PER_STUCK} > {MOST_FOR_STUCK}
            THEN {MOST_FOR_STUCK} ELSE stuck * {PER_STUCK} END) - (CASE WHEN rated > 0 THEN 100.0 * slow / rated ELSE 0 END)
        END AS score, oldest, p.name
    FROM counted AS c LEFT JOIN promised AS p ON p.panel_id = c.panel_id AND p.service_id = c.service_id
    ORDER BY score, stuck DESC
    """


def users(to: Dialect, window: Window, panels: int) -> str:
    """The hundred customers that spent most in one currency: panel_id, name, orders, spend, payments, paid, and who they are."""
    return f"""
    WITH spent AS (
        SELECT panel_id, "user" AS name, COUNT(*) AS orders, SUM(charge) AS spend FROM orders {to.pin(BY_TIME)}
        WHERE panel_id IN ({listed(panels)}) AND {within("created_at", to, window)} AND gone_at IS NULL
            AND charge_currency = '{CURRENCY}'
        GROUP BY panel_id, "user" ORDER BY spend DESC LIMIT 100
    ), came AS (
        SELECT panel_id, "user" AS name, COUNT(*) AS payments, SUM(amount) AS paid
        FROM payments {to.pin("ix_payments_panel_id_status_created_at_id_gone_at")}
        WHERE panel_id IN ({listed(panels)}) AND status = 'completed' AND {within("created_at", to, window)}
            AND gone_at IS NULL AND amount_currency = '{CURRENCY}' AND mode <> 'manual'
        GROUP BY panel_id, "user"
    )
    SELECT s.panel_id, s.name, orders, spend, COALESCE(payments, 0), COALESCE(paid, 0), u.id, u.email, u.created_at, u.spent
    FROM spent AS s LEFT JOIN came AS c ON c.panel_id = s.panel_id AND c.name = s.name
    LEFT JOIN users AS u ON u.panel_id = s.panel_id AND u.username = s.name
    ORDER BY spend DESC
    """


def staff(to: Dialect, window: Window, panels: int) -> str:
    """Name, replies, quick, repeated. A body is one paragraph here: seven letters of it are the tags."""
    in_window = within("m.created_at", to, window)
    return f"""
    WITH answered AS (
        SELECT DISTINCT panel_id, ticket_id FROM messages AS m {to.pin("ix_messages_panel_id_created_at")}
        WHERE panel_id IN ({listed(panels)}) AND is_staff AND {in_window} AND gone_at IS NULL
    ), lines AS (
        SELECT m.panel_id, m.ticket_id, m.place, m.is_staff, m.sender, m.created_at, LENGTH(m.body) - 7 AS length,
            SUM(CASE WHEN m.is_staff THEN 0 ELSE 1 END) OVER (PARTITION BY m.panel_id, m.ticket_id ORDER BY m.place) AS asked,
            SUM(CASE WHEN m.is_staff THEN 0 ELSE 1 END) OVER (PARTITION BY m.panel_id, m.ticket_id) AS asked_in_all
        FROM answered AS a JOIN messages AS m ON m.panel_id = a.panel_id AND m.ticket_id = a.ticket_id
        WHERE m.gone_at IS NULL
    ), replies AS (
        SELECT m.*, COALESCE(LEAD(asked) OVER (PARTITION BY panel_id, ticket_id ORDER BY place), asked_in_all) - asked AS follow_ups
        FROM lines AS m WHERE is_staff
    ), judged AS (
        SELECT LOWER(m.sender) AS name, m.length, m.follow_ups,
            m.length < 25 OR COALESCE({to.seconds("c.created_at", "m.created_at")} BETWEEN 0 AND 30, 1 = 0) AS is_quick
        FROM replies AS m LEFT JOIN lines AS c
            ON c.panel_id = m.panel_id AND c.ticket_id = m.ticket_id AND NOT c.is_staff AND c.asked = m.asked
        WHERE {in_window}
    )
    SELECT name, COUNT(*) AS replies, SUM(CASE WHEN is_quick THEN 1 ELSE 0 END) AS quick,
        SUM(CASE WHEN follow_ups >= 2 THEN 1 ELSE 0 END) AS repeated, AVG(length) AS length
    FROM judged GROUP BY name
    """


def listed(panels: int) -> str:
    return ", ".join(str(number) for number in range(1, panels + 1))


def within(column: str, to: Dialect, window: Window) -> str:
    return f"{column} >= {to.moment(window.since)} AND {column} < {to.moment(window.until)}"


def window_of(hours: float, until: datetime) -> Window:
    return Window(until - timedelta(hours=hours), until)
