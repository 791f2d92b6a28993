"""What a key may do, in words: each scope with what it allows, put together as somebody would look for it."""

from collections.abc import Mapping, Sequence

from hyperpanel.web.languages import N_

GROUPS: Sequence[tuple[str, Sequence[str]]] = (
    (
        N_("Records of the panels"),
        ("orders:read", "payments:read", "users:read", "tickets:read", "services:read", "providers:read"),
    ),
    (N_("Reports"), ("reports:read", "staff:read", "finance:read", "snoozes:read")),
    (N_("The console itself"), ("panels:read", "sync:read", "activity:read")),
    (N_("What it may change"), ("snoozes:set", "sync:control")),
)
SCOPE_WORDS: Mapping[str, tuple[str, str]] = {
    "orders:read": (N_("Read orders"), N_("Lists of orders, single ones, and what changed in them.")),
    "payments:read": (N_("Read payments"), N_("Lists of payments, single ones, and what changed in them.")),
    "users:read": (N_("Read users"), N_("Customers with their e-mail addresses and balances.")),
    "tickets:read": (N_("Read tickets"), N_("Tickets with all their messages.")),
    "services:read": (N_("Read services"), N_("The catalogue: prices, limits, descriptions.")),
    "providers:read": (N_("See providers"), N_("Who carries an order out, its number there, and what it costs.")),
    "reports:read": (N_("Read reports"), N_("Service and user tracking, and tickets by service.")),
    "staff:read": (N_("Read reports on staff"), N_("Tickets by staff: replies, times, scores.")),
    "finance:read": (N_("Read volume and margin"), N_("What was sold, what it cost, what is left.")),
    "snoozes:read": (N_("Read snoozes"), N_("Which services are put aside, until when, by whom.")),
    "panels:read": (N_("Read panels"), N_("Their names, currencies and time zones, and how fresh each is.")),
    "sync:read": (N_("Read the sync"), N_("How each feed stands, when it was read, and what went wrong.")),
    "activity:read": (N_("Read the activity log"), N_("Who did what here.")),
    "snoozes:set": (N_("Snooze services"), N_("Put services aside, and take them up again.")),
    "sync:control": (N_("Control the sync"), N_("Have a feed read at once, pause it, resume it.")),
}
