"""What each role may do, as named permissions: a route asks for a permission, never for a role."""

MANAGER = frozenset(
    {
        "self",
        "orders:read",
        "provider:see",
        "sync:read",
        "sync:control",
        "set_aside:read",
        "set_aside:decide",
        "panels:read",
    }
)
ROLES: dict[str, frozenset[str]] = {
    "admin": MANAGER | {"panels:edit"},
    "manager": MANAGER,
    "support": frozenset({"self", "orders:read", "sync:read"}),
    "viewer": frozenset({"self", "orders:read", "sync:read"}),
}
"""`self`: what every signed-in person may do with their own session and preferences."""

PERMISSIONS = frozenset().union(*ROLES.values())


def may(role: str, permission: str) -> bool:
    """An unknown role may nothing."""
    return permission in ROLES.get(role, frozenset())
