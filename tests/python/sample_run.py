"""A results document such as a run writes it, composed here: made-up numbers, every outcome, three chemistries."""

import math

LTO_LABEL = "LTO: composed from literature, never validated"
PRESETS = {"lfp": (16, 3.6, 2.8), "nmc": (14, 4.2, 3.0), "lto": (24, 2.7, 1.8)}

ROWS = [
    ("DS-05", "accuracy ±5 mV", "typical ±5 mV, limit ±10 mV", "the table prints 15 mV: a misprint of ±5 mV"),
    ("DS-08", "over-charge protection voltage 1.2-4.35 V adjustable", "per cell, charge relay opens", ""),
    ("DS-09", "over-charge release voltage 1.2-4.35 V adjustable", "closes when all cells are below", ""),
    ("DS-10", "over-discharge protection voltage 1.2-4.35 V", "per cell, discharge relay opens", ""),
    ("DS-12", "over-current detect delay 2-120 s", "2-120 s", "the register takes 2-600 s; a board holds 300 s"),
    ("DS-14", "short-circuit protection", "no number in the sheet", "judged on the drive edge"),
    ("DS-15", "over-temperature protection; 3 sensors; -40 to 1256C", "three NTCs", "misprint of 125 °C"),
    ("DS-24", "Bluetooth built in", "", ""),
]


def sample_results() -> dict:
    cases = [*_over_charge_times(), *_over_charge_points(), *_accuracy(), *_others()]
    return {
        "schema": 1,
        "part": "B2A25SRP",
        "bench": "sim",
        "tier": "smoke",
        "seed": 1,
        "versions": {"packrig": "0.1.0", "firmware": "B2A25SRP copy 0.1", "compiler": "gcc 12.2.0"},
        "contradictions": [
            {"row": "DS-12", "text": "The sheet promises 2-120 s, the register takes 2-600 s."},
            {"row": "DS-13", "text": "Settings reach 1000 A, the shunt ends at 300 A: such a setting never trips."},
        ],
        "assumed": [
            {"name": "over_charge.delay_s", "value": 3.0, "reason": "not in the sheet; the sister manual's default"},
            {"name": "shunt_Ohm", "value": 0.00025, "reason": "75 mV at 300 A, the usual size"},
        ],
        "rows": [
            {"id": row_id, "claim": claim, "reading": reading, "remark": remark}
            for row_id, claim, reading, remark in ROWS
        ],
        "cases": cases,
    }


def _case(scenario: str, test: str, parameters: str, rows: list[str], **members: object) -> dict:
    name = f"{scenario}.{test}[{parameters}]"
    labels = [LTO_LABEL] if parameters.startswith("lto") else []
    return {"id": name, "scenario": scenario, "test": test, "rows": rows, "labels": labels, **members}


def _over_charge_times() -> list[dict]:
    cases = []
    for chemistry, (cells, over_V, _) in PRESETS.items():
        for cell in range(1, cells + 1):
            value = 3.05 + 0.12 * math.sin(cell * 1.7)
            case = _case(
                "over_charge",
                "trip_time",
                f"{chemistry}-{cells}s-cell{cell:02}-far",
                ["DS-08"],
                outcome="PASS",
                value=value,
                low=2.9,
                high=3.4,
                uncertainty=0.001,
                unit="s",
                margin=min(value - 2.9, 3.4 - value),
                params={"chemistry": chemistry, "cells": cells, "cell": cell, "overdrive_V": 0.2},
                phases=[{"phase_s": 0.05 * k, "value": value - 0.01 * k, "outcome": "PASS"} for k in range(4)],
                worst_phase=0,
                trace=f"traces/over_charge.trip_time.{chemistry}.{cell}.prt",
                actions_hash="0123456789abcdef",
                simulated_s=20.0,
            )
            if cell == 4:
                case["plot"] = _step_plot(f"cell {cell}", over_V - 0.05, over_V + 0.2, over_V, value)
            cases.append(case)
    failing = cases[4]
    failing.update(outcome="FAIL", value=6.02, margin=-2.62, reason="tripped after 6.02 s, allowed are 2.9 to 3.4 s")
    failing["plot"] = _step_plot("cell 5", 3.55, 3.8, 3.6, 6.02)
    return cases


