"""`packrig set`: words to a serving from another terminal."""

import argparse
import json

from packrig import control
from packrig.exit_codes import ExitCode
from packrig.stimuli import WORDS


def change(options: argparse.Namespace) -> ExitCode:
    """Raises UsageError for what cannot be set or is refused, SetupError when the serving does not answer."""
    if not options.words:
        for word, text in WORDS.items():
            print(f"{word:8} {text}")
        return ExitCode.PASSED
    with control.connect(options.control) as board:
        reply = board.ask(*options.words)
    if options.json:
        print(json.dumps(reply))
    else:
        for name, value in reply.items():
            print(f"{name:12} {_readable(value)}")
    return ExitCode.PASSED


def _readable(value: object) -> str:
    if isinstance(value, list):
        return "  ".join(_readable(item) for item in value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)
