"""The process of one function: imports the handler and runs invocations in sequence, as Lambda's runtime does.

`local.lambda_runtime` runs this script as `lambda_worker.py <file descriptor of its connection>`. The script has the
function's environment variables and cannot import the other modules of this package.
"""

import importlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread
from typing import Any

Handler = Callable[[Any, "LambdaContext"], Any]
Invocation = tuple[str, float, str]


class LambdaContext:
    """The context object that Lambda passes to a handler."""

    def __init__(self, aws_request_id: str, seconds: float) -> None:
        environment = os.environ
        self._deadline = time.monotonic() + seconds
        self.aws_request_id = aws_request_id
        self.function_name = environment["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = environment["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = environment["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = environment["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.invoked_function_arn = (
            f"arn:aws:lambda:{environment['AWS_REGION']}:{environment['AWS_ACCOUNT_ID']}:function:{self.function_name}"
        )
        self.client_context = None
        self.identity = None

    def get_remaining_time_in_millis(self) -> int:
        """Return the time until the function's timeout, in milliseconds."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))


def serve(connection: "Connection[Any, Any]") -> None:
    """Import the handler, send None or the import's error, then process invocations until the connection closes."""
    invocations: SimpleQueue[Invocation] = SimpleQueue()
    Thread(target=_listen, args=(connection, invocations), daemon=True).start()
    try:
        handler = _import_handler(os.environ["_HANDLER"])
    except Exception as error:
        connection.send(_error_response(error))
        raise
    connection.send(None)
    while True:
        response = _invoke_handler(handler, *invocations.get())
        response.encode()  # a lone surrogate also stops Lambda's own runtime
        connection.send(response)


def _listen(connection: "Connection[Any, Any]", invocations: SimpleQueue[Invocation]) -> None:
    """Receive invocations. Exits the process as soon as the other side of the connection is closed."""
    try:
        while True:
            invocations.put(connection.recv())
    except (EOFError, OSError):
        os._exit(0)


def _import_handler(path: str) -> Handler:
    module, _, name = path.rpartition(".")
    handler: Handler = getattr(importlib.import_module(module.replace("/", ".")), name)
    return handler


def _invoke_handler(handler: Handler, request_id: str, seconds: float, event: str) -> str:
    try:
        return json.dumps(handler(json.loads(event), LambdaContext(request_id, seconds)), ensure_ascii=False)
    except Exception as error:  # noqa: BLE001
        traceback.print_exc()
        return _error_response(error)


def _error_response(error: Exception) -> str:
    """Return the error in the format of a failed Lambda invocation."""
    stack = traceback.format_tb(error.__traceback__)[1:]
    return json.dumps({"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": stack})


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
