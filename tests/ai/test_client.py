"""The vendors' libraries take seconds and tens of megabytes to load: no process has them before it asks."""

import subprocess
import sys

import pytest

LOADED = "import sys, {room}; print(sorted(name for name in ('openai', 'anthropic') if name in sys.modules))"


@pytest.mark.parametrize("room", ["hyperpanel.app", "hyperpanel.worker", "hyperpanel.cli", "hyperpanel.worker.chores"])
def test_nothing_loads_a_vendors_library_at_its_start(room):
    ran = subprocess.run([sys.executable, "-c", LOADED.format(room=room)], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
