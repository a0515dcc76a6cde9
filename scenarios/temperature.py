"""DS-15: a probe too hot or too cold opens the relay of what flows.

The sheet has no number: times are CHARACTERISED.
"""

from _protection import (
    test_no_release_before,
    test_no_trip_below,
    test_other_path_stays,
    test_other_thresholds,
    test_release,
    test_release_needs_all,
    test_trip_point,
    test_trip_time,
)

LIMITS = ["charge_over_temperature", "discharge_over_temperature", "charge_under_temperature"]
