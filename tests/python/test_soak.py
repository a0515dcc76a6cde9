"""`packrig soak` in short: that it counts, not how fast this machine is."""

import json

import pytest

from packrig import _core, cli


def test_an_hour_of_a_saturated_bus_loses_nothing(capsys) -> None:
    assert cli.main(["soak", "bus", "--hours", "1", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    # 3600 s of 300 bytes of 86.806 us each; the line never falls idle.
    assert said["sent"] == said["received"] == pytest.approx(3600 / (300 * 86.806e-6), abs=3)
    assert (said["lost"], said["out_of_order"], said["damaged"], said["dropped_bytes"]) == (0, 0, 0, 0)


def test_a_duration_that_cannot_be_is_named() -> None:
    with pytest.raises(_core.BadInput, match=r"duration of a bus soak"):
        _core.soak_bus(0.0)


def test_every_poll_of_a_served_board_is_counted(capsys) -> None:
    # Whether the answers came in time is this machine's matter: 0 and 1 are both ends that a soak may come to.
    assert cli.main(["soak", "poll", "--count", "5", "--json"]) in (0, 1)
    said = json.loads(capsys.readouterr().out)
    assert said["polls"] == 5
    assert 0 <= said["answered"] <= 5
    assert said["share"] == said["answered"] / 5
    assert len(said["missed_at_s"]) == 5 - said["answered"]