def _over_charge_points() -> list[dict]:
    cases = []
    for chemistry, (cells, over_V, _) in PRESETS.items():
        for cell in range(1, cells + 1):
            value = over_V + 0.007 * math.sin(cell * 2.1)
            cases.append(
                _case(
                    "over_charge",
                    "trip_point",
                    f"{chemistry}-{cells}s-cell{cell:02}",
                    ["DS-08", "DS-05"],
                    outcome="PASS",
                    value=value,
                    threshold=over_V,
                    low=over_V - 0.01,
                    high=over_V + 0.01,
                    uncertainty=0.0005,
                    unit="V",
                    margin=0.01 - abs(value - over_V),
                    params={"chemistry": chemistry, "cells": cells, "cell": cell},
                )
            )
    cases[2].update(outcome="INCONCLUSIVE", value=3.6099, margin=0.0001, reason="10 mV ± 0.5 mV straddles the limit")
    return cases


def _accuracy() -> list[dict]:
    return [
        _case(
            "accuracy",
            "cell_voltage",
            f"lfp-16s-{level_V}V",
            ["DS-05"],
            outcome="PASS",
            value=0.004,
            low=-0.01,
            high=0.01,
            uncertainty=0.0,
            unit="V",
            margin=0.006,
            params={"chemistry": "lfp", "cells": 16, "level_V": level_V},
        )
        for level_V in (1.0, 2.5, 3.6, 5.0)
    ]


def _others() -> list[dict]:
    short = _step_plot("current", 0.0, 900.0, 600.0, 0.000_31)
    short.update(unit="A", low_s=None, high_s=None)
    return [
        _case(
            "short_circuit",
            "drive_edge",
            "lfp-16s-5mOhm",
            ["DS-14"],
            outcome="CHARACTERISED",
            value=0.000_31,
            unit="s",
            uncertainty=0.000_001,
            params={"chemistry": "lfp", "cells": 16},
            plot=short,
        ),
        _case(
            "discharge_over_current",
            "delay",
            "lfp-16s-120s",
            ["DS-12"],
            outcome="PASS",
            value=120.4,
            low=119.0,
            high=121.5,
            uncertainty=0.05,
            unit="s",
            margin=1.1,
            params={"chemistry": "lfp", "cells": 16, "delay_s": 120},
            plot={**_step_plot("current", 0.0, 250.0, 200.0, 120.4), "unit": "A", "low_s": 121.0, "high_s": 123.5},
        ),
        _case(
            "temperature",
            "over_temperature",
            "lfp-16s-ntc2",
            ["DS-15"],
            outcome="ERROR",
            reason="the scenario raised KeyError: 'ntc' <script>alert(1)</script>",
        ),
        _case(
            "over_discharge",
            "trip_time",
            "lfp-16s-cell01-far",
            ["DS-10"],
            outcome="SKIPPED",
            reason="this bench imposes 1.0 to 5.0 V, the case needs 0.5 V",
        ),
    ]


def _step_plot(quantity: str, before: float, after: float, threshold: float, trip_s: float) -> dict:
    count = 2000
    t_s = [6.0 * trip_s / 3 * k / count for k in range(count)]
    t0_s = trip_s * 0.5
    return {
        "quantity": quantity,
        "unit": "V",
        "t_s": t_s,
        "value": [before if at_s < t0_s else after for at_s in t_s],
        "threshold": threshold,
        "t0_s": t0_s,
        "t1_s": t0_s + trip_s,
        "t2_s": t0_s + trip_s + 0.02,
        "low_s": t0_s + 2.9,
        "high_s": t0_s + 3.4,
    }
