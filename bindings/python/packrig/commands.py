"""What `verify`, `plan` and `judge` do."""

import argparse
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from packrig import environment
from packrig.exit_codes import ExitCode, SetupError, UsageError, exit_code_of
from packrig.junit import write_junit
from packrig.plan_view import print_plan
from packrig.progress import CaseProgress
from packrig.report import write_report
from packrig.summary import count, headline
from packrig.table import console, print_results

# What a run writes besides its traces. An earlier run's are removed first: a run that ends early must not lie
# beside the verdicts of another.
RUN_FILES = ("results.json", "junit.xml", "report.html")


def verify(options: argparse.Namespace) -> ExitCode:
    from packrig.part import load_part

    part = load_part(options.part)
    firmware = _firmware_file(options.firmware)
    unusual = [f"-{choice}" for choice in (options.cell, options.afe) if choice not in ("ecm", "nominal")]
    out = options.out or Path("out") / "".join([f"{part.name}-{options.bench}-{options.tier}", *unusual])
    check_writable(out)
    runner = _runner()
    out.mkdir(parents=True, exist_ok=True)
    for name in RUN_FILES:
        (out / name).unlink(missing_ok=True)

    with _stdout_only_for_us(options.json):
        with CaseProgress(f"{part.name} on {options.bench}", quiet=options.json) as progress:
            results = runner.run(
                part.name,
                options.bench,
                options.tier,
                options.keyword,
                out.resolve(),
                options.seed,
                options.jobs or environment.usable_cores(),
                firmware,
                progress.on_case,
                cell=options.cell,
                afe=options.afe,
            )
        write_junit(results, out / "junit.xml")
        write_report(results, out / "report.html")

    code = exit_code_of((case["outcome"] for case in results["cases"]), bool(results.get("interrupted")))
    if options.json:
        summary = {"headline": headline(results), "counts": count(results["cases"]), "exit_code": int(code)}
        _print_json({**summary, "folder": str(out), **results})
    else:
        print_results(results, out / "report.html")
    if code is ExitCode.NOTHING_RAN and options.keyword and not results["cases"]:
        print(f"packrig: no case matches -k '{options.keyword}'; `plan` lists them", file=sys.stderr)
    return code


def plan(options: argparse.Namespace) -> ExitCode:
    from packrig.part import load_part

    part = load_part(options.part)
    with _stdout_only_for_us(options.json):
        entries = _runner().plan(part.name, options.bench, options.tier, options.keyword, options.seed, options.cell)
    if options.json:
        _print_json(entries)
    else:
        print_plan(entries, sys.stdout)
    return ExitCode.PASSED if any(entry["skip_reason"] is None for entry in entries) else ExitCode.NOTHING_RAN


def judge(options: argparse.Namespace) -> ExitCode:
    """Exit code of the recomputed verdicts; 3 when one differs from what is stored: trace or rule was changed."""
    with _stdout_only_for_us(options.json):
        entries = _runner().rejudge(options.folder)
    changed = [entry for entry in entries if not entry["same"]]
    if options.json:
        _print_json(entries)
    else:
        out = console(sys.stdout)
        for entry in changed:
            out.print(f"{entry['id']}: stored {entry['stored']}, recomputed {entry['outcome']}", markup=False)
        out.print(f"{len(entries)} verdicts recomputed, {len(entries) - len(changed)} as stored")
    if changed:
        return ExitCode.SETUP_FAILED
    return exit_code_of(entry["outcome"] for entry in entries)


def check_writable(folder: Path) -> None:
    """Raises UsageError unless `folder` can be made or written into; leaves nothing behind."""
    standing = folder.absolute()
    # A path below a file does not exist either, so the walk ends at that file and not above it.
    while not os.path.lexists(standing):
        standing = standing.parent
    if not standing.is_dir():
        raise UsageError(f"--out {folder}: {standing} is not a folder; name one that exists or can be made")
    try:
        with tempfile.TemporaryFile(dir=standing):
            pass
    except OSError as error:
        raise UsageError(
            f"--out {folder}: {standing} cannot be written ({error.strerror}); name a folder that can"
        ) from error


def _firmware_file(path: Path | None) -> str | None:
    if path is None:
        return None
    if not path.is_file():
        raise UsageError(f"--firmware {path}: there is no such file; accepted: a shared library (.so)")
    return str(path.resolve())


def _runner():
    try:
        from packrig import runner
    except ImportError as error:
        raise SetupError(f"the compiled core cannot be loaded ({error}); start ./packrig, which builds it") from error
    return runner


@contextlib.contextmanager
def _stdout_only_for_us(wanted: bool) -> Iterator[None]:
    """Sends what anything else (a scenario, a library, a worker) prints to stderr: --json stays one document."""
    if not wanted:
        yield
        return
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def _print_json(document: object) -> None:
    json.dump(document, sys.stdout, indent=1, sort_keys=True, allow_nan=False)
    print()
