"""Numbers as people read them."""

import pytest

from packrig.quantity import band, quantity, with_uncertainty


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (3.05, "s", "3.05 s"),
        (0.045, "V", "45 mV"),
        (0.00012, "s", "120 µs"),
        (-0.045, "V", "-45 mV"),
        (0.0, "V", "0 V"),
        (250.0, "A", "250 A"),
        (12345.6, "s", "12346 s"),
        (0.5, "degC", "0.5 °C"),
        (1.5, "", "1.5"),
        (None, "V", ""),
    ],
)
def test_a_quantity_carries_a_fitting_prefix(value, unit, text):
    assert quantity(value, unit) == text


def test_value_and_uncertainty_share_their_unit():
    assert with_uncertainty(0.0451, 0.002, "V") == "45.1 ± 2 mV"
    assert with_uncertainty(3.05, 0.001, "s") == "3.05 ± 0.001 s"
    assert with_uncertainty(3.05, None, "s") == "3.05 ± 0 s"


def test_a_band_may_be_open():
    assert band(2.9, 3.4, "s") == "2.9 to 3.4 s"
    assert band(None, 0.005, "V") == "at most 5 mV"
    assert band(0.005, None, "V") == "at least 5 mV"
    assert band(None, None, "V") == ""
