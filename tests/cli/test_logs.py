"""The log: one line an event, whatever is in it."""

import io
import json
import logging

import pytest
import structlog

from hyperpanel.cli import logs
from hyperpanel.config import Log
from hyperpanel.errors import HyperpanelError


@pytest.fixture
def log(home):
    def write(**settings):
        file = io.StringIO()
        logs.set_up(Log(**settings), file=file)
        return file

    return write


def test_people_read_time_level_text_and_facts(log):
    file = log()
    structlog.get_logger().info("the console answers", address="http://127.0.0.1:8000")
    assert file.getvalue().split(" ", 1)[1] == "info    the console answers  address=http://127.0.0.1:8000\n"


def test_nobody_can_forge_a_line(log):
    file = log()
    structlog.get_logger().info("a\nb", link="x\r\n2026-01-01 info \x1b[2J\u2028all is well")
    assert file.getvalue().count("\n") == 1
    assert "\\x1b[2J" in file.getvalue()


def test_json_is_one_object_a_line(log):
    file = log(json=True)
    structlog.get_logger().warning("a\nb", panel_id=3)
    [line] = file.getvalue().splitlines()
    assert {"event": "a\nb", "level": "warning", "panel_id": 3}.items() <= json.loads(line).items()


def test_a_traceback_is_indented_below_its_line(log):
    file = log()
    try:
        raise ValueError("one\ninfo two")
    except ValueError as bug:
        structlog.get_logger().error("failed", exc_info=bug)
    first, *more = file.getvalue().splitlines()
    assert first.endswith("error   failed")
    assert all(line.startswith("    ") for line in more)


def test_libraries_speak_through_it_too(log):
    file = log()
    logging.getLogger("sandbox").warning("%s is slow", "eu-1")
    assert "warning eu-1 is slow" in file.getvalue()


def test_libraries_that_chatter_are_hushed(log):
    file = log(level="debug")
    logging.getLogger("httpx2").info("HTTP Request: GET https://panel.example")
    assert file.getvalue() == ""


def test_a_lower_level_is_left_out(log):
    file = log(level="warning")
    structlog.get_logger().info("nothing")
    assert file.getvalue() == ""


def test_a_process_that_stays_keeps_the_traceback_in_its_log(log):
    file = log()
    with pytest.raises(HyperpanelError, match=r"number [0-9a-f]{8}\. The log holds its traceback"), logs.kept():
        raise ZeroDivisionError
    assert "ZeroDivisionError" in file.getvalue()
