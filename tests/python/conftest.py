"""What holds for every test of the Python face."""

import signal

# A shell's background jobs ignore Ctrl-C, and what they start inherits that: tests that press it would wait in vain.
signal.signal(signal.SIGINT, signal.default_int_handler)
