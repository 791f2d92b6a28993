"""The table of faults: counted by seeds over all processes, in the words of the notes, with what was too rare."""

from hyperpanel.sandbox.fault_kinds import NAMED, WHICH
from tests.simulation import coverage

EVERY = [named.kinds[0] for named in NAMED]


def test_forms_of_one_fault_count_once_and_processes_add_up(tmp_path):
    coverage.write(tmp_path, "a", [{"500", "502", "kill"}, {"workers"}])
    coverage.write(tmp_path, "b", [{"503"}])
    seeds, each, pairs = coverage.gathered(tmp_path)
    fault = WHICH["500"].words
    assert (seeds, each[fault], pairs["500/502/503/504", "kill -9"]) == (3, 2, 1)


def test_what_fired_too_rarely_is_named_once_there_are_seeds_enough(tmp_path):
    coverage.write(tmp_path, "a", [set(EVERY)] * 1999)
    assert coverage.lacking(tmp_path) == []
    coverage.write(tmp_path, "b", [set(EVERY) - {"kill"}])
    assert coverage.lacking(tmp_path) == []
    coverage.write(tmp_path, "a", [set(EVERY) - {"kill"}] * 2000)
    assert coverage.lacking(tmp_path) == ["kill -9 fired in 0 seeds"]
    assert "too rare: kill -9 fired in 0 seeds" in coverage.table(tmp_path)


def test_nothing_is_told_of_a_run_without_seeds(tmp_path):
    assert coverage.table(tmp_path) == []
