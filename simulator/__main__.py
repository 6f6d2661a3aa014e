"""`hms-simulator` or `python -m simulator`: serve until SIGINT or SIGTERM."""

import argparse
import json
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
    """Print the URL and the key pair as a line of JSON, and serve. Returns the exit status."""
    options = _read_options()
    access_key = os.environ.get("HMS_ACCESS_KEY") or DEFAULT_ACCESS_KEY
    secret = os.environ.get("HMS_SECRET") or DEFAULT_SECRET
    simulator = Simulator(options.host, options.port, access_key, secret)
    stopped = threading.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *_: stopped.set())
    try:
        simulator.start()
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0]  # without the address, which Python repeats
        print(f"The simulator cannot listen on {options.host}:{options.port}: {reason}", file=sys.stderr)
        return 1
    print(json.dumps({"url": simulator.url, "access_key": access_key, "secret": secret}), flush=True)
    while not stopped.wait(SIGNAL_POLL_SECONDS):
        pass
    simulator.stop()
    return 0


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="hms-simulator",
        description="Simulate 100ms on this machine until Ctrl-C. Prints its URL and its key pair as a line of JSON.",
        epilog="HMS_ACCESS_KEY and HMS_SECRET replace the default key pair. The secret is printed: use a test pair.",
    )
    parser.add_argument("--host", default=HOST, help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port",
        type=_port,
        default=os.environ.get("SIMULATOR_PORT") or str(DEFAULT_PORT),
        help=f"port, 0 for any free one (default: $SIMULATOR_PORT, or {DEFAULT_PORT})",
    )
    return parser.parse_args()


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"must be between 0 and 65535, not {text}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
