"""What is accepted in place of an unknown name."""

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """Nearest names first: "did you mean 'x'? accepted: a, b, x"."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=2, cutoff=0.5)
    guess = "did you mean " + " or ".join(f"'{match}'" for match in close) + "? " if close else ""
    return f"{guess}accepted: {', '.join(names)}"
