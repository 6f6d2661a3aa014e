"""A proxy in front of moto that makes the calls of one AWS service fail."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

import requests

from tests.support.servers import Received, Step, answer, hang_up, reset, serve, then_hang_up

REFUSALS = {
    "throttled": (400, "ThrottlingException", "Rate exceeded"),
    "failing": (500, "InternalServerError", "an internal error"),
    "denied": (400, "AccessDeniedException", "not authorized to perform this"),
    "missing": (400, "ResourceNotFoundException", "there is no such resource"),
}
FAULTS = [*REFUSALS, "silent", "reset", "no JSON"]


class AwsFaultProxy:
    """The proxy's state.

    Attributes:
        url: URL of the proxy.
        service: the failing service, by the first part of its `x-amz-target`; "" for none.
        fault: the fault of the failing service.
        failed: number of failed calls by service.
        watcher: called with the `x-amz-target` of each call, before it is forwarded (False) and after it (True). If the
            watcher returns True, the call ends there.
    """

    def __init__(self) -> None:
        self.url = ""
        self.service = self.fault = ""
        self.failed: Counter[str] = Counter()
        self.watcher: Callable[[str, bool], bool] = lambda _, __: False
        self.over = Event()

    @contextmanager
    def failing(self, service: str, fault: str) -> Iterator[None]:
        """Make the service fail with a fault while the context is open."""
        self.service, self.fault = service, fault
        self.over.clear()
        try:
            yield
        finally:
            self.service = ""
            self.over.set()

    def failure(self) -> Step:
        """Return the step that makes a call fail."""
        if self.fault == "silent":
            return then_hang_up(lambda _: self.over.wait(20))
        if self.fault == "reset":
            return reset
        if self.fault == "no JSON":
            return _answer(200, b"<!doctype html>")
        status, kind, message = REFUSALS[self.fault]
        return _answer(status, f'{{"__type": "{kind}", "message": "{message}"}}'.encode())


@contextmanager
def running_aws_fault_proxy(aws: str) -> Iterator[AwsFaultProxy]:
    """Run the proxy while the context is open."""
    aws_fault_proxy = AwsFaultProxy()

    def respond(request: Received) -> Step:
        target = request.headers.get("x-amz-target", "")
        service = target.partition(".")[0]
        if aws_fault_proxy.service and service.startswith(aws_fault_proxy.service):
            aws_fault_proxy.failed[service] += 1
            return aws_fault_proxy.failure()
        if aws_fault_proxy.watcher(target, False):
            return hang_up
        headers = {name: value for name, value in request.headers.items() if name != "host"}
        response = requests.post(f"{aws}{request.target}", data=request.body, headers=headers, timeout=30)
        aws_fault_proxy.watcher(target, True)
        return _answer(response.status_code, response.content)

    with serve(respond=respond) as server:
        aws_fault_proxy.url = server.url
        try:
            yield aws_fault_proxy
        finally:
            aws_fault_proxy.over.set()


def _answer(status: int, body: bytes) -> Step:
    return answer(status, body, content_type="application/x-amz-json-1.1")
