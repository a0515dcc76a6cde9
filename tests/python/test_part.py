"""Part files: what is malformed is named; what the sheet does not allow is refused."""

from pathlib import Path

import pytest

from packrig import part as part_module
from packrig.exit_codes import UsageError
from packrig.part import load_part


def test_every_row_of_the_sheet_is_there() -> None:
    part = load_part("B2A25SRP")
    assert list(part.rows) == [f"DS-{number:02d}" for number in range(1, 33)]
    assert all(row["claim"] and row["reading"] for row in part.rows.values())


def test_rows_named_by_limits_and_settings_exist() -> None:
    part = load_part("B2A25SRP")
    named = {row for limit in part.limits.values() for row in (*limit.rows, *limit.release_rows)}
    named |= {row for setting in part.settings.values() for row in setting.rows}
    assert named <= set(part.rows)


def test_an_unknown_part_suggests_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"'B2A25SPR' is unknown; did you mean 'B2A25SRP'"):
        load_part("B2A25SPR")


@pytest.mark.parametrize(
    ("chemistry", "count", "accepted"),
    [("li_ion", 6, "7 .. 25"), ("lfp", 7, "8 .. 25"), ("lto", 11, "12 .. 25"), ("lfp", 26, "8 .. 25")],
)
def test_a_cell_count_outside_the_sheet_is_refused(chemistry: str, count: int, accepted: str) -> None:
    with pytest.raises(UsageError, match=f"cell count {count} for {chemistry}; accepted by B2A25SRP: {accepted}"):
        load_part("B2A25SRP").pack(chemistry, count)


def test_an_unknown_chemistry_is_refused() -> None:
    with pytest.raises(UsageError, match="chemistry 'lpf' is unknown to B2A25SRP; did you mean 'lfp'"):
        load_part("B2A25SRP").pack("lpf", 16)


@pytest.mark.parametrize(
    ("find", "replace", "words"),
    [
        ("[part]", "[part", "b2a25srp.toml"),
        ('threshold = "cell_ovp_V"', 'threshold = "cell_opv_V"', "unknown setting 'cell_opv_V'"),
        ("accuracy = 1.5\noverdrive = { near = 2.5, middle = 10.0, far = 95.0 }", "accuracy = 1.5", "overdrive"),
        ("[configuration.common]", "[configuration.comon]", "configuration.common is missing"),
    ],
)
def test_a_malformed_part_file_is_named(
    find: str, replace: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = load_part("B2A25SRP").path.read_text(encoding="utf-8")
    assert text.count(find) == 1
    (tmp_path / "b2a25srp.toml").write_text(text.replace(find, replace), encoding="utf-8")
    monkeypatch.setattr(part_module, "data_folder", lambda name: tmp_path)
    with pytest.raises(UsageError, match="part file") as refused:
        load_part("B2A25SRP")
    assert words in str(refused.value)


def test_a_sibling_is_the_other_part_but_for_what_it_names():
    base, sibling = load_part("B2A25SRP"), load_part("B2A8S20P")
    assert sibling.name == "B2A8S20P"
    assert (base.contacts, sibling.contacts) == ("relays", "transistors")
    assert sibling.settings == base.settings
    assert sibling.limits["over_charge"] == base.limits["over_charge"]
    assert sibling.limits["charge_over_current"].range_low == -300.0
    assert [pack.cell_count for pack in sibling.pack_choices("full")] == [4, 8, 4, 7, 8, 6, 8]


def test_a_row_that_a_sibling_takes_away_is_gone():
    sibling = load_part("B1A24S15P")
    assert "DS-03" in load_part("B2A25SRP").rows
    assert "DS-03" not in sibling.rows
    assert sibling.rows["DS-12"]["claim"] == load_part("B2A25SRP").rows["DS-12"]["claim"]
    assert "300 s" in sibling.rows["DS-12"]["contradiction"]


def test_a_pack_that_only_the_other_part_takes():
    assert load_part("B2A25SRP").has_pack("lfp", 25)
    assert not load_part("B1A24S15P").has_pack("lfp", 25)
    assert not load_part("B1A24S15P").has_pack("nimh", 8)
