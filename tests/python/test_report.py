"""The report: self-contained, escaped, small, and true to the results."""

import re
from html.parser import HTMLParser

import pytest
from sample_run import LTO_LABEL, sample_results

from packrig import environment, plots
from packrig.report import report_html
from packrig.trip_map import cell_columns, trip_map

needs_gnuplot = pytest.mark.skipif(environment.gnuplot() is None, reason="gnuplot is not installed")


class Page(HTMLParser):
    """Collects what a browser would load, the ids, and the visible words."""

    def __init__(self, text):
        super().__init__()
        self.loads, self.ids, self.links, self.words, self.open = [], [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("src", "srcset", "data") or (name == "href" and tag == "link"):
                self.loads.append(value)
            if name == "id":
                self.ids.append(value)
            if name == "href" and tag == "a":
                self.links.append(value)
        self.open.append(tag)

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def page():
    return report_html(sample_results())


def test_nothing_is_loaded_from_anywhere(page):
    seen = Page(page)
    assert seen.loads == []
    assert "script" not in seen.open
    assert "@import" not in page
    assert re.findall(r"url\(", page) == []
    assert {link[0] for link in seen.links} == {"#"}


def test_ids_are_unique_and_links_lead_somewhere(page):
    seen = Page(page)
    assert len(seen.ids) == len(set(seen.ids))
    assert {link[1:] for link in seen.links} <= set(seen.ids)


def test_what_a_scenario_says_is_text_not_markup(page):
    assert "<script>" not in page
    assert "<script>alert(1)</script>" in Page(page).text


def test_every_section_stands_with_its_content(page):
    text = Page(page).text
    for words in (
        "No verdict: the rig failed in 1 of 116 cases",
        "the table prints 15 mV: a misprint of ±5 mV",
        "Settings reach 1000 A",
        "over_charge.delay_s",
        "not in the sheet; the sister manual's default",
        "this bench imposes 1.0 to 5.0 V",
        "./packrig verify B2A25SRP --bench sim --seed 1 -k 'over_charge and trip_time[lfp-16s-cell05-far]'",
        "2 rows without a case in this run",
        "B2A25SRP copy 0.1",
    ):
        assert words in text


def test_a_composed_cell_set_is_labelled_wherever_it_shows(page):
    lto_cases = [case for case in sample_results()["cases"] if case["labels"]]
    # Once per case in its row (trip points stand in two rows), besides headline, map, rows and plots.
    assert Page(page).text.count(LTO_LABEL) > len(lto_cases)


@needs_gnuplot
def test_a_plot_is_drawn_once_and_coloured_by_the_page(page):
    # DS-08: the worst trip time (its trip points have no plot); DS-12 and DS-14: one each.
    assert page.count("<svg") == 3
    assert "var(--plot-band)" in page
    assert "rgb(  0, 170" not in page


def test_without_gnuplot_the_report_says_so(monkeypatch):
    monkeypatch.setattr(environment, "gnuplot", lambda: None)
    page = report_html(sample_results())
    assert "<svg" not in page
    assert "Not drawn: gnuplot is not installed." in Page(page).text


def test_a_report_of_five_thousand_cases_stays_below_5_mb():
    results = sample_results()
    model = results["cases"][1]
    results["cases"] += [
        {**{key: value for key, value in model.items() if key != "plot"}, "id": f"over_charge.trip_time[many-{k}]"}
        for k in range(5000)
    ]
    assert len(report_html(results).encode()) < 5e6


def test_a_run_without_cases_makes_a_report():
    assert "Nothing ran" in report_html({**sample_results(), "cases": []})


def test_an_interrupted_run_says_so_first():
    assert "Interrupted after 116 cases" in report_html({**sample_results(), "interrupted": True})


# ------------------------------------------------------------------------------------------------------- trip map


def test_the_trip_map_has_a_line_per_chemistry_and_test_and_a_spot_per_cell():
    lines = trip_map(sample_results()["cases"])
    assert [(line.chemistry, line.protection, len(line.spots)) for line in lines] == [
        ("lfp", "over_charge.trip_time", 16),
        ("nmc", "over_charge.trip_time", 14),
        ("lto", "over_charge.trip_time", 24),
        ("lfp", "over_charge.trip_point", 16),
        ("nmc", "over_charge.trip_point", 14),
        ("lto", "over_charge.trip_point", 24),
    ]
    assert list(cell_columns(lines)) == list(range(1, 25))


def spot(value, low=3.59, high=3.61, **members):
    case = {"scenario": "a", "test": "b", "unit": "V", "outcome": "PASS", "value": value, "low": low, "high": high}
    cases = [{**case, **members, "params": {"chemistry": "lfp", "cell": cell}} for cell in (1, 2)]
    return trip_map(cases)[0].spots[1]


def test_heat_is_the_share_of_the_allowed_deviation():
    assert spot(3.605).heat == pytest.approx(0.5)
    assert spot(3.59).heat == pytest.approx(-1.0)
    assert spot(3.63).heat == pytest.approx(3.0)
    assert spot(3.6, threshold=3.6).heat == 0.0
    assert spot(3.605, threshold=3.6, low=3.59, high=3.62).heat == pytest.approx(0.25)


def test_the_worst_of_a_cells_measurements_is_shown():
    base = {"scenario": "a", "test": "b", "unit": "V", "outcome": "PASS", "low": 3.59, "high": 3.61}
    measured = ((1, 3.601), (1, 3.592), (2, 3.6))
    cases = [{**base, "value": value, "params": {"chemistry": "lfp", "cell": cell}} for cell, value in measured]
    assert trip_map(cases)[0].spots[1].case["value"] == 3.592


# ---------------------------------------------------------------------------------------------------------- plots


def test_thinning_keeps_the_ends_and_every_extreme():
    points = [(float(k), 0.0) for k in range(100_000)]
    points[54_321] = (54_321.0, 7.0)
    points[54_322] = (54_322.0, -7.0)
    kept = plots.thin(points)
    assert len(kept) <= plots.POINTS_AT_MOST
    assert kept[0] == points[0]
    assert kept[-1] == points[-1]
    assert (54_321.0, 7.0) in kept
    assert (54_322.0, -7.0) in kept
    assert kept == sorted(kept)


@needs_gnuplot
def test_a_quantitys_name_cannot_leave_its_place_in_the_script():
    case = next(case for case in sample_results()["cases"] if case.get("plot"))
    case["plot"]["quantity"] = 'cell\'; system("false") # <b>&amp;'
    svg = plots.case_svg(case)
    assert "<b>" not in svg
    assert 'system("false") # &lt;b>&amp;amp;' in svg


@needs_gnuplot
def test_a_case_in_which_nothing_crossed_is_drawn_from_its_first_sample():
    case = next(case for case in sample_results()["cases"] if case.get("plot"))
    for name in ("t0_s", "t1_s", "t2_s", "low_s", "high_s"):
        del case["plot"][name]
    svg = plots.case_svg(case)
    assert "time / s" in svg
    assert "after the crossing" not in svg


@needs_gnuplot
def test_the_alarm_on_the_bus_stands_beside_the_drives_edge():
    results = sample_results()
    case = next(case for case in results["cases"] if case.get("plot"))
    case["plot"]["t1_s"] = case["plot"]["t0_s"] + 3.214
    assert "drive edge 3.214 s" not in report_html(results)
    assert "bus alarm" not in plots.case_svg(case)
    case["plot"]["t3_s"] = case["plot"]["t0_s"] + 3.517
    assert "drive edge 3.214 s" in report_html(results)
    assert "bus alarm" in plots.case_svg(case)
