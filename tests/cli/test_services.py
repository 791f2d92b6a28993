"""`serve` and `work`: processes that stay until they are told to end."""

import httpx2
import pytest

pytestmark = pytest.mark.loopback


@pytest.fixture
def serving(process, free_port):
    def start(*words):
        return process("serve", "--port", str(free_port), *words)

    return start


def test_the_console_answers_where_the_log_says(serving, free_port):
    with serving() as console:
        console.said(f"the console answers  address=http://127.0.0.1:{free_port}")
        assert httpx2.get(f"http://127.0.0.1:{free_port}/healthz", timeout=60).text == "ok"


@pytest.mark.parametrize(("end", "code"), [("interrupted", 130), ("terminated", 0)])
def test_both_signals_end_console_and_worker_cleanly(serving, end, code):
    with serving("--with-worker") as console:
        console.said("the console answers")
        assert getattr(console, end)() == code
        assert "Traceback" not in console.errors()


def test_a_worker_alone_ends_cleanly_too(process):
    with process("work") as worker:
        worker.said("the worker reads the panels")
        assert worker.terminated() == 0
        assert "Traceback" not in worker.errors()


def test_a_busy_port_is_one_sentence(home, taken_port):
    told = home.refused("serve", "--port", str(taken_port))
    assert told.startswith(f"Error: Port {taken_port} on 127.0.0.1 is in use")


def test_plain_http_to_a_network_is_refused(home, monkeypatch):
    monkeypatch.setenv("HYPERPANEL_WEB__PLAIN_HTTP", "true")
    assert "web.plain_http works on this machine only" in home.run("serve", "--host", "0.0.0.0").stderr
