"""The suite's power: a firmware with one defect makes the scenario FAIL that the mutant's file names."""

import subprocess
import tomllib
from pathlib import Path

import pytest

from packrig import runner
from packrig.environment import build_folder, source_root

MUTANTS = source_root() / "tests" / "mutants"
LISTED = tomllib.loads((MUTANTS / "mutants.toml").read_text(encoding="utf-8"))["mutant"]


@pytest.fixture(scope="module")
def libraries() -> Path:
    """The mutants' folder, built."""
    build = build_folder()
    subprocess.run(["cmake", "--build", str(build), "--target", "mutants"], check=True, capture_output=True)
    return build / "tests" / "mutants"


def _outcomes(firmware: Path, scenario: str, out: Path) -> dict[str, str]:
    document = runner.run("b2a25srp", "sim", "smoke", scenario, out, 1, 1, str(firmware))
    return {case["id"]: case["outcome"] for case in document["cases"]}


@pytest.mark.parametrize("mutant", LISTED, ids=[entry["name"] for entry in LISTED])
def test_defect_is_caught_by_name(mutant: dict, libraries: Path, tmp_path: Path) -> None:
    outcomes = _outcomes(libraries / f"{mutant['name']}.so", mutant["killed_by"], tmp_path)
    failed = [name for name, outcome in outcomes.items() if outcome == "FAIL"]
    assert failed, f"{mutant['defect']}: survived {len(outcomes)} cases of {mutant['killed_by']}"
    # A defect of the product is never blamed on the rig.
    assert "ERROR" not in outcomes.values()


def test_the_same_library_without_defect_passes(libraries: Path, tmp_path: Path) -> None:
    scenarios = sorted({mutant["killed_by"] for mutant in LISTED})
    outcomes = _outcomes(libraries / "nominal.so", " or ".join(scenarios), tmp_path)
    assert outcomes
    assert set(outcomes.values()) <= {"PASS", "CHARACTERISED"}
