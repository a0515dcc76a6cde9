"""DS-12, DS-13: a discharge current above its setting for the delay opens the discharge relay, for the release time."""

from _protection import (
    test_delay_range,
    test_intermittent_pulses,
    test_no_trip_below,
    test_other_path_stays,
    test_other_thresholds,
    test_release_after_time,
    test_setting_range,
    test_short_pulse,
    test_trip_point,
    test_trip_time,
    test_trips_again,
)

LIMITS = ["discharge_over_current"]
