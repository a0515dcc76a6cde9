"""How late things came, for hours on end."""

from __future__ import annotations

from collections import Counter


class Lateness:
    """How late ticks came, in classes of 10 us up to 1 s: as large after a month as after a minute."""

    CLASS_S = 1e-5
    CLASSES = 100_000

    def __init__(self, limit_s: float) -> None:
        """`limit_s` is how late a tick may be before it counts as late."""
        self._limit_s = limit_s
        self._count: Counter[int] = Counter()
        self.ticks = 0
        self.late = 0

    def add(self, lateness_s: float) -> None:
        self.ticks += 1
        self.late += lateness_s > self._limit_s
        self._count[min(int(max(lateness_s, 0.0) / self.CLASS_S), self.CLASSES)] += 1

    def percentile_s(self, percent: float) -> float:
        """The upper end of the class below or in which `percent` of all ticks are; 0 without any tick."""
        wanted = self.ticks * percent / 100.0
        seen = 0
        for number in sorted(self._count):
            seen += self._count[number]
            if seen >= wanted:
                return (number + 1) * self.CLASS_S
        return 0.0

    def line(self) -> str:
        p50_ms, p99_ms = (1000.0 * self.percentile_s(percent) for percent in (50.0, 99.0))
        return f"{self.late} of {self.ticks} ticks late; lateness p50 {p50_ms:.2f} ms, p99 {p99_ms:.2f} ms"
