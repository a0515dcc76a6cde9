"""Table and progress as a log and as a terminal see them."""

import io

from sample_run import sample_results

from packrig.plan_view import duration, print_plan
from packrig.progress import CaseProgress
from packrig.table import SHOWN_AT_MOST, print_results


def printed(results):
    stream = io.StringIO()
    print_results(results, None, stream)
    return stream.getvalue()


def test_a_log_has_no_control_codes_and_whole_commands():
    text = printed(sample_results())
    assert "\x1b" not in text
    assert (
        "  ./packrig verify B2A25SRP --bench sim --seed 1 -k 'over_charge and trip_time[lfp-16s-cell05-far]'\n" in text
    )
    assert "No case selected for DS-09, DS-24" in text
    assert max(len(line) for line in text.splitlines() if line.startswith("DS-")) <= 120


def test_text_with_brackets_is_printed_as_it_is():
    results = sample_results()
    results["cases"][4]["reason"] = "[bold]not markup[/bold] [/]"
    assert "[bold]not markup[/bold] [/]" in printed(results)


def test_a_run_without_cases_is_one_sentence():
    assert printed({**sample_results(), "cases": []}).split("\n") == ["", "", "Nothing ran (no cases)", ""]


def test_many_failures_are_left_to_the_report():
    results = sample_results()
    for case in results["cases"]:
        case["outcome"] = "FAIL"
    text = printed(results)
    assert text.count("./packrig verify") == SHOWN_AT_MOST
    assert f"and {len(results['cases']) - SHOWN_AT_MOST} more" in text


def test_progress_in_a_log_is_a_few_lines_and_every_trouble(capsys):
    with CaseProgress("run") as progress:
        for n in range(1, 201):
            progress.on_case(n, 200, f"case{n}", "FAIL" if n == 7 else "PASS")
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "FAIL          case7"
    assert lines[1] == "run: 20 of 200 cases, 1 to look at"
    assert lines[-1] == "run: 200 of 200 cases, 1 to look at"
    assert len(lines) == 11


def test_quiet_progress_says_nothing(capsys):
    with CaseProgress("run", quiet=True) as progress:
        progress.on_case(1, 1, "case", "FAIL")
    assert capsys.readouterr() == ("", "")


def test_a_plan_sums_up_and_gives_each_reason_once():
    stream = io.StringIO()
    entries = [
        {"id": "a.b[c]", "rows": ["DS-08"], "simulated_s": 5400.0, "wall_s": 0.2, "skip_reason": None},
        {"id": "a.d", "rows": ["DS-09"], "simulated_s": 0.0, "wall_s": 0.0, "skip_reason": "no such port"},
        {"id": "a.e", "rows": ["DS-09"], "simulated_s": 0.0, "wall_s": 0.0, "skip_reason": "no such port"},
    ]
    print_plan(entries, stream)
    text = stream.getvalue()
    assert "a.b[c]" in text
    assert "skipped, 2 cases: no such port" in text
    assert "1 cases to run, 2 skipped; 1.5 h simulated, about 200 ms of one core" in text


def test_durations_are_readable():
    assert [duration(s) for s in (0.0123, 12.5, 240.0, 7560.0)] == ["12.3 ms", "12.5 s", "4 min", "2.1 h"]
