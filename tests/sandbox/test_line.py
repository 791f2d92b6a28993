import pytest

from hyperpanel.sandbox.faults import Fault


def test_a_faulty_line_strikes_as_often_as_set_and_is_counted(panel):
    panel.faults.add(Fault("refused", times=2))
    assert [getattr(panel.line.strike("eu-1.example"), "kind", None) for _ in range(3)] == ["refused", "refused", None]
    assert panel.faults.struck == {"refused": 2}


def test_it_may_strike_one_host_alone(panel):
    panel.faults.add(Fault("dns_fails", path="eu-1."))
    assert panel.line.strike("us-2.example") is None
    assert panel.line.strike("eu-1.example") is not None


async def test_a_request_meets_no_fault_of_the_line_and_a_connection_none_of_the_panel(caller):
    caller.panel.faults.add(Fault("connect_hangs"))
    caller.panel.faults.add(Fault("500"))
    assert (await caller.get("orders")).status_code == 500
    found = caller.panel.line.strike("eu-1.example")
    assert found is not None
    assert found.kind == "connect_hangs"


def test_what_befalls_a_process_is_noted_beside_the_rest(panel):
    panel.faults.note("kill")
    assert panel.faults.struck == {"kill": 1}
    with pytest.raises(ValueError, match="meteor"):
        panel.faults.note("meteor")
