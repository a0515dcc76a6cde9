"""Questions that are asked of every protection; each scenario file says which ones, of which limits.

A limit is a row of the part file; `protection` binds it to what was written to the board.
"""

from packrig._core import HoldRule, SettingRule
from packrig.protection import Protection
from packrig.scenario import Rig, Run, every_channel


def _tripped(rig: Rig, protection: Protection, numbers: list[int], while_A: float = 0.0) -> Run | None:
    """A run in which the channels stand beyond the limit and the drive has opened. None when the
    board did not do that as promised; it is judged here."""
    limit = protection.limit
    run = rig.run(while_A)
    for number in numbers:
        run.impose(protection.channel(number), protection.beyond(limit.overdrive["middle"]))
    run.until_drive(limit.actuator, on=False, within_s=protection.longest_s, expected_s=protection.delay_s)
    return run if run.judge(protection.trip_rule(numbers[0], run.from_s)) else None


def judge_over_charge(run: Run, number: int = 1) -> bool:
    """A cell above its limit, all others inside: whatever else is asked, the charge drive opens in time."""
    protection = Protection(run.rig.part, run.rig.part.limits["over_charge"], run.rig.settings)
    run.mark("a cell above its limit")
    run.impose(protection.channel(number), protection.beyond(protection.limit.overdrive["middle"]))
    run.until_drive("charge", on=False, within_s=protection.longest_s, expected_s=protection.delay_s)
    return run.judge(protection.trip_rule(number, run.from_s))


def test_trip_time(rig: Rig, protection: Protection, number: int, overdrive: float) -> None:
    limit = protection.limit
    for run in rig.phases(while_A=limit.while_A):
        run.impose(protection.channel(number), protection.beyond(overdrive))
        run.until_drive(limit.actuator, on=False, within_s=protection.longest_s, expected_s=protection.delay_s)
        run.wait(0.1)  # the relay's contact follows
        run.judge(protection.trip_rule(number, run.from_s))


def test_delay_range(rig: Rig, protection: Protection, number: int, delay_s: float) -> None:
    """The shortest and the longest delay that the sheet promises."""
    rig.configure({protection.limit.delay: delay_s})
    run = rig.run()
    run.impose(protection.channel(number), protection.beyond(protection.limit.overdrive["middle"]))
    run.until_drive(protection.limit.actuator, on=False, within_s=protection.longest_s, expected_s=protection.delay_s)
    run.judge(protection.trip_rule(number, run.from_s))


def test_other_thresholds(rig: Rig, protection: Protection, number: int, elsewhere: dict[str, float]) -> None:
    """Elsewhere in the range that the sheet promises: no trip below, a trip beyond."""
    limit = protection.limit
    there = protection.at(elsewhere)
    run = rig.run(while_A=limit.while_A)
    # All channels inside the new limit before it is written, lest another one trips.
    count = rig.pack.cell_count if limit.per_cell else 1
    for each in range(1, count + 1) if limit.per_cell else [number]:
        run.impose(there.channel(each), there.beyond(-10.0 * limit.accuracy))
    run.write_all(elsewhere)
    run.wait(1.0)
    hold_s = 1.5 * (there.delay_s or there.longest_s)
    run.mark("just inside the limit")
    run.impose(there.channel(number), there.beyond(-1.2 * limit.accuracy))
    run.wait(hold_s + 0.5)
    inside = there.hold_rule(
        there.channel(number),
        run.from_s,
        reach=there.beyond(-1.4 * limit.accuracy),
        reach_s=hold_s,
        ceiling=there.beyond(-limit.accuracy),
    )
    if not run.judge(inside):
        return
    run.mark("just beyond it")
    run.impose(there.channel(number), there.beyond(limit.overdrive["near"]))
    run.until_drive(limit.actuator, on=False, within_s=there.longest_s, expected_s=there.delay_s)
    run.judge(there.trip_rule(number, run.from_s))


def test_trip_while_current_flows(rig: Rig, protection: Protection, number: int, flow_A: float) -> None:
    """A current inside its limits, in either direction, changes nothing."""
    for run in rig.phases(while_A=flow_A):
        run.impose(protection.channel(number), protection.beyond(protection.limit.overdrive["near"]))
        run.until_drive(
            protection.limit.actuator, on=False, within_s=protection.longest_s, expected_s=protection.delay_s
        )
        run.judge(protection.trip_rule(number, run.from_s))


