"""What each role may do, as named permissions: a route asks for a permission, never for a role."""

ROLES: dict[str, frozenset[str]] = {
    "admin": frozenset({"self", "orders:read", "provider:see", "sync:read", "sync:control"}),
    "manager": frozenset({"self", "orders:read", "provider:see", "sync:read", "sync:control"}),
    "support": frozenset({"self", "orders:read", "sync:read"}),
    "viewer": frozenset({"self", "orders:read", "sync:read"}),
}
"""`self`: what every signed-in person may do with their own session and preferences."""

PERMISSIONS = frozenset().union(*ROLES.values())


def may(role: str, permission: str) -> bool:
    """An unknown role may nothing."""
    return permission in ROLES.get(role, frozenset())
