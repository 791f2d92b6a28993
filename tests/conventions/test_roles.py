"""Whoever looks at the roles reads each permission in words."""

from hyperpanel.support.roles import PERMISSIONS, ROLES
from hyperpanel.web.frame import ROLE_NAMES
from hyperpanel.web.staff_roles import WORDS


def test_every_permission_has_words_and_no_word_is_left_over():
    assert set(WORDS) == PERMISSIONS


def test_no_two_permissions_read_alike():
    assert len(set(WORDS.values())) == len(WORDS)


def test_every_role_has_a_name():
    assert set(ROLE_NAMES) == set(ROLES)
