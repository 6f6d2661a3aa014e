"""A client of the simulator that signs its own management token."""

import http.client
import time
import uuid
from typing import Any
from urllib.parse import urlsplit

import jwt
import requests

ACCESS_KEY = "simulator-test-access-key"
SECRET = "-".join(["simulator", "test", "key"] * 3)


def sign(secret: str = SECRET, without: tuple[str, ...] = (), **changes: Any) -> str:
    """Return a management token in which `changes` replace claims."""
    now = int(time.time())
    right = {
        "access_key": ACCESS_KEY,
        "type": "management",
        "version": 2,
        "iat": now,
        "nbf": now,
        "exp": now + 600,
        "jti": str(uuid.uuid4()),
    }
    claims = {name: value for name, value in (right | changes).items() if name not in without}
    return jwt.encode(claims, secret, algorithm="HS256")


def connect(url: str) -> http.client.HTTPConnection:
    """Open a plain HTTP connection, which sends targets unchanged."""
    return http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)


class Client:
    """Calls a simulator over a persistent connection with JSON bodies. Returns complete responses.

    Args:
        url: URL of the simulator.
        token: management token; "" to sign one.
    """

    def __init__(self, url: str, token: str = "") -> None:
        self.url = url
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token or sign()}"

    def get(self, path: str, **query: Any) -> requests.Response:
        return self._session.get(self.url + path, params=query, timeout=10)

    def post(self, path: str, body: Any = None, **options: Any) -> requests.Response:
        return self._session.post(self.url + path, json=body, timeout=10, **options)

    def delete(self, path: str) -> requests.Response:
        return self._session.delete(self.url + path, timeout=10)

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        return self._session.request(method, self.url + path, timeout=10, **options)

    def post_json(self, path: str, body: Any = None) -> Any:
        """Return the body of a successful POST."""
        response = self.post(path, body)
        assert response.status_code == 200, response.text
        return response.json()

    def get_json(self, path: str, **query: Any) -> Any:
        """Return the body of a successful GET."""
        response = self.get(path, **query)
        assert response.status_code == 200, response.text
        return response.json()

    def requests_received(self) -> list[dict[str, Any]]:
        received: list[dict[str, Any]] = self.get_json("/_simulator/requests")["requests"]
        return received
