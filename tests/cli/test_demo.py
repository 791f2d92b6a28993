"""`demo`: from nothing to a signed-in page, and nothing left at the end. One story of two starts, told by several tests."""

import json
import os
import re
import signal
import time
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

pytestmark = pytest.mark.loopback
READ = "All orders of the last 90 days are read"


@dataclass
class Story:
    """What was seen of a demo that was interrupted, and of its second start, which was killed."""

    told: list[dict[str, Any]] = field(default_factory=list)
    onward: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    members: list[int] = field(default_factory=list)
    code: int = 0
    seconds: float = 0.0
    intruder: str = ""
    intruder_code: int = 0
    panels: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def story(process_of_module, ports):
    seen, words = Story(), ("demo", "--dir", "demo", "--json", "--port")
    with process_of_module(*words, str(ports[0]), "--panels", "2", "--orders", "1500") as demo:
        seen.told.append(json.loads(demo.line()))
        people = seen.told[0]["sign_in"].items()
        seen.onward = [sign_in(seen.told[0]["address"], name, password) for name, password in people]
        demo.said(READ)
        with process_of_module(*words, str(ports[1])) as other:
            seen.intruder_code, seen.intruder = other.process.wait(60), other.errors()
        seen.members.append(demo.members())
        os.killpg(demo.process.pid, signal.SIGINT)  # as a terminal does
        seen.code = demo.process.wait(60)
        seen.members.append(demo.members())
        seen.errors.append(demo.errors())
    began = time.monotonic()
    with process_of_module(*words, str(ports[0])) as demo:
        seen.told.append(json.loads(demo.line()))
        seen.seconds = time.monotonic() - began
        demo.process.kill()
        demo.process.wait()
        while demo.members() and time.monotonic() < began + 60:
            time.sleep(0.05)
        seen.members.append(demo.members())
        seen.errors.append(demo.errors())
    with process_of_module("--config", "demo/config.toml", "panel", "list", "--json") as command:
        seen.panels = [panel["name"] for panel in json.loads(command.line())]
    return seen


def sign_in(address: str, name: str, password: str) -> str:
    """Where a browser is led to after the sign-in."""
    with httpx2.Client(base_url=address, timeout=60) as browser:
        [token] = re.findall(r'name="csrf" value="([^"]+)"', browser.get("/sign-in").text)
        fields = {"csrf": token, "username": name, "password": password, "next": "/orders"}
        return browser.post("/sign-in", data=fields, headers={"Origin": address}).headers["location"]


def test_everybody_it_names_can_sign_in(story):
    assert list(story.told[0]["sign_in"]) == ["admin", "support", "viewer"]
    assert story.onward == ["/orders"] * 3


def test_it_tells_how_far_it_is(story):
    assert "Starting 2 simulated panels, of 1 500 orders each" in story.errors[0]
    assert "eu-1: " in story.errors[0]


def test_an_interrupt_ends_all_of_it(story):
    assert (story.code, story.members[:2]) == (130, [2, 0])
    assert "Traceback" not in story.errors[0]


def test_two_demos_do_not_share_a_folder(story):
    assert story.intruder_code == 1
    assert "perhaps this demo runs already" in story.intruder.splitlines()[-1]


def test_the_second_start_is_the_same_demo(story):
    assert story.told[1] == story.told[0]


def test_the_second_start_is_quick(story):
    assert story.seconds < 30


def test_panels_do_not_outlive_a_killed_demo(story):
    assert story.members[2] == 0


def test_other_commands_work_on_it_by_its_settings_file(story):
    assert story.panels == ["eu-1", "us-2"]


def test_a_busy_port_is_one_sentence(home, taken_port):
    result = home.run("demo", "--dir", "demo", "--panels", "1", "--orders", "10", "--port", str(taken_port))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines()[-1].startswith(f"Error: Port {taken_port} on 127.0.0.1 is in use")
