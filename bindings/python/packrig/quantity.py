"""Numbers with their unit, as people read them: 3.05 s, 45 mV, 120 µs."""

_PRINTED = {"degC": "°C", "Ohm": "Ω"}
_SCALABLE = {"V", "A", "s", "Ohm", "W", "J", "F", "H", "Hz", "Ah"}
_PREFIXES = ((1.0, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"))


def scale(largest: float, unit: str) -> tuple[float, str]:
    """(factor, unit) so that `largest * factor` in that unit reads without many zeros."""
    if unit in _SCALABLE and largest != 0.0:
        for size, prefix in _PREFIXES:
            if abs(largest) >= size:
                return 1.0 / size, prefix + _PRINTED.get(unit, unit)
    return 1.0, _PRINTED.get(unit, unit)


def number(value: float, digits: int = 4) -> str:
    """`value` with up to `digits` significant digits, without an exponent where that stays readable."""
    text = f"{value:.{digits}g}"
    return f"{value:.0f}" if "e+" in text and abs(value) < 1e7 else text


def quantity(value: float | None, unit: str) -> str:
    """For example "45 mV"; "" for None."""
    if value is None:
        return ""
    factor, scaled_unit = scale(value, unit)
    return f"{number(value * factor)} {scaled_unit}".rstrip()


def with_uncertainty(value: float | None, uncertainty: float | None, unit: str) -> str:
    """For example "45 ± 2 mV", both in one unit; "" for None."""
    if value is None:
        return ""
    factor, scaled_unit = scale(max(abs(value), abs(uncertainty or 0.0)), unit)
    return f"{number(value * factor, 3)} ± {number((uncertainty or 0.0) * factor, 2)} {scaled_unit}".rstrip()


def band(low: float | None, high: float | None, unit: str) -> str:
    """For example "2.9 to 3.4 s", "at least 2.9 s", "at most 3.4 s"; "" when there is no limit."""
    if low is None and high is None:
        return ""
    if high is None:
        return f"at least {quantity(low, unit)}"
    if low is None:
        return f"at most {quantity(high, unit)}"
    factor, scaled_unit = scale(max(abs(low), abs(high)), unit)
    return f"{number(low * factor)} to {number(high * factor)} {scaled_unit}".rstrip()
