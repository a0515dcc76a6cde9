"""The JUnit file, read back as a CI reads it."""

from xml.etree import ElementTree

from sample_run import sample_results

from packrig.junit import junit_bytes


def suite(results):
    return ElementTree.fromstring(junit_bytes(results))


def case_of(results, name, scenario=""):
    return next(
        case
        for case in suite(results).iter("testcase")
        if case.get("name") == name and case.get("classname").endswith(scenario)
    )


def properties(case):
    return {entry.get("name"): entry.get("value") for entry in case.iter("property")}


def test_the_suite_counts_its_cases():
    results = sample_results()
    made = suite(results)
    assert made.get("tests") == str(len(results["cases"]))
    assert (made.get("failures"), made.get("errors"), made.get("skipped")) == ("1", "2", "1")


def test_no_verdict_is_an_error_of_its_own_type():
    results = sample_results()
    inconclusive = case_of(results, "trip_point[lfp-16s-cell03]")
    assert inconclusive.get("classname") == "B2A25SRP.over_charge"
    assert inconclusive.find("error").get("type") == "INCONCLUSIVE"
    assert case_of(results, "over_temperature[lfp-16s-ntc2]").find("error").get("type") == "ERROR"


def test_a_broken_promise_is_a_failure_with_its_reason():
    failure = case_of(sample_results(), "trip_time[lfp-16s-cell05-far]").find("failure")
    assert "6.02 s" in failure.get("message")


def test_a_skipped_case_says_why():
    case = case_of(sample_results(), "trip_time[lfp-16s-cell01-far]", "over_discharge")
    assert "1.0 to 5.0 V" in case.find("skipped").get("message")


def test_a_characterised_case_passes_with_its_value():
    case = case_of(sample_results(), "drive_edge[lfp-16s-5mOhm]")
    assert [child.tag for child in case] == ["properties"]
    found = properties(case)
    assert found["outcome"] == "CHARACTERISED"
    assert float(found["value"]) == 0.000_31
    assert (found["rows"], found["seed"]) == ("DS-14", "1")
    assert "margin" not in found


def test_characters_that_xml_cannot_hold_do_not_break_the_file():
    results = sample_results()
    results["cases"][0]["outcome"] = "FAIL"
    results["cases"][0]["reason"] = 'bytes \x00\x1b[31m and <tags> & "quotes"'
    message = next(suite(results).iter("failure")).get("message")
    assert message == 'bytes \ufffd\ufffd[31m and <tags> & "quotes"'
