"""Places in a list as addresses hold them: what was not written by this console is a damaged address, never a bug."""

import base64

import msgspec
import pytest

from hyperpanel.support.cursors import EARLIEST, LATEST


def forged(*parts: object) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(parts)).decode().rstrip("=")


@pytest.mark.parametrize("at", [EARLIEST - 1, EARLIEST, LATEST])
@pytest.mark.parametrize("which", ["after", "before"])
async def test_a_forged_place_in_an_address_is_no_bug(ana, which, at):
    answer = await ana.get(f"/orders?{which}={forged([[at]], 1, 'x', 5)}")
    assert answer.status_code == (422 if at < EARLIEST else 200)


@pytest.mark.parametrize("at", [None, [5], ["x"], [[0], 5]])
async def test_a_place_in_another_list_is_bad_input(ana, at):
    answer = await ana.get(f"/orders?after={forged(at, 1, 'x', 5)}")
    assert answer.status_code == (200 if at is None else 422)
