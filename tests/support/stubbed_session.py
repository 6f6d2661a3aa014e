"""A boto3 session whose clients return prepared responses. botocore checks them against the model of the service."""

from typing import Any

import boto3
from botocore.stub import Stubber


class StubbedSession:
    """A session without a network.

    Attributes:
        region_name: the region.
    """

    region_name = "eu-west-1"

    def __init__(self) -> None:
        self._session = boto3.Session("testing", "testing", region_name=self.region_name)
        self._stubbers: dict[str, Stubber] = {}
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        """Return the client of a service. It refuses calls that have no prepared response."""
        if service not in self._clients:
            self._clients[service] = self._session.client(service)  # type: ignore[call-overload]
            self._stubbers[service] = Stubber(self._clients[service])
            self._stubbers[service].activate()
        return self._clients[service]

    def answer(self, service: str, method: str, response: dict[str, Any], **parameters: Any) -> None:
        """Prepare the response to the next call of the service, which must have these parameters."""
        self.client(service)
        self._stubbers[service].add_response(method, response, parameters)

    def refuse(self, service: str, method: str, code: str) -> None:
        """Prepare an error for the next call of the service."""
        self.client(service)
        self._stubbers[service].add_client_error(method, code, f"{code}: not allowed")

    def assert_no_pending_responses(self) -> None:
        """Fail if a prepared response was not used."""
        for stubber in self._stubbers.values():
            stubber.assert_no_pending_responses()
