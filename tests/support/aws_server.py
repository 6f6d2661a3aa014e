"""`python -m tests.support.aws_server PORT`: run the local AWS as a separate process until it is killed."""

import sys
from threading import Event

from local.aws import running_aws

if __name__ == "__main__":
    with running_aws(int(sys.argv[1])):
        Event().wait()
