"""`python -m simulator`: serve on $SIMULATOR_PORT (default: 3100) until SIGINT or SIGTERM."""

import os
import signal
import sys
import threading

from simulator import DEFAULT_ACCESS_KEY, DEFAULT_PORT, DEFAULT_SECRET
from simulator.server import Simulator

HOST = "127.0.0.1"
SIGNAL_POLL_SECONDS = 0.5
"""The longest delay of a signal. The system can give it to another thread; Python handles it in the main thread."""


def main() -> int:
    """Serve until SIGINT or SIGTERM. Returns the exit status."""
    port = os.environ.get("SIMULATOR_PORT") or str(DEFAULT_PORT)
    if not port.isdecimal() or not 0 <= int(port) <= 65535:
        return _fail(f"SIMULATOR_PORT: must be a port between 0 and 65535, not {port}")
    access_key = os.environ.get("HMS_ACCESS_KEY") or DEFAULT_ACCESS_KEY
    simulator = Simulator(HOST, int(port), access_key, os.environ.get("HMS_SECRET") or DEFAULT_SECRET)
    stopped = threading.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *_: stopped.set())
    try:
        simulator.start()
    except OSError as error:
        return _fail(f"The simulator cannot listen on {HOST}:{port}: {os.strerror(error.errno or 0)}")
    print(f"100ms simulator: {simulator.url}/v2", flush=True)
    while not stopped.wait(SIGNAL_POLL_SECONDS):
        pass
    simulator.stop()
    return 0


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
