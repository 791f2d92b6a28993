"""A simulated panel to look at, within the process."""

import pytest

from hyperpanel.sandbox.fleet import Fleet
from hyperpanel.sandbox.switches import Switches
from tests.support.looking import Glance, fleet, glance


@pytest.fixture(scope="module")
def lasting() -> Fleet:
    return fleet()


@pytest.fixture
def eu(lasting: Fleet) -> Glance:
    """As it was before any test."""
    [panel] = lasting.panels
    panel.faults.clear()
    panel.log.clear()
    panel.counts.clear()
    panel.switches = Switches()
    panel.switch(rate_limit=10_000)
    return glance(lasting, 0)


@pytest.fixture(scope="module")
def six() -> Fleet:
    return fleet(6)


@pytest.fixture
def ahead() -> Glance:
    """A world three hours from now."""
    found = fleet()
    found.clock.step(3 * 3600)
    return glance(found, 0)
