"""What the fits share: reading, linear least squares for the elements of a two-RC cell, simulation, writing.

Current is positive when it discharges the cell. With the two time constants fixed, the overpotential is linear in the
resistances, so that a fit is one linear solve; the time constants are searched on a grid. Nothing here is random.
"""

import json
import math
import pathlib

import numpy


def read_columns(path, columns, delimiter=","):
    """Columns of a CSV as arrays; '#' lines and lines that are not numbers are skipped, and so are rows with a "
    "gap."""
    rows = []
    for line in pathlib.Path(path).read_text().splitlines():
        fields = line.split(delimiter)
        try:
            rows.append([float(fields[i]) for i in columns])
        except (ValueError, IndexError):
            continue
    return [column.copy() for column in numpy.array(rows).T]


def filtered_A(time_s, current_A, tau_s):
    """Current through a first-order lag: the row's current holds over the step that ends at the row's time."""
    result = numpy.zeros_like(current_A)
    state_A = 0.0
    for i in range(1, len(time_s)):
        decay = math.exp(-(time_s[i] - time_s[i - 1]) / tau_s)
        state_A = decay * state_A + (1.0 - decay) * current_A[i]
        result[i] = state_A
    return result


def hats(soc, knots):
    """Piecewise-linear base functions at `soc`, one column per knot; the edge values hold outside."""
    return numpy.column_stack([numpy.interp(soc, knots, unit) for unit in numpy.eye(len(knots))])


class Run:
    """One record: `drop_V` is OCV minus terminal voltage, `weight` what one of its rows counts."""

    def __init__(self, time_s, current_A, drop_V, soc, weight=1.0, has_offset=False):
        self.time_s, self.current_A, self.drop_V, self.soc = time_s, current_A, drop_V, soc
        self.weight, self.has_offset = weight, has_offset


def solve(runs, knots, taus_s, smoothing, smallest_Ohm):
    """R0, R1, R2 (and a voltage offset for runs that have one) over the SoC knots; returns (weighted rms, "
    "columns)."""
    count = len(knots)
    rows, targets = [], []
    for run in runs:
        base = hats(run.soc, knots)
        blocks = [base * run.current_A[:, None]]
        blocks += [base * filtered_A(run.time_s, run.current_A, tau)[:, None] for tau in taus_s]
        blocks += [base if run.has_offset else numpy.zeros_like(base)]
        rows.append(run.weight * numpy.hstack(blocks))
        targets.append(run.weight * run.drop_V)
    data, target = numpy.vstack(rows), numpy.concatenate(targets)
    # Neighbouring knots pull on each other, so that a knot without data follows them. R0 and R1 are held stiffer than
    # R2: steady discharges tell only the sum of the three, and the slow one is where it then belongs.
    step = numpy.diff(numpy.eye(count), axis=0)
    typical_A = numpy.median(numpy.abs(numpy.concatenate([run.current_A for run in runs])) + 0.1)
    stiffness = numpy.diag([smoothing, smoothing, 0.1 * smoothing, 1e-3 * smoothing])
    penalty = numpy.kron(stiffness, step) * typical_A * math.sqrt(len(target))
    penalty = numpy.vstack([penalty, 1e-6 * numpy.eye(4 * count)])
    matrix = numpy.vstack([data, penalty])
    goal = numpy.concatenate([target, numpy.zeros(len(penalty))])
    gram, moment = matrix.T @ matrix, matrix.T @ goal
    # Resistances are held at or above `smallest_Ohm`: what falls below is fixed there and the rest solved again.
    fixed = numpy.zeros(4 * count, dtype=bool)
    x = numpy.zeros(4 * count)
    while True:
        x[fixed] = smallest_Ohm
        free = ~fixed
        x[free] = numpy.linalg.solve(
            gram[numpy.ix_(free, free)], moment[free] - gram[numpy.ix_(free, fixed)] @ x[fixed]
        )
        low = free & (x < smallest_Ohm) & (numpy.arange(4 * count) < 3 * count)
        if not low.any():
            break
        fixed |= low
    rms = math.sqrt(numpy.mean((data @ x - target) ** 2))
    return rms, x.reshape(4, count)


