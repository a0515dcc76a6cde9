"""`packrig fuzz`: clang's libFuzzer on the parsers of the board and of the host, with the sanitizers."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from packrig import environment
from packrig.exit_codes import ExitCode, SetupError

# Of an input, in bytes: longer than any frame of the wire.
_LENGTH_MAX = 1024
# One input must not take longer.
_PATIENCE_S = 10


def fuzz(seconds: int) -> ExitCode:
    """FAILED where a parser breaks; the input that did it is kept and named. The fuzzers run side by side and share
    `seconds` of a processor."""
    root = environment.source_root()
    if root is None:
        raise SetupError("the fuzzers are not installed, only in the source tree: start ./packrig fuzz there")
    if shutil.which("clang++") is None:
        raise SetupError("clang++ is missing: apt-get install clang libclang-rt-14-dev")
    build = root / "build" / "fuzz"
    _run(["cmake", "-S", str(root), "--preset", "fuzz"], "configuring")
    _run(["ninja", "-C", str(build), "fuzzers"], "building the fuzzers; libFuzzer is in libclang-rt-14-dev")
    fuzzers = sorted((build / "fuzzers").glob("*_fuzz"))
    each_s = max(1, seconds // len(fuzzers))
    print(f"{', '.join(fuzzer.name for fuzzer in fuzzers)} for {each_s} s each ...", flush=True)
    begun = [_begin(fuzzer, each_s) for fuzzer in fuzzers]
    broken = [fuzzer.name for fuzzer, run in zip(fuzzers, begun, strict=True) if not _survives(fuzzer, run)]
    print(f"broken: {', '.join(broken)}" if broken else "no crash, leak or time-out")
    return ExitCode.FAILED if broken else ExitCode.PASSED


def _begin(fuzzer: Path, seconds: int) -> subprocess.Popen[str]:
    """What was found in earlier runs lies beside the fuzzer and is where this one begins."""
    corpus = fuzzer.with_name(f"{fuzzer.name}_corpus")
    corpus.mkdir(exist_ok=True)
    return subprocess.Popen(
        [str(fuzzer), str(corpus), f"-max_total_time={seconds}", f"-max_len={_LENGTH_MAX}", f"-timeout={_PATIENCE_S}",
         f"-artifact_prefix={fuzzer}_", "-print_final_stats=1", "-verbosity=0"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace",
        env={**os.environ, "UBSAN_OPTIONS": "print_stacktrace=1"},
    )  # fmt: skip


def _survives(fuzzer: Path, run: subprocess.Popen[str]) -> bool:
    lines = run.communicate()[1].splitlines()
    shown = lines if run.returncode != 0 else [line for line in lines if "number_of_executed_units" in line]
    print("\n".join([f"{fuzzer.name}:", *shown]), flush=True)
    return run.returncode == 0


def _run(command: list[str], what: str) -> None:
    run = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if run.returncode != 0:
        raise SetupError(f"{what}: {' '.join(command)} failed\n{run.stdout[-4000:]}{run.stderr[-4000:]}")
