"""The benches by name: what the BMS is plugged into. The command line and the plug-in offer the same ones."""

BENCHES = {
    "sim": "the simulated firmware in this process",
    "twin": "the same behind a model of laboratory instruments",
    "posix": "the simulated firmware as a process of its own, in lockstep",
    "qemu": "the simulated firmware on an emulated Cortex-M3, in lockstep",
}

# Those whose board can be served in real time: bus bytes do not pass the twin's instruments.
SERVING = ("sim", "posix", "qemu")
