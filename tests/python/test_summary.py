"""Results put in order: gravest first, worst margin, the line that replays a case."""

import shlex

import pytest
from _pytest.mark.expression import Expression
from sample_run import sample_results

from packrig import summary


def row(results, row_id):
    return next(row for row in summary.by_row(results) if row.id == row_id)


def test_a_row_is_as_good_as_its_gravest_case():
    results = sample_results()
    outcomes = {row.id: row.outcome for row in summary.by_row(results)}
    assert outcomes == {
        "DS-05": "INCONCLUSIVE",
        "DS-08": "FAIL",
        "DS-09": "NOT RUN",
        "DS-10": "SKIPPED",
        "DS-12": "PASS",
        "DS-14": "CHARACTERISED",
        "DS-15": "ERROR",
        "DS-24": "NOT RUN",
    }


def test_the_worst_case_is_ranked_across_units():
    volts = {"outcome": "PASS", "low": 3.59, "high": 3.61, "margin": 0.001, "unit": "V"}  # 5 % of its band
    seconds = {"outcome": "PASS", "low": 2.9, "high": 3.4, "margin": 0.005, "unit": "s"}  # 1 % of its band
    assert summary.worst([volts, seconds]) is seconds
    assert summary.worst([volts]) is volts
    assert summary.worst([{"outcome": "CHARACTERISED"}]) is None


def test_a_margin_is_shown_with_the_uncertainty_that_was_taken_off():
    assert summary.margin_text({"margin": 0.098, "uncertainty": 0.002, "unit": "s"}) == "98 ms (U 2 ms)"
    assert summary.margin_text({"margin": 0.1, "uncertainty": 0.0, "unit": "s"}) == "100 ms"
    assert summary.margin_text({"unit": "s"}) == ""
    assert summary.margin_text(None) == ""


@pytest.mark.parametrize(
    ("outcomes", "begin"),
    [
        (["PASS"], "Passed"),
        (["PASS", "INCONCLUSIVE"], "Inconclusive: 1 of 2"),
        (["INCONCLUSIVE", "FAIL"], "Failed: 1 of 2"),
        (["FAIL", "ERROR"], "No verdict: the rig failed in 1 of 2"),
        (["SKIPPED"], "Nothing ran"),
        ([], "Nothing ran"),
        (["CHARACTERISED"], "Characterised"),
    ],
)
def test_the_headline_never_says_more_than_the_outcomes(outcomes, begin):
    assert summary.headline({"cases": [{"outcome": outcome} for outcome in outcomes]}).startswith(begin)


def test_what_needs_a_look_comes_gravest_first():
    outcomes = [case["outcome"] for case in summary.attention(sample_results())]
    assert outcomes == ["ERROR", "FAIL", "INCONCLUSIVE"]


def selected(results, line):
    """The cases that the -k of a replay line selects, by pytest's own matcher on the names it sees."""
    expression = Expression.compile(shlex.split(line)[-1])
    found = []
    for case in results["cases"]:
        names = (f"{case['scenario']}.py", "test_" + case["id"].partition(".")[2])
        if expression.evaluate(lambda word, names=names: any(word.lower() in name.lower() for name in names)):
            found.append(case["id"])
    return found


def test_every_replay_line_selects_exactly_its_case():
    results = sample_results()
    for case in results["cases"]:
        assert selected(results, summary.replay_line(results, case)) == [case["id"]]


def test_a_replay_line_keeps_what_the_run_was_given():
    results = {
        **sample_results(),
        "bench": "twin",
        "tier": "full",
        "seed": 9,
        "firmware": "my board/fw.so",
        "afe": "drawn",
    }
    words = shlex.split(summary.replay_line(results, results["cases"][0]))
    assert words[1:3] == ["verify", "B2A25SRP"]
    assert words[words.index("--bench") + 1] == "twin"
    assert words[words.index("--tier") + 1] == "full"
    assert words[words.index("--seed") + 1] == "9"
    assert words[words.index("--firmware") + 1] == "my board/fw.so"
    assert words[words.index("--afe") + 1] == "drawn"


def test_a_name_that_k_cannot_take_is_spelled_out():
    results = sample_results()
    case = {**results["cases"][0], "id": "over_charge.trip_time[lfp 16s=cell03]"}
    assert "'over_charge and trip_time and lfp and 16s and cell03'" in summary.replay_line(results, case)
