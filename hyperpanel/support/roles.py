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
    }
)
SUPPORT = READING | {"snooze:set", "disputes:raise", "threads:fetch"}
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
    }
)
ROLES: dict[str, frozenset[str]] = {
    "admin": MANAGER | {"panels:edit", "styleguide:see", "speeds:set", "sync:settings"},
    "manager": MANAGER,
    "support": SUPPORT,
    "viewer": READING,
}
"""`self`: what every signed-in person may do with their own session and preferences."""

PERMISSIONS = frozenset().union(*ROLES.values())


def may(role: str, permission: str) -> bool:
    """An unknown role may nothing."""
    return permission in ROLES.get(role, frozenset())
