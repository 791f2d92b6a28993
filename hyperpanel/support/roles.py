"""What each role may do, as named permissions: a route asks for a permission, never for a role."""

READING = frozenset(
    {
        "self",
        "orders:read",
        "tickets:read",
        "users:read",
        "payments:read",
        "services:read",
        "sync:read",
        "tracking:read",
        "reported:read",
    }
)
SUPPORT = READING | {"snooze:set", "disputes:raise", "threads:fetch", "reported:raise", "exports:make", "ai:use"}
MANAGER = SUPPORT | frozenset(
    {
        "profiles:edit",
        "staff:measure",
        "disputes:decide",
        "finance:read",
        "schedules:edit",
        "provider:see",
        "sync:control",
        "set_aside:read",
        "set_aside:decide",
        "panels:read",
        "reported:resolve",
        "descriptions:edit",
        "announcements:edit",
        "views:share",
        "ai:report",
        "ai:prompts",
        "ai:ledger",
    }
)
ROLES: dict[str, frozenset[str]] = {
    "admin": MANAGER
    | {
        "panels:edit",
        "styleguide:see",
        "speeds:set",
        "sync:settings",
        "staff:manage",
        "activity:read",
        "ai:settings",
        "keys:manage",
    },
    "manager": MANAGER,
    "support": SUPPORT,
    "viewer": READING,
}
"""`self`: what every signed-in person may do with their own session and preferences."""

PERMISSIONS = frozenset().union(*ROLES.values())


def may(role: str, permission: str) -> bool:
    """An unknown role may nothing."""
    return permission in ROLES.get(role, frozenset())


def having(permission: str) -> frozenset[str]:
    """The roles that include it."""
    return frozenset(role for role, allowed in ROLES.items() if permission in allowed)
