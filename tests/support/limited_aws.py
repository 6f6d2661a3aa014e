"""`python -m tests.support.limited_aws PORT`: moto with the limits of AWS, until it is killed."""

import sys
from threading import Event

from moto.server import ThreadedMotoServer

from local.limits.aws import limited

if __name__ == "__main__":
    server = ThreadedMotoServer("127.0.0.1", int(sys.argv[1]), verbose=False)
    server.start()
    assert server._server
    server._server.app = limited(server._server.app)
    Event().wait()
