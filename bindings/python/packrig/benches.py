"""The benches by name: what the BMS is plugged into. The command line and the plug-in offer the same ones."""

BENCHES = {
    "sim": "the simulated firmware in this process",
    "twin": "the same behind a model of laboratory instruments",
    "posix": "the simulated firmware as a process of its own, in lockstep",
    "qemu": "the simulated firmware on an emulated Cortex-M3, in lockstep",
}
