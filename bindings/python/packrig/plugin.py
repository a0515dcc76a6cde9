"""The pytest plug-in: fixtures for scenarios, cases parametrised from the part's rules, a record for every case.

`packrig verify` runs it; so does plain pytest:
    python3 -m pytest -p packrig.plugin scenarios/over_charge.py --packrig-bench twin

A scenario module names the limits (LIMITS) or accuracies (ACCURACY) it asks about, or the rows of the sheet (ROWS), and
its packs where they are not those of the tier (PACKS = [("lfp", 25)]; FULL_PACKS where the full tier has others). Its
questions take
    rig         the part on the bench with one pack (every question takes it)
    protection  a limit bound to the settings of that rig
    number      which cell or probe; marked @every_channel, all of them
    overdrive   how far beyond the threshold: near, middle, far
    delay_s     the ends of the promised range of the delay
    elsewhere   other settings of the limit, as a dict
    flow_A      a current inside every limit, charging or discharging
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from packrig.benches import BENCHES
from packrig.part import Limit, PackChoice, Part, load_part
from packrig.planning import PlannedSession
from packrig.protection import Protection
from packrig.results import conclude, error_result, inconclusive_result, save_broken_off, skipped_result
from packrig.scenario import PromiseBroken, Rig, SetupRefused, Skipped
from packrig.specification import RigOptions

_RESULT = "packrig_result"
_PART = pytest.StashKey[Part]()
_OPTIONS = pytest.StashKey[RigOptions]()
_SETTLED = pytest.StashKey[dict]()
_RIG = pytest.StashKey[Rig]()


@dataclass(frozen=True)
class Case:
    """What one question is asked of: limit (or None), pack, channel number, and the value of its variant."""

    limit: str | None
    pack: PackChoice
    number: int
    variant: dict[str, Any]


class VerdictNotPassed(Exception):
    """The case was judged, and not PASS: one line says why."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("packrig")
    group.addoption("--packrig-part", default="B2A25SRP")
    group.addoption("--packrig-bench", default="sim", choices=list(BENCHES))
    group.addoption("--packrig-cell", default="ecm", choices=["ecm", "spme"])
    group.addoption("--packrig-tier", default="smoke", choices=["smoke", "full"])
    group.addoption("--packrig-seed", default=1, type=int)
    group.addoption("--packrig-firmware", default=None, help="a firmware library in place of the simulated copy")
    group.addoption("--packrig-afe", default="nominal", choices=["nominal", "typical", "worst", "drawn"])
    group.addoption("--packrig-fault", default="none", help="a fault of the twin's instruments")
    group.addoption("--packrig-out", default=None, help="folder for the traces of the worst phases")
    group.addoption("--packrig-plan", action="store_true", help="list what would run, run nothing")


def pytest_configure(config: pytest.Config) -> None:
    option = config.getoption
    config.stash[_PART] = load_part(option("--packrig-part"))
    config.stash[_OPTIONS] = RigOptions(
        bench=option("--packrig-bench"),
        cell=option("--packrig-cell"),
        tier=option("--packrig-tier"),
        seed=option("--packrig-seed"),
        firmware=option("--packrig-firmware"),
        afe=option("--packrig-afe"),
        instrument_fault=option("--packrig-fault"),
    )
    config.stash[_SETTLED] = {}


# --------------------------------------------------------------------------------------------- cases from the rules


def _numbers(limit: Limit | None, pack: PackChoice, every: bool, tier: str) -> list[int]:
    """Which cells or probes a question is asked of; [0] where the quantity is single."""
    if limit is None or limit.quantity == "current_A":
        return [0]
    count = pack.cell_count if limit.per_cell else 3
    if every:
        return list(range(1, count + 1))
    middle = (count + 1) // 2
    return [middle] if tier == "smoke" else sorted({1, middle, count})


def _label(limit: Limit | None, number: int) -> str:
    if limit is None or number == 0:
        return ""
    return f"cell{number:02d}" if limit.per_cell else f"probe{number}"


