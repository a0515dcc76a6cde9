"""A protection under test: a limit of the part, bound to the settings that were written to the board.

From the two it makes the rules that the traces are judged by. All times in s, values in the unit of the quantity.
"""

from __future__ import annotations

from dataclasses import dataclass

from packrig import _core
from packrig.part import Limit, Part


@dataclass(frozen=True)
class Protection:
    part: Part
    limit: Limit
    settings: dict[str, float]

    def at(self, settings: dict[str, float]) -> Protection:
        """The same limit where other settings have been written."""
        return Protection(self.part, self.limit, self.settings | settings)

    @property
    def threshold(self) -> float:
        return self.limit.sign * self.part.number(self.limit.threshold, self.settings)

    @property
    def release_threshold(self) -> float:
        """Where the quantity must come back to; a current releases after a time, so anywhere inside its limit."""
        if self.limit.release is None:
            return self.threshold
        return self.limit.sign * self.part.number(self.limit.release, self.settings)

    @property
    def delay_s(self) -> float:
        """The configured or assumed delay; 0 for a limit without one."""
        return self.part.number(self.limit.delay, self.settings) if self.limit.delay else 0.0

    @property
    def promised(self) -> bool:
        """Whether there is a number to hold a trip time to."""
        return self.limit.delay is not None

    @property
    def band_s(self) -> tuple[float, float]:
        """What a trip time may be: [D - tolerance, D + n scans + drive]."""
        if not self.promised:
            return 0.0, self.part.number(self.limit.longest, self.settings)
        return self.part.delay_band_s(self.delay_s)

    @property
    def release_band_s(self) -> tuple[float, float]:
        """The same for the release: after the release time, or within the time of detection and the delay."""
        if self.limit.release_after:
            return self.part.delay_band_s(self.part.number(self.limit.release_after, self.settings))
        return 0.0, self.band_s[1]

    @property
    def longest_s(self) -> float:
        """Long enough after a crossing for the verdict "no trip"."""
        return self.band_s[1] + 1.0

    @property
    def setting_names(self) -> list[str]:
        """The settings that make up this limit."""
        limit = self.limit
        names = [limit.threshold, limit.release, limit.delay, limit.release_after]
        return [name for name in names if name in self.part.settings]

    def beyond(self, amount: float) -> float:
        """The threshold passed by `amount`; short of it when negative."""
        return self.threshold + self.limit.beyond * amount

    def inside_release(self, amount: float) -> float:
        """The release threshold passed inwards by `amount`."""
        return self.release_threshold - self.limit.beyond * amount

    def channel(self, number: int) -> _core.Channel:
        return _core.Channel(self.limit.quantity, number)

    def trip_rule(self, number: int, from_s: float) -> _core.TripRule:
        low_s, high_s = self.band_s
        return _core.TripRule(
            channel=self.channel(number),
            side=self.limit.side,
            threshold=self.threshold,
            actuator=self.limit.actuator,
            drive_on=False,
            low_s=low_s,
            high_s=high_s,
            promised=self.promised,
            from_s=from_s,
        )

    def alarm_rule(self, number: int, alarms: list[str], heard_s: float, from_s: float) -> _core.AlarmRule:
        """One of the alarms is on the bus within the time of the trip and `heard_s` more."""
        low_s, high_s = self.band_s
        return _core.AlarmRule(
            channel=self.channel(number),
            side=self.limit.side,
            threshold=self.threshold,
            alarms=alarms,
            actuator=self.limit.actuator,
            low_s=low_s,
            high_s=high_s + heard_s,
            from_s=from_s,
        )

    def release_rule(self, channel: _core.Channel, from_s: float, level: float | None = None) -> _core.TripRule:
        """The drive closes again once `channel` is back inside the release threshold (or `level`)."""
        low_s, high_s = self.release_band_s
        return _core.TripRule(
            channel=channel,
            side="below" if self.limit.side == "above" else "above",
            threshold=self.release_threshold if level is None else level,
            actuator=self.limit.actuator,
            drive_on=True,
            low_s=low_s,
            high_s=high_s,
            promised=self.promised,
            from_s=from_s,
        )

    def trip_point_rule(self, number: int, from_s: float) -> _core.PointRule:
        """On a ramp, the value before the delay lies within the accuracy of the threshold."""
        low_s, high_s = self.band_s
        return _core.PointRule(
            channel=self.channel(number),
            side=self.limit.side,
            low=self.threshold - self.limit.accuracy,
            high=self.threshold + self.limit.accuracy,
            delay_s=0.5 * (low_s + high_s),
            delay_uncertainty_s=0.5 * (high_s - low_s),
            actuator=self.limit.actuator,
            drive_on=False,
            from_s=from_s,
        )

    def hold_rule(
        self,
        channel: _core.Channel,
        from_s: float,
        *,
        reach: float,
        reach_s: float,
        ceiling: float | None = None,
        ceiling_s: float = 0.0,
        actuator: str | None = None,
        drive_on: bool = False,
        side: str | None = None,
    ) -> _core.HoldRule:
        """The drive stays as it is though the channel is beyond `reach` for `reach_s`, never beyond `ceiling` for
        longer than `ceiling_s`."""
        side = side or self.limit.side
        if ceiling is None:
            ceiling = float("inf") if side == "above" else float("-inf")
        return _core.HoldRule(
            channel=channel,
            side=side,
            reach=reach,
            reach_s=reach_s,
            ceiling=ceiling,
            ceiling_s=ceiling_s,
            actuator=actuator or self.limit.actuator,
            drive_on=drive_on,
            from_s=from_s,
        )
