"""What a drive does where the sheet promises nothing."""

from typing import Any

from packrig._core import HoldRule
from packrig.scenario import Run


def characterise_drive(
    run: Run, actuator: str, channel: Any, side: str, reach: float, reach_s: float, *, on: bool
) -> bool:
    """Tells whether the drive was on (or off) while the channel stood beyond `reach`, which it does for `reach_s`."""
    return run.judge(
        HoldRule(
            channel=channel,
            side=side,
            reach=reach,
            reach_s=reach_s,
            ceiling=float("inf") if side == "above" else float("-inf"),
            ceiling_s=0.0,
            actuator=actuator,
            drive_on=on,
            promised=False,
            from_s=run.from_s,
        )
    )
