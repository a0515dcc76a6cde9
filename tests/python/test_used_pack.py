"""What a served board has behind it: it was full once, and knows what is left."""

import math

import pytest

from packrig import used_pack
from packrig.exit_codes import SetupError
from packrig.part import load_part
from packrig.specification import RigOptions, open_session_of

COUNTED_soc = 0.04  # the preset of LTO calls full what its cells could charge beyond


@pytest.mark.parametrize(
    ("name", "chemistry", "cell_count", "soc"),
    [("B2A25SRP", "lfp", 25, 0.05), ("B2A25SRP", "li_ion", 7, 0.5), ("B2A25SRP", "lto", 12, 0.8),
     ("B2A8S20P", "lfp", 8, 1.0)],
)  # fmt: skip
def test_the_board_counts_what_the_cells_hold(name: str, chemistry: str, cell_count: int, soc: float) -> None:
    part = load_part(name)
    session = used_pack.used(part, part.pack(chemistry, cell_count), RigOptions(), soc)
    session.poll(0.5)
    session.run_for(2.0)
    cell_soc = session.trace.truth()["cell1_soc"][-1]
    assert cell_soc == pytest.approx(soc, abs=COUNTED_soc)
    assert session.reported.soc == pytest.approx(cell_soc, abs=COUNTED_soc)
    assert session.reported.alarms == []
    assert session.drive_on("charge")
    assert session.drive_on("discharge")


def test_a_board_that_does_not_close_is_a_set_up_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def with_a_broken_wire(*arguments):
        session = open_session_of(*arguments)
        session.set_sense_wire(1, math.inf)
        return session

    monkeypatch.setattr(used_pack, "open_session_of", with_a_broken_wire)
    part = load_part("B2A25SRP")
    with pytest.raises(SetupError, match="the discharge drive of the board does not close on a sound lfp-16s pack"):
        used_pack.used(part, part.pack("lfp", 16), RigOptions(), 0.8)
