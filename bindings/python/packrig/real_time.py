"""Being woken in time on a busy machine."""

import contextlib
import os
from collections.abc import Iterator

PRIORITY = 10  # of 1 to 99: before every ordinary process, behind what the kernel and sound need


@contextlib.contextmanager
def scheduled() -> Iterator[bool]:
    """Runs in front of ordinary processes (SCHED_FIFO) where the system allows it; tells whether it does.

    Only for what sleeps most of the time: nothing else would get this core meanwhile.
    """
    former, settings = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        # Children are ordinary again: an emulator must not hold a core for itself.
        os.sched_setscheduler(0, os.SCHED_FIFO | os.SCHED_RESET_ON_FORK, os.sched_param(PRIORITY))
    except PermissionError:
        yield False
        return
    try:
        yield True
    finally:
        with contextlib.suppress(PermissionError):  # once raised, a right may have been dropped since
            os.sched_setscheduler(0, former, settings)
