"""The form token's mask: another each time, and the token behind it the same."""

import pytest

from hyperpanel.web.masks import masked, unmasked

TOKEN = "kq5Zb0k1hXw2s8tVnC7yQpLr3dFgHjAe"


def test_a_masked_token_never_looks_the_same_and_is_the_same():
    made = {masked(TOKEN) for _ in range(50)}
    assert len(made) == 50
    assert {unmasked(token) for token in made} == {TOKEN.encode()}


@pytest.mark.parametrize(
    "token",
    ["", "x", "ş", TOKEN, "////", masked(TOKEN)[:-4], "A" * 10_000],
    ids=["empty", "short", "no ascii", "unmasked", "no letters", "cut off", "long"],
)
def test_what_is_no_masked_token_is_nobodys(token):
    assert unmasked(token) != TOKEN.encode()
