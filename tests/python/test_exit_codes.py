"""The exit code of a run, by precedence."""

import pytest

from packrig.exit_codes import exit_code_of


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([], 5),
        (["SKIPPED"], 5),
        (["PASS"], 0),
        (["PASS", "SKIPPED", "CHARACTERISED"], 0),
        (["CHARACTERISED"], 0),
        (["PASS", "INCONCLUSIVE"], 6),
        (["INCONCLUSIVE", "FAIL"], 1),
        (["FAIL", "ERROR", "INCONCLUSIVE"], 3),
    ],
)
def test_the_gravest_outcome_decides(outcomes, code):
    assert exit_code_of(outcomes) == code


@pytest.mark.parametrize("outcomes", [[], ["PASS"], ["FAIL"], ["ERROR"]])
def test_an_interruption_outranks_every_outcome(outcomes):
    assert exit_code_of(outcomes, interrupted=True) == 2
