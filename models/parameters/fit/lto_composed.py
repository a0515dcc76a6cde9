"""LTO: a cell composed from literature, never measured. Elements from a porous-electrode solution of the composed set.

    python3 models/parameters/fit/lto_composed.py DATA models/parameters/lto_composed.json

DATA holds params/lto and measured/dfn_ref (see ../README.md).
"""

import json
import pathlib
import sys

import cell_fit
import numpy

RECORDS = {"cc0p5C": 1.0, "cc1C": 1.0, "chg1C": 0.1, "pulse_soc50": 0.5, "us06": 0.8}  # SoC at which each starts
FILES = {"chg1C": "chg1C_25C_from10"}
KNOTS = numpy.array([0.0, 0.03, 0.06, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0])
TEMPERATURES = (-20.0, 0.0, 25.0, 45.0, 60.0)


def potential_V(expression, x):
    """An open-circuit expression of the BPX file, written in Python's own operators."""
    names = {"x": x, "exp": numpy.exp, "tanh": numpy.tanh, "__builtins__": {}}
    return eval(expression, names)


def main():
    data, output = pathlib.Path(sys.argv[1]), sys.argv[2]
    source = json.loads((data / "params/lto/lto_nmc111_composed_BPX.json").read_text())["Parameterisation"]
    body, negative, positive = source["Cell"], source["Negative electrode"], source["Positive electrode"]
    capacity_Ah = body["Nominal cell capacity [A.h]"]

    def window(electrode, soc, empty, full):
        return electrode[empty] + soc * (electrode[full] - electrode[empty])

    soc = numpy.linspace(0.0, 1.0, 201)
    low, high = "Minimum stoichiometry", "Maximum stoichiometry"
    open_V = potential_V(positive["OCP [V]"], window(positive, soc, high, low)) - potential_V(
        negative["OCP [V]"], window(negative, soc, low, high)
    )
    ocv = {"soc": list(soc), "temperature_degC": [25.0], "value_V": [list(open_V)]}

    records, runs = {}, []
    for name, start in RECORDS.items():
        path = data / f"measured/dfn_ref/lto_nmc111_composed_{FILES.get(name, name + '_25C')}.csv"
        time_s, current_A, voltage_V = cell_fit.read_columns(path, (0, 1, 2))
        time_s, current_A = numpy.append(0.0, time_s), numpy.append(0.0, current_A)
        state = start - cell_fit.moved_Ah(time_s, current_A) / capacity_Ah
        time_s, current_A, state = time_s[1:], current_A[1:], state[1:]
        records[name] = (time_s, current_A, voltage_V, state)
        drop_V = cell_fit.surface(ocv, "value_V", state, 25.0) - voltage_V
        kept = state > 0.03
        runs.append(cell_fit.Run(time_s[kept], current_A[kept], drop_V[kept], state[kept]))
    taus_s, series, fast, slow = cell_fit.fit(runs, KNOTS, (2.0, 4.0, 8.0, 16.0), (30.0, 60.0, 120.0, 240.0))

    # The solution exists at 25 degC only: elsewhere the set's own activation energies, electrolyte conductivity for R0
    # and the positive electrode's kinetics and diffusion for the pairs.
    ohmic = [
        cell_fit.arrhenius(source["Electrolyte"]["Conductivity activation energy [J.mol-1]"], t, 25.0)
        for t in TEMPERATURES
    ]
    kinetic = [
        cell_fit.arrhenius(positive["Reaction rate constant activation energy [J.mol-1]"], t, 25.0)
        for t in TEMPERATURES
    ]
    diffusive = [cell_fit.arrhenius(positive["Diffusivity activation energy [J.mol-1]"], t, 25.0) for t in TEMPERATURES]
    cell = {
        "format": "packrig cell set 1",
        "name": "LTO | NMC111",
        "chemistry": "lto",
        "composed": True,
        "label": "composed from literature, never validated",
        "provenance": "No measured LTO cell under a free licence was found: LTO anode from literature, NMC111 "
        "cathode of a BPX example.",
        "origin": [
            "ocv: positive minus negative open-circuit expression over the stoichiometry windows of the composed "
            "set; LTO "
            "S. Stewart, P. Albertus, J. Newman et al., J. Electrochem. Soc. 155 (2008) A253; NMC111 "
            "github.com/FaradayInstitution/BPX @0f591336 examples, MIT",
            "capacity_Ah: of the composed set (capacity balance of its electrodes)",
            "series, rc1, rc2: least squares on an own porous-electrode solution of the composed set at 25 degC "
            "(0.5C and 1C "
            "discharge, 1C charge, pulses, US06); exchange current of LTO and porosities are assumed in that set",
            "temperature: R0 by the electrolyte's 17.1 kJ/mol, rc1 by the cathode kinetics' 35 kJ/mol, rc2 by "
            "the cathode "
            "diffusion's 15 kJ/mol, all of the composed set",
            "entropy: -1e-4 V/K of the cathode, none of the anode, of the composed set",
            "thermal: volume, density and specific heat of the BPX pouch; 10 W/(m2 K) on its surface is assumed",
        ],
        "licence": "own composition; cathode, electrolyte and thermal values MIT; texts in LICENSES/",
        "made_by": "models/parameters/fit/lto_composed.py",
        "capacity_Ah": capacity_Ah,
        "nominal_V": 2.3,
        "usual_low_V": body["Lower voltage cut-off [V]"],
        "usual_high_V": body["Upper voltage cut-off [V]"],
        "validity": {
            "low_V": 1.4,
            "high_V": 2.9,
            "low_degC": TEMPERATURES[0],
            "high_degC": TEMPERATURES[-1],
            "low_soc": 0.0,
            "high_soc": 1.0,
        },
        "thermal": {
            "heat_capacity_J_per_K": body["Specific heat capacity [J.K-1.kg-1]"]
            * body["Density [kg.m-3]"]
            * body["Volume [m3]"],
            "resistance_K_per_W": 1.0 / (10.0 * body["External surface area [m2]"]),
        },
        "ocv": ocv,
        "entropy": {"soc": [0.0, 1.0], "value_V_per_K": [positive["Entropic change coefficient [V.K-1]"]] * 2},
        "series": {
            "soc": list(KNOTS),
            "temperature_degC": list(TEMPERATURES),
            "value_Ohm": [list(series * factor) for factor in ohmic],
        },
        "rc1": cell_fit.elements(
            KNOTS, TEMPERATURES, [fast * factor for factor in kinetic], [taus_s[0]] * len(TEMPERATURES)
        ),
        "rc2": cell_fit.elements(
            KNOTS, TEMPERATURES, [slow * factor for factor in diffusive], [taus_s[1] * f for f in diffusive]
        ),
    }
    cell_fit.write(output, cell)
    print(
        f"tau {taus_s} s, R0 {1e3 * numpy.mean(series):.2f}, R1 {1e3 * numpy.mean(fast):.2f}, R2 "
        f"{1e3 * numpy.mean(slow):.2f} mOhm"
    )
    for name, (time_s, current_A, voltage_V, state) in records.items():
        difference_V = cell_fit.simulate_V(cell, time_s, current_A, state, 25.0) - voltage_V
        kept = (state > 0.1) & (state < 0.95)
        print(
            f"{name:12s}: rms {cell_fit.rms_mV(difference_V):5.1f} mV, SoC 0.1 to 0.95 "
            f"{cell_fit.rms_mV(difference_V[kept]):5.1f} mV"
        )


if __name__ == "__main__":
    main()
