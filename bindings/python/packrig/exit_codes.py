"""What packrig's exit code says, and the two errors that end a command before it has a verdict."""

from collections.abc import Iterable
from enum import IntEnum


class ExitCode(IntEnum):
    """One command, one code. When several hold, the first of PRECEDENCE is returned."""

    PASSED = 0
    FAILED = 1  # a verdict is FAIL (for `test`: a test failed)
    INTERRUPTED = 2
    SETUP_FAILED = 3  # the rig or the set-up is broken: nothing is said about the product
    USAGE = 4  # what was asked for does not exist or cannot be
    NOTHING_RAN = 5
    INCONCLUSIVE = 6  # the measurement's uncertainty straddles a limit


PRECEDENCE = (
    ExitCode.INTERRUPTED,
    ExitCode.SETUP_FAILED,
    ExitCode.USAGE,
    ExitCode.FAILED,
    ExitCode.INCONCLUSIVE,
    ExitCode.NOTHING_RAN,
    ExitCode.PASSED,
)


class UsageError(Exception):
    """What the user asked for is not acceptable; one line: the offender, its value, what is accepted. Exit code 4."""


class SetupError(Exception):
    """The rig cannot be set up; one line: what is missing and what to do about it. Exit code 3."""


def exit_code_of(outcomes: Iterable[str], interrupted: bool = False) -> ExitCode:
    """The exit code of a run from its cases' outcomes. SKIPPED cases did not run."""
    seen = set(outcomes)
    codes = {ExitCode.PASSED}
    if interrupted:
        codes.add(ExitCode.INTERRUPTED)
    if "ERROR" in seen:
        codes.add(ExitCode.SETUP_FAILED)
    if "FAIL" in seen:
        codes.add(ExitCode.FAILED)
    if "INCONCLUSIVE" in seen:
        codes.add(ExitCode.INCONCLUSIVE)
    if not seen - {"SKIPPED"}:
        codes.add(ExitCode.NOTHING_RAN)
    return next(code for code in PRECEDENCE if code in codes)
