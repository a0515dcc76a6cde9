"""`packrig test` runs suites beside each other and counts what their runners wrote."""

import threading

import pytest

from packrig.testing import Suite, Tally, read_junit, run_beside

CTEST = """<testsuite name="x" tests="3">
<testcase name="bms.A" classname="bms.A" time="0.1" status="run"><system-out>fine</system-out></testcase>
<testcase name="bms.B" classname="bms.B" status="fail">
<failure message="Failed"/><system-out>expected 3</system-out></testcase>
<testcase name="bms.C" classname="bms.C" status="notrun"><skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/></testcase>
</testsuite>"""
PYTEST = """<testsuites><testsuite name="pytest">
<testcase classname="a.b" name="c"/><testcase classname="a.b" name="d"><error message="setup">trace</error></testcase>
<testcase classname="a.b" name="e"><skipped message="no ruff"/></testcase></testsuite></testsuites>"""


def tally(tmp_path, text):
    (tmp_path / "x.xml").write_text(text)
    return read_junit(tmp_path / "x.xml")


def test_ctest_and_pytest_files_are_counted_alike(tmp_path):
    for text in (CTEST, PYTEST):
        assert tally(tmp_path, text).line() == "1 passed, 1 failed, 1 skipped"


def test_a_failure_keeps_its_words(tmp_path):
    name, said = tally(tmp_path, CTEST).failed[0]
    assert name == "bms.B.bms.B"
    assert "expected 3" in said


def test_tallies_add_up():
    total = Tally(1, [("a", "b")])
    total.add(Tally(2, [], [("c", "d")]))
    assert total.line() == "3 passed, 1 failed, 1 skipped"


def suite(tmp_path, title, *scripts):
    return Suite(title, [["sh", "-c", script] for script in scripts], tmp_path / f"{title}.xml")


def test_suites_run_beside_each_other_and_each_speaks_in_one_piece(tmp_path, capfd):
    (tmp_path / "ready.xml").write_text(CTEST)
    met = f"mkdir {tmp_path}/$0.here; until [ -d {tmp_path}/$1.here ]; do sleep 0.01; done"
    # Each waits for the other: one after the other they would never end.
    first = Suite("first", [["sh", "-c", met, "first", "second"], ["cp", f"{tmp_path}/ready.xml", f"{tmp_path}/1"]],
                  tmp_path / "1")  # fmt: skip
    second = Suite("second", [["sh", "-c", met, "second", "first"]], tmp_path / "2")
    assert run_beside([first, second]).line() == "1 passed, 1 failed, 1 skipped"
    said = capfd.readouterr().out
    assert "expected 3\nfirst: 1 passed, 1 failed, 1 skipped, in 0 s\n" in said
    assert "second: 0 passed, 0 failed, 0 skipped, in 0 s\n" in said


def test_a_suite_that_breaks_down_is_a_failed_test_that_tells_the_last_words(tmp_path):
    total = run_beside([suite(tmp_path, "broken", "echo before", "echo no such compiler; exit 4", "echo never said")])
    ((name, said),) = total.failed
    assert name == "broken"
    assert said == "exit 4\nbefore\nno such compiler\n"


def test_an_interrupt_ends_all_that_was_started(tmp_path, monkeypatch):
    begun, ended = tmp_path / "begun", tmp_path / "ended"
    waiting = suite(tmp_path, "waiting", f"trap 'touch {ended}; exit' INT; touch {begun}; while :; do sleep 0.01; done")

    def press(_):
        while not begun.exists():
            threading.Event().wait(0.01)
        raise KeyboardInterrupt

    monkeypatch.setattr("packrig.testing.time.sleep", press)
    with pytest.raises(KeyboardInterrupt):
        run_beside([waiting])
    assert ended.exists()
