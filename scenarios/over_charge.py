"""DS-08, DS-09: a cell above its protection voltage opens the charge relay; it closes when all cells are back."""

from _protection import (
    test_intermittent_pulses,
    test_no_release_before,
    test_no_trip_below,
    test_other_path_stays,
    test_other_thresholds,
    test_release,
    test_release_needs_all,
    test_setting_range,
    test_short_pulse,
    test_trip_point,
    test_trip_time,
    test_trip_while_current_flows,
)

LIMITS = ["over_charge"]