@every_channel
def test_trip_point(rig: Rig, protection: Protection, number: int) -> None:
    """On a slow ramp through the threshold, where did it trip?"""
    limit = protection.limit
    span = 3.0 * limit.accuracy
    duration_s = 2.0 * span / limit.ramp_per_s
    run = rig.run(while_A=limit.while_A)
    run.ramp(protection.channel(number), protection.beyond(-span), protection.beyond(span), duration_s)
    run.until_drive(
        limit.actuator,
        on=False,
        within_s=duration_s + protection.longest_s,
        expected_s=0.5 * duration_s + protection.delay_s,
    )
    run.judge(protection.trip_point_rule(number, run.from_s))


def test_no_trip_below(rig: Rig, protection: Protection, number: int) -> None:
    """As near as the accuracy allows, for three times the delay."""
    accuracy = protection.limit.accuracy
    hold_s = 3.0 * (protection.delay_s or protection.longest_s)
    run = rig.run(while_A=protection.limit.while_A)
    run.impose(protection.channel(number), protection.beyond(-1.2 * accuracy))
    run.wait(hold_s + 1.0)
    run.judge(
        protection.hold_rule(
            protection.channel(number),
            run.from_s,
            reach=protection.beyond(-1.4 * accuracy),
            reach_s=hold_s,
            ceiling=protection.beyond(-accuracy),
        )
    )


def test_short_pulse(rig: Rig, protection: Protection, number: int, overdrive: float) -> None:
    """0.9 of the delay is too short to trip, however far beyond."""
    channel = protection.channel(number)
    pulse_s = 0.9 * protection.delay_s
    for run in rig.phases():
        run.impose(channel, protection.beyond(overdrive))
        run.impose(channel, protection.beyond(-3.0 * protection.limit.accuracy), after_s=pulse_s)
        run.wait(2.0 * protection.longest_s)
        run.judge(_pulses_rule(protection, number, run.from_s, overdrive, pulse_s))


def test_intermittent_pulses(rig: Rig, protection: Protection, number: int, overdrive: float) -> None:
    """Pulses of 0.6 of the delay, as far apart, four times: each begins anew."""
    channel = protection.channel(number)
    pulse_s = 0.6 * protection.delay_s
    run = rig.run()
    for k in range(4):
        run.impose(channel, protection.beyond(overdrive), after_s=2 * k * pulse_s)
        run.impose(channel, protection.beyond(-3.0 * protection.limit.accuracy), after_s=(2 * k + 1) * pulse_s)
    run.wait(8 * pulse_s + protection.longest_s)
    run.judge(_pulses_rule(protection, number, run.from_s, overdrive, pulse_s))


def _pulses_rule(protection: Protection, number: int, from_s: float, overdrive: float, pulse_s: float) -> HoldRule:
    return protection.hold_rule(
        protection.channel(number),
        from_s,
        reach=protection.beyond(0.5 * overdrive),
        reach_s=0.9 * pulse_s,
        ceiling=protection.threshold,
        ceiling_s=protection.band_s[0],
    )


def test_release(rig: Rig, protection: Protection, number: int) -> None:
    """Back inside the release threshold, the drive closes again."""
    limit = protection.limit
    channel = protection.channel(number)
    if (tripped := _tripped(rig, protection, [number], limit.while_A)) is None:
        return
    for run in tripped.phases():
        run.impose(channel, protection.inside_release(1.5 * limit.accuracy))
        run.until_drive(limit.actuator, on=True, within_s=protection.release_band_s[1] + 2.0)
        run.wait(0.1)
        run.judge(protection.release_rule(channel, run.from_s))


