"""`packrig test` counts what its runners wrote."""

from packrig.testing import Tally, read_junit

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
