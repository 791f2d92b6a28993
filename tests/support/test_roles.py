"""Roles are sets of named permissions, and one that is unknown has none."""

import pytest

from hyperpanel.support.roles import PERMISSIONS, ROLES, may


def test_everybody_may_read_orders_and_the_state_of_the_sync():
    assert all({"orders:read", "sync:read", "self"} <= granted for granted in ROLES.values())


@pytest.mark.parametrize("permission", ["sync:control", "provider:see"])
def test_only_those_who_lead_see_providers_and_control_the_sync(permission):
    assert {role for role in ROLES if may(role, permission)} == {"admin", "manager"}


@pytest.mark.parametrize("role", ["", "owner", "Admin", "admin "])
def test_an_unknown_role_may_nothing(role):
    assert not any(may(role, permission) for permission in PERMISSIONS)
