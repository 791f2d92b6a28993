"""`sandbox`: simulated panels alone, in a process of their own."""

import json
import socket

import httpx2
import pytest

pytestmark = pytest.mark.loopback


def test_what_it_prints_attaches_a_panel(home, process, free_port):
    with process("sandbox", "--panels", "1", "--orders", "50", "--port", str(free_port)) as sandbox:
        lines = [sandbox.line() for _ in range(5)]
        words = lines[4].strip().partition(" | hyperpanel ")[2].split()
        keys = lines[4].split("'")[1]
        assert "eu-1 is attached" in home.done(*words, given=keys)
        assert sandbox.interrupted() == 130


def test_json_names_each_panel_with_its_keys(process, free_port):
    with process("sandbox", "--panels", "2", "--orders", "50", "--port", str(free_port), "--json") as sandbox:
        first, second = json.loads(sandbox.line())
        assert (first["name"], second["url"]) == ("eu-1", f"http://127.0.0.1:{free_port}/us-2")
        assert httpx2.get(f"{first['url']}/", timeout=60).status_code == 200
        assert sandbox.terminated() == 0


def test_faults_are_set_from_the_start(process, free_port):
    words = ("--panels", "1", "--orders", "50", "--port", str(free_port), "--faults", "503:1", "--json")
    with process("sandbox", *words) as sandbox:
        [panel] = json.loads(sandbox.line())
        assert [httpx2.get(f"{panel['url']}/", timeout=60).status_code for _ in range(2)] == [503, 200]


def test_each_list_may_be_as_long_as_is_asked_for(process, free_port):
    words = ("--panels", "1", "--orders", "50", "--users", "61", "--payments", "7", "--tickets", "0")
    with process("sandbox", *words, "--port", str(free_port), "--json") as sandbox:
        sandbox.line()
        [panel] = httpx2.get(f"http://127.0.0.1:{free_port}/_truth/panels", timeout=60).json()
    assert [panel[name] for name in ("users", "payments", "tickets")] == [61, 7, 0]


def test_an_unknown_fault_is_refused(home):
    assert "--faults: no fault 'flood'" in home.refused("sandbox", "--orders", "1", "--faults", "flood")


def test_a_busy_port_is_one_sentence(home):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = home.refused("sandbox", "--panels", "1", "--orders", "1", "--port", str(port))
    assert told.startswith(f"Error: Port {port} on 127.0.0.1 is in use")


def test_it_ends_with_whoever_holds_its_input(process, free_port):
    with process("sandbox", "--orders", "50", "--port", str(free_port), "--attached", "--json") as sandbox:
        sandbox.line()
        sandbox.process.stdin.close()
        assert sandbox.process.wait(10) == 0


def test_a_later_start_goes_on_with_the_same_history(process, free_port):
    words = ("--panels", "1", "--orders", "200", "--port", str(free_port), "--since", "2026-01-31T12:00:00+00:00")
    with process("sandbox", *words, "--json") as sandbox:
        [panel] = json.loads(sandbox.line())
        headers = {"X-Api-Key": panel["admin_key"]}
        newest = httpx2.get(f"{panel['url']}/adminapi/v2/orders?limit=1", headers=headers, timeout=60).json()
    assert newest["data"]["list"][0]["created_timestamp"] > 1769860800  # that moment
