"""The command line: what may be asked, and what is answered when it cannot be."""

import argparse
import math
import os
import re
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from packrig import environment
from packrig.benches import BENCHES, SERVING
from packrig.exit_codes import ExitCode, SetupError, UsageError
from packrig.part import DEFAULT_PART
from packrig.suggest import nearest

TIERS = ("smoke", "full")
CELLS = ("ecm", "spme")
AFES = ("nominal", "typical", "worst", "drawn")
SOAKS = ("poll", "bus")
PORTS = ("rs485", "modbus", "can")
PROTOCOLS = ("nw", "modbus", "can")
SEED_MAX = 2**53 - 1  # JSON keeps whole numbers up to here
JOBS_MAX = 256

EPILOG = """exit codes, the first that holds:
  2 interrupted   3 rig or set-up failed   4 usage   1 a verdict (or a test) failed
  6 inconclusive  5 nothing ran            0 passed"""


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns its exit code; errors are one line on stderr."""
    try:
        return int(_run(sys.argv[1:] if arguments is None else arguments))
    except UsageError as error:
        print(f"packrig: {error}", file=sys.stderr)
        return int(ExitCode.USAGE)
    except SetupError as error:
        print(f"packrig: {error}", file=sys.stderr)
        return int(ExitCode.SETUP_FAILED)
    except KeyboardInterrupt:
        print("packrig: interrupted", file=sys.stderr)
        return int(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output went away (`packrig plan | head`): nothing more to say, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(ExitCode.INTERRUPTED)
    except Exception:
        # Our own fault. Python's exit code for it would be 1, and that says that the product failed.
        traceback.print_exc()
        print("packrig: the rig failed; this is a defect of packrig, not a verdict", file=sys.stderr)
        return int(ExitCode.SETUP_FAILED)


def _run(arguments: list[str]) -> ExitCode:
    parser, commands = build_parser()
    word = next((argument for argument in arguments if not argument.startswith("-")), None)
    if word is not None and word not in commands:
        raise UsageError(f"command '{word}' is unknown; {nearest(word, commands)}")
    options, rest = parser.parse_known_args(arguments)
    if rest:
        raise UsageError(_unknown(rest[0], commands.get(word, parser)))
    if "run" not in options:
        parser.print_help()
        return ExitCode.PASSED
    return options.run(options)


def _unknown(argument: str, parser: argparse.ArgumentParser) -> str:
    if not argument.startswith("-"):
        return f"argument '{argument}' is one too many"
    known = [name for action in parser._actions for name in action.option_strings if name.startswith("--")]
    return f"option '{argument.split('=')[0]}' is unknown; {nearest(argument.split('=')[0], known)}"


# "-5degC" is a word, as "-5" is one to argparse; its own pattern knows no units.
_NEGATIVE_QUANTITY = re.compile(r"-[0-9.]")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


def build_parser() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """The parser and its commands by name."""
    layout = {"formatter_class": argparse.RawDescriptionHelpFormatter, "allow_abbrev": False}
    parser = _Parser(
        prog="packrig",
        description="Simulates a battery pack, drives a BMS through its protections and judges it by its datasheet.",
        epilog=EPILOG,
        **layout,
    )
    parser.add_argument("--version", action="version", version=f"packrig {environment.version()}")
    # Not required=True: a bare `packrig` prints the help.
    group = parser.add_subparsers(metavar="COMMAND", parser_class=_Parser)

    def command(name: str, run: Callable, text: str) -> argparse.ArgumentParser:
        made = group.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".", epilog=EPILOG, **layout)
        made.set_defaults(run=run)
        return made

    verify = command("verify", _verify, "run a part's scenarios on a bench and judge them")
    _add_selection(verify)
    verify.add_argument("--out", type=Path, metavar="DIR", help="folder of the run (default: out/PART-BENCH-TIER)")
    _add_jobs(verify)
    verify.add_argument("--afe", type=_choice("front end", AFES), default="nominal", metavar="|".join(AFES),
                        help="errors of the front end: none but quantisation, the sheet's typical ones, a corner of "
                        "them, or drawn by the seed")  # fmt: skip
    verify.add_argument("--firmware", type=Path, metavar="FILE.so", help="a firmware library in place of the copy")
    _add_json(verify)

    plan = command("plan", _plan, "list what verify would run, how long it takes and what this bench skips")
    _add_selection(plan)
    _add_json(plan)

    sim = command("sim", _sim, "run a pack and its BMS on a load profile; write its trace and a plot")
    sim.add_argument("--cells", type=_number("--cells", 1, 1000), default=16, metavar="N", help="in series")
    sim.add_argument("--chem", type=_choice("chemistry", ("lfp", "li_ion", "lto")), default="lfp", metavar="NAME",
                     help="lfp, li_ion or lto")  # fmt: skip
    sim.add_argument("--cell", type=_choice("cell model", CELLS), default="ecm", metavar="|".join(CELLS),
                     help="equivalent circuit, or single particle with electrolyte")  # fmt: skip
    sim.add_argument("--bpx", type=Path, metavar="FILE",
                     help="cells of your own, in place of --chem and --cell: a file of the BPX standard")  # fmt: skip
    sim.add_argument("--profile", type=Path, metavar="FILE", help="CSV of time in s and load (default: US06)")
    sim.add_argument("--unit", type=_choice("unit", ("A", "W")), default="A", metavar="A|W", help="of the profile")
    sim.add_argument("--scale", type=_decimal("--scale", -1e6, 1e6), default=1.0, metavar="X", help="of its values")
    sim.add_argument("--capacity", type=_decimal("--capacity", 0.1, 1e4), metavar="AH", help="of a cell")
    sim.add_argument("--soc", type=_decimal("--soc", 0.0, 1.0), default=0.8, metavar="X", help="at the start")
    sim.add_argument("--ambient", type=_decimal("--ambient", -60.0, 150.0), default=25.0, metavar="DEGC")
    sim.add_argument("--duration", type=_decimal("--duration", 0.001, 1e8), metavar="S", help="default: the profile's")
    sim.add_argument("--repeat", action="store_true", help="begin the profile anew at its end, for as long as it takes")
    sim.add_argument("--seed", type=_number("--seed", 0, SEED_MAX), default=1, metavar="N")
    sim.add_argument("--out", type=Path, metavar="DIR", help="default: out/sim-CHEM-CELLS")
    _add_json(sim)

    serve = command("serve", _serve, "run a pack and its board in real time, with the board's ports where clients are")
    serve.description += (
        " Bytes come and go as the wall clock has it: what is served is outside the claim that equal inputs give equal "
        "bytes. Ctrl-C is the ordinary end: exit code 0."
    )
    serve.add_argument("part", nargs="?", default=DEFAULT_PART, metavar="PART", help=f"default: {DEFAULT_PART}")
    serve.add_argument("--bench", type=_choice("bench", SERVING), default="sim", metavar="|".join(SERVING))
    serve.add_argument("--chem", default="lfp", metavar="NAME", help="lfp, li_ion or lto")
    serve.add_argument("--cells", type=_number("--cells", 1, 1000), default=16, metavar="N", help="in series")
    serve.add_argument("--soc", type=_decimal("--soc", 0.05, 1.0), default=0.8, metavar="X",
                       help="at the start; the board knows it: it has seen its pack full (default: 0.8)")  # fmt: skip
    serve.add_argument("--firmware", type=Path, metavar="FILE", help="a library (sim), program (posix) or ELF (qemu)")
    serve.add_argument("--rs485", type=Path, metavar="PATH", help="a link to the pty, made here and removed at the end")
    serve.add_argument("--modbus", type=Path, metavar="PATH", help="the same, and the board speaks Modbus on it")
    serve.add_argument("--can", metavar="IFACE", help="a CAN interface of the kernel (SocketCAN) to put the board on")
    serve.add_argument("--can-log", type=Path, metavar="FILE|-", help="CAN frames as candump -L writes them")
    serve.add_argument("--can-socket", type=Path, metavar="PATH", help="a local socket for python-can programs")
    serve.add_argument("--port", type=_choice("port", PORTS), metavar="|".join(PORTS),
                       help="what speaks first on the one port that the board's UART and CAN share")  # fmt: skip
    serve.add_argument("--control", type=Path, metavar="PATH", help="the socket of `set` (default: one of its own)")
    serve.add_argument("--duration", type=_decimal("--duration", 0.001, 1e8), metavar="S", help="default: until Ctrl-C")

    change = command("set", _set, "change a serving while it runs: load, charger, ambient, faults, settings")
    change._negative_number_matcher = _NEGATIVE_QUANTITY
    change.add_argument("words", nargs="*", metavar="WORD", help="what to change; none: lists what can be changed")
    change.add_argument("--control", type=Path, metavar="PATH", help="the serving's socket (default: the only one)")
    _add_json(change)

    monitor = command("monitor", _monitor, "read a board, real or served, over 4E57, Modbus or CAN and show it live")
    monitor.add_argument("target", metavar="PORT",
                         help="a serial port or a pty; can: an interface, or lines of candump -L: a file, a pipe, - or "
                              "what `serve --can-socket` made")  # fmt: skip
    monitor.add_argument("--protocol", type=_choice("protocol", PROTOCOLS), default="nw", metavar="|".join(PROTOCOLS),
                         help="nw: 4E57, as boards speak from the start")  # fmt: skip
    monitor.add_argument("--address", type=_number("--address", 0, 247), metavar="N",
                         help="of the board: its Modbus unit (default: 1), or its address on CAN (0)")  # fmt: skip
    monitor.add_argument("--baud", type=_number("--baud", 1, 4_000_000), metavar="N", help="default: 115200")
    monitor.add_argument("--period", type=_decimal("--period", 0.1, 3600.0), default=0.5, metavar="S", help="of asking")
    monitor.add_argument("--count", type=_number("--count", 1, 10**9), metavar="N", help="questions (default: no end)")

    soak = command("soak", _soak, "ask a served board for an hour, or keep a bus saturated for a day; count what fails")
    soak.add_argument("what", type=_choice("soak", SOAKS), metavar="|".join(SOAKS),
                      help="poll: 4E57 over a pty in real time; bus: a serial line in simulated time")  # fmt: skip
    soak.add_argument("--count", type=_number("--count", 1, 10**9), default=18_000, metavar="N", help="polls, 5 a s")
    soak.add_argument("--hours", type=_decimal("--hours", 1e-6, 2400.0), default=24.0, metavar="H", help="simulated")
    _add_json(soak)

    judge = command("judge", _judge, "recompute the verdicts of a stored run from its traces and rules alone")
    judge.add_argument("folder", type=Path, metavar="DIR", help="the --out folder of the run")
    _add_json(judge)

    compare = command("compare", _compare, "set several stored runs side by side: values, outcomes, what the BMS did")
    compare.add_argument("folders", type=Path, nargs="+", metavar="DIR", help="the --out folders of two or more runs")
    _add_json(compare)

    test = command("test", _test, "run all of packrig's own tests")
    _add_jobs(test)

    fuzz = command("fuzz", _fuzz, "feed the parsers of board and host what nobody thought of, by clang's libFuzzer")
    fuzz.add_argument("--seconds", type=_number("--seconds", 1, 10**6), default=60, metavar="N", help="in all")

    perf = command("perf", _perf, "measure speed: benchmarks with their ratios, and whole-process figures")
    perf.add_argument("name", nargs="?", metavar="NAME", help="only what has NAME in its name")
    perf.add_argument("--repeat", type=_number("--repeat", 1, 100), default=5, metavar="N",
                      help="show the fastest of N runs of each benchmark (default: 5)")
    _add_json(perf)
    return parser, group.choices


def _add_selection(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("part", nargs="?", default=DEFAULT_PART, metavar="PART", help=f"default: {DEFAULT_PART}")
    parser.add_argument("--bench", type=_choice("bench", tuple(BENCHES)), default="sim", metavar="|".join(BENCHES))
    parser.add_argument("--cell", type=_choice("cell model", CELLS), default="ecm", metavar="|".join(CELLS),
                        help="equivalent circuit, or single particle with electrolyte")  # fmt: skip
    parser.add_argument("-k", dest="keyword", metavar="EXPR", help="only cases that match, as in pytest -k")
    parser.add_argument("--tier", type=_choice("tier", TIERS), default="smoke", metavar="|".join(TIERS))
    parser.add_argument("--seed", type=_number("--seed", 0, SEED_MAX), default=1, metavar="N")


def _add_jobs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--jobs", type=_number("--jobs", 1, JOBS_MAX), metavar="N", help="processes (default: one per core)"
    )


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout and nothing else")


# argparse lets UsageError through: its own messages would not name what is nearest.
def _choice(what: str, known: tuple[str, ...]) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text not in known:
            raise UsageError(f"{what} '{text}' is unknown; {nearest(text, known)}")
        return text

    return check


def _number(option: str, low: int, high: int) -> Callable[[str], int]:
    def check(text: str) -> int:
        if not re.fullmatch(r"-?[0-9]+", text) or not low <= int(text) <= high:
            raise UsageError(f"{option} '{text}' is not a whole number from {low} to {high}")
        return int(text)

    return check


def _decimal(option: str, low: float, high: float) -> Callable[[str], float]:
    def check(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise UsageError(f"{option} '{text}' is not a number from {low:g} to {high:g}")
        return value

    return check


# Imported when needed: `--version` and a typing error are answered at once, and before the core is built.
def _verify(options: argparse.Namespace) -> ExitCode:
    from packrig.commands import verify

    return verify(options)


def _plan(options: argparse.Namespace) -> ExitCode:
    from packrig.commands import plan

    return plan(options)


def _sim(options: argparse.Namespace) -> ExitCode:
    from packrig.simulate import simulate

    return simulate(options)


def _serve(options: argparse.Namespace) -> ExitCode:
    from packrig.serve import serve

    return serve(options)


def _set(options: argparse.Namespace) -> ExitCode:
    from packrig.set_command import change

    return change(options)


def _monitor(options: argparse.Namespace) -> ExitCode:
    from packrig.monitor import monitor

    return monitor(options)


def _soak(options: argparse.Namespace) -> ExitCode:
    from packrig.soak import soak

    return soak(options)


def _judge(options: argparse.Namespace) -> ExitCode:
    from packrig.commands import judge

    return judge(options)


def _compare(options: argparse.Namespace) -> ExitCode:
    from packrig.compare import compare

    return compare(options)


def _test(options: argparse.Namespace) -> ExitCode:
    from packrig.testing import test

    return test(options.jobs or environment.usable_cores())


def _fuzz(options: argparse.Namespace) -> ExitCode:
    from packrig.fuzz import fuzz

    return fuzz(options.seconds)


def _perf(options: argparse.Namespace) -> ExitCode:
    from packrig.perf import perf

    return perf(options.name, options.repeat, options.json)
