"""AWS in bad weather: a peer that passes requests on to moto, but for those of the service that has a fault now."""

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
    """What AWS is like now.

    Attributes:
        url: where AWS is.
        service: whose calls fail, by the first part of their `x-amz-target`; "" for none.
        fault: how.
        failed: how many calls of each service failed.
        watcher: told of each call that AWS takes, by its `x-amz-target`, before it does (False) and when it has (True);
            the call ends there where it says so.
    """

    def __init__(self) -> None:
        self.url = ""
        self.service = self.fault = ""
        self.failed: Counter[str] = Counter()
        self.watcher: Callable[[str, bool], bool] = lambda _, __: False
        self.over = Event()

    @contextmanager
    def failing(self, service: str, fault: str) -> Iterator[None]:
        """The service fails in this way meanwhile."""
        self.service, self.fault = service, fault
        self.over.clear()
        try:
            yield
        finally:
            self.service = ""
            self.over.set()

    def failure(self) -> Step:
        """What happens to a call of the service that fails."""
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
    """A peer in front of AWS while the context lasts."""
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
