"""LFP: A123 26650 from measured C/30 curves and a measured dynamic profile.

    python3 models/parameters/fit/lfp_a123.py DATA models/parameters/lfp_a123_26650.json

DATA holds params/ocv_hysteresis, params/entropic and measured/a123_lfp_dynamic_MIT (see ../README.md).
"""

import math
import pathlib
import sys

import cell_fit
import numpy

RECORDS = {-15.0: "10_N15", 5.0: "45_P05", 25.0: "50_P25"}
KNOTS = numpy.linspace(0.0, 1.0, 11)


def record(data, name):
    """One dynamic run from full: time, current, voltage, charge moved [Ah]; and the cell's capacity at it."""
    folder = data / "measured/a123_lfp_dynamic_MIT"
    time_s, current_A, voltage_V, in_Ah, out_Ah = cell_fit.read_columns(
        folder / f"A123_DYN_{name}_s1.csv", (0, 2, 3, 4, 5)
    )
    rest_in, rest_out = cell_fit.read_columns(folder / f"A123_DYN_{name}_s2.csv", (4, 5))  # drained to 2.0 V afterwards
    capacity_Ah = out_Ah[-1] - in_Ah[-1] + rest_out[-1] - rest_in[-1]
    return time_s, current_A, voltage_V, out_Ah - in_Ah, capacity_Ah


def main():
    data, output = pathlib.Path(sys.argv[1]), sys.argv[2]
    table = data / "params/ocv_hysteresis/A123_26650_C30_charge_discharge_vs_SOC.csv"
    columns = cell_fit.read_columns(table, range(7))
    soc = columns[0]
    open_V = [(columns[1 + 2 * k] + columns[2 + 2 * k]) / 2.0 for k in range(3)]
    ocv = {"soc": list(soc), "temperature_degC": list(RECORDS), "value_V": [list(row) for row in open_V]}

    runs, capacities_Ah, fitted = {}, [], {}
    for degC, name in RECORDS.items():
        time_s, current_A, voltage_V, out_Ah, capacity_Ah = record(data, name)
        capacities_Ah.append(capacity_Ah)
        state = 1.0 - out_Ah / capacity_Ah
        drop_V = cell_fit.surface(ocv, "value_V", state, degC) - voltage_V
        # The knees at both ends are hysteresis and diffusion, not resistance.
        kept = (state > 0.03) & (state < 0.97)
        runs[degC] = (time_s, current_A, voltage_V, state)
        run = cell_fit.Run(time_s[kept], current_A[kept], drop_V[kept], state[kept], has_offset=True)
        fitted[degC] = cell_fit.fit([run], KNOTS, (3.0, 6.0, 12.0, 24.0), (60.0, 120.0, 240.0, 480.0, 960.0))

    # No record is warmer than 25 degC: the row at 45 degC goes on with the activation energy between 5 and 25 degC.
    warm_degC = 45.0
    rows = [fitted[degC][1:] for degC in RECORDS]
    gain = [math.log(numpy.mean(rows[1][k]) / numpy.mean(rows[2][k])) for k in range(3)]
    span = 1.0 / 278.15 - 1.0 / 298.15
    factors = [cell_fit.arrhenius(max(g, 0.0) / span * 8.314462618, warm_degC, 25.0) for g in gain]
    rows.append([rows[2][k] * factors[k] for k in range(3)])
    temperatures = [*RECORDS, warm_degC]
    taus = [fitted[degC][0] for degC in RECORDS] + [fitted[25.0][0]]
    entropy_soc, entropy = cell_fit.read_columns(data / "params/entropic/CLFP_Sony_US26650_entropy.csv", (0, 1))

    diameter_m, length_m = 0.026, 0.065
    volume_m3 = math.pi * diameter_m**2 / 4.0 * length_m
    area_m2 = math.pi * diameter_m * length_m + math.pi * diameter_m**2 / 2.0
    cell = {
        "format": "packrig cell set 1",
        "name": "A123 26650 LFP",
        "chemistry": "lfp",
        "composed": False,
        "label": "",
        "provenance": "Measured A123 26650: C/30 charge and discharge curves and a dynamic profile at -15, 5 and "
        "25 degC.",
        "origin": [
            "ocv: mean of the measured C/30 charge and discharge curves, github.com/batterysim/esctoolbox-python "
            "@e82af551 "
            "ocv_data, MIT; hysteresis itself (half gap 12 to 55 mV) is left out",
            "capacity_Ah: mean over the three temperatures of the charge between full and 2.0 V in the dynamic "
            "records, same source",
            "series, rc1, rc2: least squares on the dynamic records at -15, 5 and 25 degC, same source; an "
            "offset over SoC, "
            "freed in the fit for the hysteresis, is dropped; the row at 45 degC is extrapolated by Arrhenius "
            "from 5 and 25 degC",
            "entropy: Sony US26650FTC1, github.com/martincornejo/simses-lite, BSD-3-Clause (another LFP cell of "
            "the same size)",
            "thermal: volume and surface of a 26650 can with 1.938e6 J/(m3 K) (LFP 18650 example of "
            "github.com/FaradayInstitution/BPX @0f591336, MIT, where it is called estimated) and 10 W/(m2 K), "
            "which is assumed",
        ],
        "licence": "MIT (measured curves) and BSD-3-Clause (entropy); texts in LICENSES/",
        "made_by": "models/parameters/fit/lfp_a123.py",
        "capacity_Ah": float(numpy.mean(capacities_Ah)),
        "nominal_V": 3.2,
        "usual_low_V": 2.0,
        "usual_high_V": 3.6,
        "validity": {
            "low_V": 1.9,
            "high_V": 3.65,
            "low_degC": -15.0,
            "high_degC": warm_degC,
            "low_soc": 0.0,
            "high_soc": 1.0,
        },
        "thermal": {"heat_capacity_J_per_K": 1.938e6 * volume_m3, "resistance_K_per_W": 1.0 / (10.0 * area_m2)},
        "ocv": ocv,
        "entropy": {"soc": list(entropy_soc), "value_V_per_K": list(entropy)},
        "series": {
            "soc": list(KNOTS),
            "temperature_degC": temperatures,
            "value_Ohm": [list(row[0]) for row in rows],
        },
        "rc1": cell_fit.elements(KNOTS, temperatures, [row[1] for row in rows], [tau[0] for tau in taus]),
        "rc2": cell_fit.elements(KNOTS, temperatures, [row[2] for row in rows], [tau[1] for tau in taus]),
    }
    cell_fit.write(output, cell)
    for degC, (time_s, current_A, voltage_V, state) in runs.items():
        difference_V = cell_fit.simulate_V(cell, time_s, current_A, state, degC) - voltage_V
        kept = (state > 0.1) & (state < 0.9)
        print(
            f"dynamic profile {degC:5.0f} degC: rms {cell_fit.rms_mV(difference_V):5.1f} mV, "
            f"SoC 0.1 to 0.9 {cell_fit.rms_mV(difference_V[kept]):5.1f} mV, tau {fitted[degC][0]} s, "
            f"R0 {1e3 * numpy.mean(fitted[degC][1]):.1f} mOhm"
        )


if __name__ == "__main__":
    main()
