"""The local Lambda: one worker process per function, started at its first call, with one invocation at a time."""

import json
import logging
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing import Pipe
from pathlib import Path
from threading import Lock

from samcli.lib.providers.provider import Function
from samcli.lib.providers.sam_function_provider import SamFunctionProvider
from samcli.local.lambdafn.env_vars import EnvironmentVariables
from samcli.local.lambdafn.exceptions import FunctionNotFound

from local.limits.table import LAMBDA_REQUEST, LAMBDA_RESPONSE

WORKER = Path(__file__).with_name("lambda_worker.py")
STDERR = 2
INIT_TIMEOUT_SECONDS = 10
"""Lambda's limit for importing a function's modules."""
DEFAULT_TIMEOUT_SECONDS = 3
DEFAULT_MEMORY_MB = 128


LOG = logging.getLogger(__name__)


class LambdaRuntime:
    """Invokes the functions of a template. Replaces SAM CLI's runner, which needs Docker.

    Args:
        functions: the template's functions.
        region: the AWS region of the functions.
        environment: variables of every function. They override the template's variables.
    """

    def __init__(self, functions: SamFunctionProvider, region: str, environment: Mapping[str, str]) -> None:
        self._functions = functions
        self._region = region
        self._environment = environment
        self._runtimes: dict[str, _FunctionRuntime] = {}
        self._lock = Lock()

    def call(self, function_name: str, event: str, on_start: Callable[[], object] = lambda: None) -> str:
        """Invoke a function. Returns its response, or the error that Lambda returns if it fails, as JSON.

        Args:
            function_name: the function's logical ID.
            event: the event as JSON.
            on_start: called when the function starts to process this event.

        Raises:
            FunctionNotFound: the template has no such function.
            RequestTooLargeError: the event is larger than Lambda accepts.
        """
        if len(event.encode(errors="surrogatepass")) > LAMBDA_REQUEST.value:
            raise RequestTooLargeError
        return self._function(function_name).invoke(event, on_start)

    def is_debugging(self) -> bool:
        """Return False: debuggers are not supported. SAM CLI calls this method."""
        return False

    def stop(self) -> None:
        """Kill all workers."""
        with self._lock:
            for function in self._runtimes.values():
                function.stop()

    def _function(self, name: str) -> "_FunctionRuntime":
        with self._lock:
            if name not in self._runtimes:
                function = self._functions.get(name)
                if function is None:
                    raise FunctionNotFound(name)
                self._runtimes[name] = _FunctionRuntime(function, self._region, self._environment)
            return self._runtimes[name]


class _FunctionRuntime:
    """A function and its worker. A worker that fails to respond is replaced at the next invocation."""

    def __init__(self, function: Function, region: str, environment: Mapping[str, str]) -> None:
        self._name = function.name
        self._code = Path(function.codeuri).resolve()
        self._timeout: int = function.timeout or DEFAULT_TIMEOUT_SECONDS
        self._environment = {**_lambda_environment(function, self._timeout, self._code, region), **environment}
        self._worker: _Worker | None = None
        self._invocation_lock = Lock()

    def invoke(self, event: str, on_start: Callable[[], object]) -> str:
        with self._invocation_lock:
            on_start()
            try:
                if self._worker is None or self._worker.has_ended():
                    self._worker = _Worker(self._code, self._environment)
                    self._worker.wait_until_ready()
                return self._worker.invoke(event, self._timeout)
            except InvocationError as error:
                self.stop()
                LOG.error("%s: %s", self._name, error)
                return str(error)

    def stop(self) -> None:
        if self._worker:
            self._worker.kill()


class RequestTooLargeError(Exception):
    """The event exceeds Lambda's limit."""


class InvocationError(Exception):
    """The worker failed and must be replaced. The message is the error that Lambda returns."""


class _Worker:
    """A process that runs lambda_worker.py, and the connection to it."""

    def __init__(self, code: Path, environment: Mapping[str, str]) -> None:
        self._connection, worker_end = Pipe()
        with worker_end:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", str(WORKER), str(worker_end.fileno())],
                cwd=code,
                env=dict(environment),
                pass_fds=[worker_end.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=STDERR,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        """Wait for the handler's import. Raises InvocationError if the import fails or takes too long."""
        init_error = self._receive(INIT_TIMEOUT_SECONDS, "")
        if init_error:
            raise InvocationError(init_error)

    def invoke(self, event: str, seconds: int) -> str:
        """Return the handler's response or error as JSON. Raises InvocationError if none arrives within `seconds`."""
        request_id = str(uuid.uuid4())
        with suppress(ConnectionError):
            self._connection.send((request_id, seconds, event))
        answer = str(self._receive(seconds, f"RequestId: {request_id} "))
        if len(answer.encode()) > LAMBDA_RESPONSE.value:
            size = f"maximum allowed payload size ({LAMBDA_RESPONSE.value} bytes)"
            raise InvocationError(
                _error_json("Function.ResponseSizeTooLarge", f"Response payload size exceeded {size}.")
            )
        return answer

    def _receive(self, seconds: int, prefix: str) -> str | None:
        try:
            if self._connection.poll(seconds):
                message: str | None = self._connection.recv()
                return message
        except (EOFError, ConnectionError):
            message = f"Runtime exited with error: {self._exit_reason()}"
            raise InvocationError(_error_json("Runtime.ExitError", f"{prefix}Error: {message}")) from None
        raise InvocationError(
            _error_json("Sandbox.Timedout", f"{prefix}Error: Task timed out after {seconds:.2f} seconds")
        )

    def _exit_reason(self) -> str:
        code = self._process.wait()
        return f"signal: {signal.strsignal(-code)}" if code < 0 else f"exit status {code}"

    def has_ended(self) -> bool:
        """Return True if the process has exited."""
        return self._process.poll() is not None

    def kill(self) -> None:
        """Kill the process."""
        self._process.kill()
        self._process.wait()


def _error_json(error_type: str, message: str) -> str:
    return json.dumps({"errorType": error_type, "errorMessage": message})


def _lambda_environment(function: Function, timeout: int, code: Path, region: str) -> dict[str, str]:
    """Return the environment variables that Lambda sets, and those of the template."""
    template_variables = EnvironmentVariables(
        function_name=function.functionname,
        function_memory=function.memory or DEFAULT_MEMORY_MB,
        function_timeout=timeout,
        function_handler=function.handler,
        function_logging_config=function.logging_config,
        variables=(function.environment or {}).get("Variables"),
        aws_creds={"region": region},
    ).resolve()
    layers = [Path(layer.codeuri).resolve() for layer in function.layers]
    return {
        **template_variables,
        "_HANDLER": function.handler,
        "LAMBDA_TASK_ROOT": str(code),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(map(str, [code, *layers])),
        "PYTHONUNBUFFERED": "1",
    }