def fit(runs, knots, fast_taus_s, slow_taus_s, smoothing=0.1, smallest_Ohm=1e-5):
    """The best pair of time constants of the grid and its elements: (taus_s, R0, R1, R2 over the knots)."""
    best = None
    for fast_s in fast_taus_s:
        for slow_s in slow_taus_s:
            rms, columns = solve(runs, knots, (fast_s, slow_s), smoothing, smallest_Ohm)
            if best is None or rms < best[0]:
                best = (rms, (fast_s, slow_s), columns)
    return best[1], best[2][0], best[2][1], best[2][2]


def surface(block, key, soc, degC):
    """The table `block[key]` of a cell at arrays of SoC and one temperature."""
    rows = [numpy.interp(soc, block["soc"], row) for row in block[key]]
    temperatures = block["temperature_degC"]
    below = int(numpy.clip(numpy.searchsorted(temperatures, degC, side="right") - 1, 0, max(len(temperatures) - 2, 0)))
    if len(temperatures) == 1:
        return rows[0]
    weight = numpy.clip((degC - temperatures[below]) / (temperatures[below + 1] - temperatures[below]), 0.0, 1.0)
    return rows[below] + weight * (rows[below + 1] - rows[below])


def simulate_V(cell, time_s, current_A, soc, degC):
    """Terminal voltage of the finished cell under a current, isothermal: what the bank computes."""
    voltage_V = surface(cell["ocv"], "value_V", soc, degC)
    voltage_V = voltage_V - current_A * surface(cell["series"], "value_Ohm", soc, degC)
    for name in ("rc1", "rc2"):
        resistance_Ohm = surface(cell[name], "resistance_Ohm", soc, degC)
        tau_s = surface(cell[name], "time_constant_s", soc, degC)
        state_V = 0.0
        states = numpy.zeros_like(current_A)
        for i in range(1, len(time_s)):
            decay = math.exp(-(time_s[i] - time_s[i - 1]) / tau_s[i])
            state_V = decay * state_V + (1.0 - decay) * resistance_Ohm[i] * current_A[i]
            states[i] = state_V
        voltage_V = voltage_V - states
    return voltage_V


def rms_mV(difference_V):
    return 1e3 * math.sqrt(numpy.mean(difference_V**2))


def moved_Ah(time_s, current_A):
    """Charge discharged since the first row; a row's current holds over the step that ends at its time."""
    return numpy.concatenate([[0.0], numpy.cumsum(current_A[1:] * numpy.diff(time_s))]) / 3600.0


def elements(knots, temperatures_degC, resistance_Ohm, tau_s):
    return {
        "soc": list(knots),
        "temperature_degC": list(temperatures_degC),
        "resistance_Ohm": [list(row) for row in resistance_Ohm],
        "time_constant_s": [[tau] * len(knots) for tau in tau_s],
    }


def arrhenius(energy_J_per_mol, degC, reference_degC):
    """Factor of a resistance with that activation energy against its value at the reference temperature."""
    gas_constant = 8.314462618
    return math.exp(energy_J_per_mol / gas_constant * (1.0 / (degC + 273.15) - 1.0 / (reference_degC + 273.15)))


def write(path, cell):
    """JSON with six significant digits, a list of numbers on one line."""

    def text(value, indent):
        pad = " " * indent
        if isinstance(value, dict):
            inner = ",\n".join(f"{pad}  {json.dumps(k)}: {text(v, indent + 2)}" for k, v in value.items())
            return "{\n" + inner + "\n" + pad + "}"
        if isinstance(value, list) and value and isinstance(value[0], (list, str)):
            return "[\n" + ",\n".join(f"{pad}  {text(v, indent + 2)}" for v in value) + "\n" + pad + "]"
        if isinstance(value, list):
            return "[" + ", ".join(text(v, 0) for v in value) + "]"
        if isinstance(value, (bool, str)):
            return json.dumps(value)
        return json.dumps(float(f"{value:.6g}"))

    pathlib.Path(path).write_text(text(cell, 0) + "\n")