def _asks(module: Any, part: Part) -> bool:
    """Whether the part makes the promises that a module asks about; of another part it asks nothing."""
    rows = getattr(module, "ROWS", ())
    return (
        all(name in part.limits for name in getattr(module, "LIMITS", ()))
        and all(name in part.accuracy for name in getattr(module, "ACCURACY", ()))
        and (not rows or any(row in part.rows for row in rows))
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Takes away the questions that were given no case, which pytest would keep as one that it skips."""
    unasked = [item for item in items if "rig" in getattr(item, "fixturenames", ()) and _case_of(item) is None]
    if unasked:
        config.hook.pytest_deselected(items=unasked)
    items[:] = [item for item in items if item not in unasked]


def _case_of(item: pytest.Item) -> Case | None:
    case = item.callspec.params.get("packrig_case") if hasattr(item, "callspec") else None
    return case if isinstance(case, Case) else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "rig" not in metafunc.fixturenames:
        return
    part = metafunc.config.stash[_PART]
    tier = metafunc.config.stash[_OPTIONS].tier
    names = getattr(metafunc.module, "LIMITS", [None]) if _asks(metafunc.module, part) else []
    chosen = getattr(metafunc.module, "PACKS", None)
    if tier == "full":
        chosen = getattr(metafunc.module, "FULL_PACKS", chosen)
    packs = [part.pack(*pack) for pack in chosen if part.has_pack(*pack)] if chosen else part.pack_choices(tier)
    every = getattr(metafunc.function, "every_channel", False)
    wants = metafunc.fixturenames
    cases = []
    for name in names:
        limit = part.limits[name] if name else None
        for pack in packs:
            for number in _numbers(limit, pack, every, tier) if "number" in wants else [0]:
                for label, variant in _variants(part, limit, wants):
                    labels = [name if len(names) > 1 else "", pack.label, _label(limit, number), label]
                    case = Case(name, pack, number, variant)
                    cases.append(pytest.param(case, id="-".join(filter(None, labels))))
    metafunc.parametrize("packrig_case", cases)


def _variants(part: Part, limit: Limit | None, wants: list[str]) -> list[tuple[str, dict[str, Any]]]:
    """What a question is varied over: (label, what its fixture of that name gives)."""
    if limit is not None and "overdrive" in wants:
        return [(name, {"overdrive": value}) for name, value in limit.overdrive.items()]
    if limit is not None and "delay_s" in wants:
        return [(f"{value:g}s", {"delay_s": value}) for value in part.settings[limit.delay].accepted]
    if limit is not None and "elsewhere" in wants:
        return [(f"{settings[limit.threshold]:g}{limit.unit}", {"elsewhere": settings}) for settings in limit.elsewhere]
    if limit is not None and "flow_A" in wants:
        return [(name, {"flow_A": value}) for name, value in limit.flows_A.items()]
    return [("", {})]


# --------------------------------------------------------------------------------------------------------- fixtures


@pytest.fixture
def packrig_case(request: pytest.FixtureRequest) -> Case:
    return request.param


@pytest.fixture
def rig(request: pytest.FixtureRequest, packrig_case: Case) -> Rig:
    """The part on the bench with one pack, configured as the part file says."""
    config = request.config
    part = config.stash[_PART]
    pack = packrig_case.pack
    planned = {"open_session": PlannedSession} if config.getoption("--packrig-plan") else {}
    made = Rig(part, pack, config.stash[_OPTIONS], part.configured(pack.chemistry), config.stash[_SETTLED], **planned)
    limit = part.limits[packrig_case.limit] if packrig_case.limit else None
    rows = getattr(request.function, "rows", getattr(request.module, "ROWS", ()))
    if limit is not None:
        rows = limit.release_rows if "release" in request.function.__name__ else limit.rows
    made.record.rows = tuple(row for row in rows if row in part.rows)
    request.node.stash[_RIG] = made
    return made


@pytest.fixture
def protection(rig: Rig, packrig_case: Case) -> Protection:
    return Protection(rig.part, rig.part.limits[packrig_case.limit], rig.settings)


@pytest.fixture
def number(packrig_case: Case) -> int:
    return packrig_case.number


@pytest.fixture
def overdrive(packrig_case: Case) -> float:
    return packrig_case.variant["overdrive"]


@pytest.fixture
def delay_s(packrig_case: Case) -> float:
    return packrig_case.variant["delay_s"]


@pytest.fixture
def elsewhere(packrig_case: Case) -> dict[str, float]:
    return packrig_case.variant["elsewhere"]


@pytest.fixture
def flow_A(packrig_case: Case) -> float:
    return packrig_case.variant["flow_A"]


# ---------------------------------------------------------------------------------------------------------- records


def case_id(item: pytest.Item) -> str:
    """For example over_charge.trip_time[lfp-16s-cell03-near]."""
    return f"{item.path.stem}.{item.name.removeprefix('test_')}"


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if "rig" not in pyfuncitem.fixturenames:
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    made = pyfuncitem.stash[_RIG]
    traces = _traces_folder(pyfuncitem.config)
    try:
        pyfuncitem.obj(**arguments)
    except PromiseBroken:
        pass  # the verdict that says so has been recorded
    except BaseException:  # Ctrl-C too: what was recorded is never lost
        made.record.broken_off = save_broken_off(made, case_id(pyfuncitem), traces)
        raise
    result = conclude(made, **_identity(pyfuncitem), traces=traces)
    pyfuncitem.user_properties.append((_RESULT, json.dumps(result)))
    if result["outcome"] not in ("PASS", "CHARACTERISED", "PLANNED"):
        raise VerdictNotPassed(f"{result['outcome']}: {result['reason']}")
    return True


def _traces_folder(config: pytest.Config) -> Path | None:
    out = config.getoption("--packrig-out")
    return Path(out) / "traces" if out else None


def _identity(item: pytest.Item) -> dict[str, Any]:
    case = item.callspec.params["packrig_case"]
    params: dict[str, Any] = {"chemistry": case.pack.chemistry, "cells": case.pack.cell_count}
    if case.limit:
        limit = item.config.stash[_PART].limits[case.limit]
        params["limit"] = case.limit
        if case.number:
            params["cell" if limit.per_cell else "probe"] = case.number
        variant = dict(case.variant)
        if "overdrive" in variant:
            params[f"overdrive_{limit.unit}"] = variant.pop("overdrive")
        params |= variant.pop("elsewhere", {}) | variant
    return {
        "case": case_id(item),
        "scenario": item.path.stem,
        "test": item.originalname.removeprefix("test_"),
        "params": params,
    }


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Any:
    """A scenario that throws is ERROR, one that cannot be asked here is SKIPPED; neither is a FAIL."""
    if call.excinfo is not None and hasattr(item, "callspec") and "packrig_case" in item.callspec.params:
        error = call.excinfo.value
        made = item.stash.get(_RIG, None)
        rows = made.record.rows if made else ()
        trace = made.record.broken_off if made else None
        if isinstance(error, Skipped):
            result = skipped_result(rows=rows, reason=str(error), **_identity(item))
            item.user_properties.append((_RESULT, json.dumps(result)))
            call.excinfo = pytest.ExceptionInfo.from_exc_info(_skip_info(str(error)))
        elif isinstance(error, SetupRefused):
            result = inconclusive_result(rows=rows, reason=str(error), **_identity(item))
            item.user_properties.append((_RESULT, json.dumps(result)))
        elif not isinstance(error, (VerdictNotPassed, KeyboardInterrupt)):
            reason = f"{type(error).__name__}: {error}"
            result = error_result(rows=rows, reason=reason, trace=trace, **_identity(item))
            item.user_properties.append((_RESULT, json.dumps(result)))
    yield


def _skip_info(reason: str) -> Any:
    try:
        pytest.skip(reason)
    except pytest.skip.Exception as error:
        return type(error), error, error.__traceback__


class Collector:
    """In the process that started pytest: gathers the records of all workers in order of arrival."""

    def __init__(self, on_case: Any) -> None:
        self.results: dict[str, dict[str, Any]] = {}
        self.total = 0
        self.collection_errors: list[str] = []
        self._on_case = on_case

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.total = len(items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        self.total = len(ids)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            lines = str(report.longrepr).strip().splitlines()
            self.collection_errors.append(f"{report.nodeid}: {lines[-1] if lines else 'cannot be collected'}")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, value in report.user_properties:
            if name != _RESULT:
                continue
            result = json.loads(value)
            if result["id"] in self.results:
                continue
            self.results[result["id"]] = result
            if self._on_case:
                self._on_case(len(self.results), self.total, result["id"], result["outcome"])
