"""What is shown while cases or one long run go on: a bar on a terminal, some plain lines in a log. Always on stderr."""

import sys

from packrig.summary import NEEDS_ATTENTION


class CaseProgress:
    """A context whose `on_case(n, of, id, outcome)` is called after each case, from the thread that made it."""

    def __init__(self, title: str, quiet: bool = False) -> None:
        self._title = title
        self._quiet = quiet
        self._bar = None
        self._task = None
        self._trouble = 0
        self._lines_shown = 0

    def __enter__(self) -> "CaseProgress":
        if not self._quiet and sys.stderr.isatty():
            self._bar, self._task = _rich_bar(self._title)
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def on_case(self, n: int, of: int, case_id: str, outcome: str) -> None:
        troubled = outcome in NEEDS_ATTENTION
        self._trouble += troubled
        if self._quiet:
            return
        if self._bar is not None:
            if troubled:
                self._bar.console.print(f"{outcome:13} {case_id}", markup=False, highlight=False)
            self._bar.update(self._task, completed=n, total=of, trouble=self._trouble)
            return
        if troubled:
            _log(f"{outcome:13} {case_id}")
        if n * 10 // of > self._lines_shown:
            self._lines_shown = n * 10 // of
            _log(f"{self._title}: {n} of {of} cases" + (f", {self._trouble} to look at" if self._trouble else ""))


class RunProgress:
    """A context whose `at(part)` says how much of one long run is done, 0..1."""

    def __init__(self, title: str, quiet: bool = False) -> None:
        self._title = title
        self._shown = not quiet and sys.stderr.isatty()
        self._bar = None
        self._task = None

    def __enter__(self) -> "RunProgress":
        if self._shown:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

            columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task(self._title, total=1.0)
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def at(self, part: float) -> None:
        if self._bar is not None:
            self._bar.update(self._task, completed=part)


def _rich_bar(title: str) -> tuple:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[trouble]} to look at"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    return bar, bar.add_task(title, total=None, trouble=0)


def _log(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