def test_no_release_before(rig: Rig, protection: Protection, number: int) -> None:
    """Short of the release threshold by its accuracy, the drive stays open."""
    limit = protection.limit
    channel = protection.channel(number)
    if (tripped := _tripped(rig, protection, [number], limit.while_A)) is None:
        return
    run = tripped.fork()
    hold_s = 2.0 * protection.release_band_s[1]
    run.impose(channel, protection.inside_release(-1.2 * limit.accuracy))
    run.wait(hold_s + 1.0)
    inwards = "below" if limit.side == "above" else "above"
    run.judge(
        protection.hold_rule(
            channel,
            run.from_s,
            side=inwards,
            reach=protection.inside_release(-2.0 * limit.accuracy),
            reach_s=hold_s,
            ceiling=protection.inside_release(-limit.accuracy),
            drive_on=True,
        )
    )


def test_release_needs_all(rig: Rig, protection: Protection, number: int) -> None:
    """Two channels beyond: while one still is, the drive stays open; when both are back, it closes."""
    limit = protection.limit
    other = number - 1 if number > 1 else number + 1
    if (tripped := _tripped(rig, protection, [number, other], limit.while_A)) is None:
        return
    run = tripped.fork()
    hold_s = 2.0 * protection.release_band_s[1]
    run.impose(protection.channel(number), protection.inside_release(1.5 * limit.accuracy))
    run.wait(hold_s + 1.0)
    still_open = protection.hold_rule(
        protection.channel(other), run.from_s, reach=protection.threshold, reach_s=hold_s, drive_on=True
    )
    if not run.judge(still_open):
        return
    run.mark("the last channel comes back")
    run.impose(protection.channel(other), protection.inside_release(1.5 * limit.accuracy))
    run.until_drive(limit.actuator, on=True, within_s=protection.release_band_s[1] + 2.0)
    run.judge(protection.release_rule(protection.channel(other), run.from_s))


def test_release_after_time(rig: Rig, protection: Protection, number: int) -> None:
    """An over-current that is gone releases after its time."""
    limit = protection.limit
    channel = protection.channel(number)
    if (tripped := _tripped(rig, protection, [number])) is None:
        return
    run = tripped.fork()
    run.impose(channel, 0.0)
    run.until_drive(
        limit.actuator,
        on=True,
        within_s=protection.release_band_s[1] + 2.0,
        expected_s=protection.release_band_s[0],
    )
    run.judge(protection.release_rule(channel, run.from_s))


def test_trips_again(rig: Rig, protection: Protection, number: int) -> None:
    """A current that is still there after the release trips again, after the whole delay."""
    limit = protection.limit
    channel = protection.channel(number)
    if (tripped := _tripped(rig, protection, [number])) is None:
        return
    # An open relay ends the current; the plug shows it again when the contact has closed.
    tripped.mark("the current is gone")
    tripped.impose(channel, 0.0)
    tripped.until_drive(
        limit.actuator,
        on=True,
        within_s=protection.release_band_s[1] + 2.0,
        expected_s=protection.release_band_s[0],
    )
    if not tripped.judge(protection.release_rule(channel, tripped.from_s)):
        return
    run = tripped.fork()
    run.impose(channel, protection.beyond(limit.overdrive["middle"]))
    run.until_drive(limit.actuator, on=False, within_s=protection.longest_s, expected_s=protection.delay_s)
    run.judge(protection.trip_rule(number, run.from_s))


def test_other_path_stays(rig: Rig, protection: Protection, number: int) -> None:
    """The protection cuts its own path and leaves the other one closed."""
    limit = protection.limit
    channel = protection.channel(number)
    run = rig.run(while_A=limit.while_A)
    run.impose(channel, protection.beyond(limit.overdrive["far"]))
    hold_s = 2.0 * protection.longest_s
    run.wait(hold_s + 1.0)
    run.judge(
        protection.hold_rule(
            channel,
            run.from_s,
            reach=protection.threshold,
            reach_s=hold_s,
            actuator=limit.stays_on,
        )
    )


def test_setting_range(rig: Rig, protection: Protection) -> None:
    """Each setting of the limit takes what the sheet promises, keeps it, and refuses what lies outside."""
    for name in protection.setting_names:
        setting = rig.part.settings[name]
        for accepted, values in ((True, setting.accepted), (False, setting.refused)):
            for value in values:
                run = rig.run()
                run.write_all(setting.companions)
                run.write(name, value)
                run.read(name)
                run.judge(SettingRule(register=setting.register, value=setting.counts(value), accepted=accepted))
