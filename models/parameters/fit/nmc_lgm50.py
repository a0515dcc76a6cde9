"""Li-ion: LG M50 (NMC811, graphite-SiOx, 21700) from measured pulses and rate tests at 0, 10, 25 and 45 degC.

    python3 models/parameters/fit/nmc_lgm50.py DATA models/parameters/nmc_lgm50.json

DATA holds params/entropic, measured/lgm50_pulse_BSD3 and measured/lgm50_ratetest_BSD3 (see ../README.md).
"""

import math
import pathlib
import sys

import cell_fit
import numpy

# The last cell of each is held out. Cell 9 (45 degC) is left out: its resistance is half as large again as the others'.
PULSED_CELLS = {0.0: (19, 21, 23), 10.0: (13, 15, 17), 25.0: (1, 3, 5), 45.0: (7, 11)}
RATE_TESTS = {0.0: "0p5C", 10.0: "0p5C", 25.0: "1C", 45.0: "0p5C"}
KNOTS = numpy.array([0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])


def state_from_V(ocv, voltage_V):
    return float(numpy.interp(voltage_V, ocv["value_V"][0], ocv["soc"]))


def pulse(data, ocv, capacity_Ah, degC, step, cell):
    """One 10 s discharge pulse and 10 s of rest; SoC from the voltage before it."""
    path = data / f"measured/lgm50_pulse_BSD3/LGM50_T{degC:.0f}_SoC{step}_Cell{cell}.csv"
    time_s, current_A, voltage_V = cell_fit.read_columns(path, (0, 1, 2))
    current_A = -current_A
    # Current and voltage of a row were not sampled together at the edges: rows beside a change of current are left out.
    steady = numpy.ones(len(time_s), dtype=bool)
    steady[1:] &= abs(numpy.diff(current_A)) < 0.1
    steady[:-1] &= abs(numpy.diff(current_A)) < 0.1
    start = state_from_V(ocv, voltage_V[0])
    soc = start - cell_fit.moved_Ah(time_s, current_A) / capacity_Ah
    drop_V = cell_fit.surface(ocv, "value_V", soc, degC) - voltage_V
    return time_s, current_A, drop_V, soc, steady


def rate_test(data, capacity_Ah, degC, name):
    path = data / f"measured/lgm50_ratetest_BSD3/LGM50_T{degC:.0f}_cRate_{name}.csv"
    time_s, current_A, voltage_V = cell_fit.read_columns(path, (0, 1, 2))
    current_A = -current_A
    end = int(numpy.nonzero(current_A > 0.1)[0][-1]) + 1  # the discharge; the charge after it is not used
    keep = numpy.unique(numpy.append(numpy.arange(0, end, max(1, end // 2000)), end - 1))
    time_s, current_A, voltage_V = time_s[keep], current_A[keep], voltage_V[keep]
    return time_s, current_A, voltage_V, 1.0 - cell_fit.moved_Ah(time_s, current_A) / capacity_Ah


def thermal(data, ocv, entropy, capacity_Ah):
    """Heat capacity and resistance to ambient from the temperature in the middle of the cell in the 1C test."""
    path = data / "measured/lgm50_ratetest_BSD3/LGM50_T25_cRate_1C.csv"
    time_s, current_A, voltage_V, degC = cell_fit.read_columns(path, (0, 1, 2, 4))
    current_A = -current_A
    end = int(numpy.nonzero(current_A > 0.1)[0][-1])
    after = int(numpy.searchsorted(time_s, time_s[end] + 3000.0))
    rows = slice(0, after)
    time_s, current_A, voltage_V, degC = time_s[rows], current_A[rows], voltage_V[rows], degC[rows]
    soc = 1.0 - cell_fit.moved_Ah(time_s, current_A) / capacity_Ah
    slope = numpy.interp(soc, entropy["soc"], entropy["value_V_per_K"])
    heat_W = current_A * (cell_fit.surface(ocv, "value_V", soc, 25.0) - voltage_V - (degC + 273.15) * slope)
    heat_W[current_A <= 0.1] = 0.0
    steps = numpy.diff(time_s)
    heat_J = numpy.concatenate([[0.0], numpy.cumsum(heat_W[1:] * steps)])
    excess_Ks = numpy.concatenate([[0.0], numpy.cumsum((degC - degC[0])[1:] * steps)])
    (gain, loss), *_ = numpy.linalg.lstsq(numpy.column_stack([heat_J, -excess_Ks]), degC - degC[0], rcond=None)
    return 1.0 / gain, gain / loss, cell_fit.rms_mV(gain * heat_J - loss * excess_Ks - (degC - degC[0])) / 1e3


def entropy_table(data):
    """Full-cell dU/dT from the half cells' tables at the stoichiometries of SoC 0 and 1 of Chen et al. 2020."""
    soc = numpy.linspace(0.0, 1.0, 21)
    folder = data / "params/entropic"
    negative = cell_fit.read_columns(folder / "graphite_LGM50_entropic_change_ORegan2021.csv", (0, 1))
    positive = cell_fit.read_columns(folder / "nmc_LGM50_entropic_change_ORegan2021.csv", (0, 1))
    x_negative = 0.0263473 + soc * (0.910612 - 0.0263473)
    x_positive = 0.853974 + soc * (0.263849 - 0.853974)
    return {
        "soc": list(soc),
        "value_V_per_K": list(numpy.interp(x_positive, *positive) - numpy.interp(x_negative, *negative)),
    }


def main():
    data, output = pathlib.Path(sys.argv[1]), sys.argv[2]
    percent, open_V = cell_fit.read_columns(data / "measured/lgm50_ratetest_BSD3/LGM50_OCV_T25.csv", (0, 1))
    ocv = {"soc": list(percent / 100.0), "temperature_degC": [25.0], "value_V": [list(open_V)]}
    time_s, current_A, *_ = rate_test(data, 1.0, 25.0, "0p1C")
    capacity_Ah = float(cell_fit.moved_Ah(time_s, current_A)[-1])
    entropy = entropy_table(data)
    heat_capacity, thermal_resistance, thermal_rms_K = thermal(data, ocv, entropy, capacity_Ah)

    fitted = []
    for degC, cells in PULSED_CELLS.items():
        runs = []
        for step in range(1, 10):
            for cell in cells[:-1]:
                time_s, current_A, drop_V, soc, steady = pulse(data, ocv, capacity_Ah, degC, step, cell)
                if soc[0] < 0.04:
                    continue  # the curve is so steep there that the SoC read from it says little
                runs.append(cell_fit.Run(time_s[steady], current_A[steady], drop_V[steady], soc[steady]))
        time_s, current_A, voltage_V, soc = rate_test(data, capacity_Ah, degC, RATE_TESTS[degC])
        drop_V = cell_fit.surface(ocv, "value_V", soc, degC) - voltage_V
        kept = soc > 0.05
        runs.append(cell_fit.Run(time_s[kept], current_A[kept], drop_V[kept], soc[kept], weight=0.5))
        fitted.append(cell_fit.fit(runs, KNOTS, (2.0, 4.0, 8.0), (50.0, 100.0, 200.0, 400.0, 800.0)))

    temperatures = list(PULSED_CELLS)
    cell = {
        "format": "packrig cell set 1",
        "name": "LG M50 21700 NMC811",
        "chemistry": "li_ion",
        "composed": False,
        "label": "",
        "provenance": "Measured LG M50: mean open-circuit curve at 25 degC, 10 s pulses and rate tests at 0, 10, "
        "25 and 45 degC.",
        "origin": [
            "ocv: measured mean of charge and discharge at 25 degC, github.com/pybop-team/PyBOP "
            "examples/data/LG_M50_ECM, BSD-3-Clause",
            "capacity_Ah: charge of the 0.1C discharge at 25 degC, same source",
            "series, rc1, rc2: least squares on the pulses of two cells (45 degC: one) per temperature and on "
            "the 0.5C (25 degC: 1C) discharge, "
            "same source; the drop of a long discharge goes into the slow pair, diffusion beyond it is not modelled",
            "entropy: half-cell tables of K. O'Regan et al. 2021, in PyBaMM's history, BSD-3-Clause, at the "
            "stoichiometries of "
            "C.-H. Chen et al., J. Electrochem. Soc. 167 (2020) 080534",
            "thermal: least squares on the cell's temperature in the 1C discharge at 25 degC, rms "
            f"{thermal_rms_K:.2f} K, same source as ocv",
        ],
        "licence": "BSD-3-Clause; texts in LICENSES/",
        "made_by": "models/parameters/fit/nmc_lgm50.py",
        "capacity_Ah": capacity_Ah,
        "nominal_V": 3.63,
        "usual_low_V": 2.5,
        "usual_high_V": 4.2,
        "validity": {"low_V": 2.5, "high_V": 4.25, "low_degC": 0.0, "high_degC": 45.0, "low_soc": 0.0, "high_soc": 1.0},
        "thermal": {"heat_capacity_J_per_K": heat_capacity, "resistance_K_per_W": thermal_resistance},
        "ocv": ocv,
        "entropy": entropy,
        "series": {"soc": list(KNOTS), "temperature_degC": temperatures, "value_Ohm": [list(f[1]) for f in fitted]},
        "rc1": cell_fit.elements(KNOTS, temperatures, [f[2] for f in fitted], [f[0][0] for f in fitted]),
        "rc2": cell_fit.elements(KNOTS, temperatures, [f[3] for f in fitted], [f[0][1] for f in fitted]),
    }
    cell_fit.write(output, cell)
    print(f"heat capacity {heat_capacity:.1f} J/K, to ambient {thermal_resistance:.2f} K/W, rms {thermal_rms_K:.2f} K")
    for (degC, cells), found in zip(PULSED_CELLS.items(), fitted, strict=True):
        squares = []
        for step in range(1, 10):
            time_s, current_A, drop_V, soc, steady = pulse(data, ocv, capacity_Ah, degC, step, cells[-1])
            voltage_V = cell_fit.surface(ocv, "value_V", soc, degC) - drop_V
            difference_V = cell_fit.simulate_V(cell, time_s, current_A, soc, degC) - voltage_V
            if soc[0] > 0.04:
                squares.append(numpy.mean(difference_V[steady] ** 2))
        print(
            f"pulses of the held-out cell {degC:3.0f} degC: rms {1e3 * math.sqrt(numpy.mean(squares)):5.1f} mV, "
            f"tau {found[0]} s, "
            f"R0 {1e3 * numpy.mean(found[1]):.1f} mOhm"
        )
    for degC, name in [*RATE_TESTS.items(), (25.0, "0p1C")]:
        time_s, current_A, voltage_V, soc = rate_test(data, capacity_Ah, degC, name)
        difference_V = cell_fit.simulate_V(cell, time_s, current_A, soc, degC) - voltage_V
        kept = soc > 0.1
        print(
            f"discharge {name} {degC:3.0f} degC{' (not fitted)' if name == '0p1C' else ''}: rms "
            f"{cell_fit.rms_mV(difference_V):5.1f} mV, "
            f"above SoC 0.1 {cell_fit.rms_mV(difference_V[kept]):5.1f} mV"
        )


if __name__ == "__main__":
    main()
