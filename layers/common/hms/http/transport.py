"""Send HTTP requests with a total deadline, and report whether a failed request was sent.

`requests` has a timeout per read only: a server that sends one byte per second can delay it without limit. Its errors
do not show whether the request was sent. This module sets the timeouts and detects sending in the socket.
"""

import math
import os
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from queue import Empty, SimpleQueue
from typing import Any

import certifi
import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError
from urllib3.util.ssl_ import create_urllib3_context

from hms.errors import (
    DeadlineExceededError,
    HmsError,
    InvalidUpstreamResponseError,
    UpstreamConnectionError,
    UpstreamTimeoutError,
    UpstreamUnreachableError,
)
from hms.http import deadline

CONNECT_TIMEOUT_SECONDS = 3.0
MAX_BODY_BYTES = 5 * 1024 * 1024
GZIP_ENCODINGS = ("gzip", "x-gzip")
GZIP_WINDOW = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class RawResponse:
    """An HTTP response with a decompressed body."""

    status_code: int
    headers: Mapping[str, str]
    body: bytes


class Transport:
    """Sends requests over keep-alive connections with the adapter of `requests`.

    A `requests.Session` would prepare headers, cookies and proxies again for each request.
    """

    def __init__(self) -> None:
        self._proxies: dict[str, dict[str, str]] = {}

    def exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None, *, timeout: float = math.inf
    ) -> RawResponse:
        """Send one request and read its complete response. Redirects are not followed.

        Args:
            method: HTTP method.
            url: URL, percent-encoded.
            headers: request headers.
            body: request body.
            timeout: maximum duration in seconds. The exchange also ends at the invocation's deadline.

        Raises:
            UpstreamUnreachableError: The request was not sent.
            DeadlineExceededError: No time was left to send the request.
            UpstreamTimeoutError: The request was sent, and the time is up.
            UpstreamConnectionError: The request was sent, and the connection or the response failed.
            InvalidUpstreamResponseError: The response is larger than 5 MiB, truncated in its compression, or interim
                (1xx).
        """
        seconds = min(timeout, deadline.remaining_seconds())
        if seconds <= 0:
            raise DeadlineExceededError
        _exchange.ends_at, _exchange.is_sent = time.monotonic() + seconds, False
        request = _prepare_request(method, url, headers, body)
        timeouts = (min(CONNECT_TIMEOUT_SECONDS, seconds), seconds)
        try:
            response = self._adapter.send(request, stream=True, timeout=timeouts, proxies=self._find_proxies(url))
            with response:
                return _read_response(response)
        except HmsError:
            raise
        except Exception as error:  # noqa: BLE001, after any exception the request may have arrived
            raise _to_upstream_error(error) from None

    @cached_property
    def _adapter(self) -> "_Adapter":
        return _Adapter()

    def _find_proxies(self, url: str) -> dict[str, str]:
        """Return the proxies that the environment sets for the URL's host. They are read once per host."""
        origin = _extract_origin(url)
        if origin not in self._proxies:
            self._proxies[origin] = requests.utils.get_environ_proxies(origin)
        return self._proxies[origin]


def _read_response(response: requests.Response) -> RawResponse:
    if response.status_code < 200:
        # The final response is still pending. Not reading it closes the connection, so that no other request gets it.
        raise InvalidUpstreamResponseError(reason=f"interim response with status {response.status_code}")
    is_gzip = response.headers.get("content-encoding", "").strip().lower() in GZIP_ENCODINGS
    content: bytes = response.raw.read(MAX_BODY_BYTES + 1, decode_content=not is_gzip)
    if is_gzip and len(content) <= MAX_BODY_BYTES:
        content = _decompress(content)
    if len(content) > MAX_BODY_BYTES:
        raise InvalidUpstreamResponseError(reason=f"response is larger than {MAX_BODY_BYTES} bytes")
    if not content and not _is_complete(response):
        raise UpstreamConnectionError(reason="response ends within its headers")
    return RawResponse(response.status_code, response.headers, content)


def _decompress(compressed: bytes) -> bytes:
    """Decompress gzip, up to one byte over the limit. urllib3 would accept truncated data."""
    content = bytearray()
    while compressed and len(content) <= MAX_BODY_BYTES:
        member = zlib.decompressobj(GZIP_WINDOW)
        content += member.decompress(compressed, MAX_BODY_BYTES + 1 - len(content))
        if not member.eof and len(content) <= MAX_BODY_BYTES:
            raise InvalidUpstreamResponseError(reason="compressed response is truncated")
        compressed = member.unused_data
    return bytes(content)


def _is_complete(response: requests.Response) -> bool:
    """Return whether an empty body is complete: declared by a header or a status, or ended by `connection: close`."""
    has_framing = "content-length" in response.headers or "transfer-encoding" in response.headers
    closes_connection = response.headers.get("connection", "").lower() == "close"
    return has_framing or closes_connection or response.status_code in (204, 304)


def _extract_origin(url: str) -> str:
    """Return the scheme, host and port of a URL."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def _prepare_request(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> requests.PreparedRequest:
    """Return a request from parts that are already encoded."""
    request = requests.PreparedRequest()
    request.method, request.url, request.body = method, url, body
    request.headers = CaseInsensitiveDict(headers)
    if body is not None or method != "GET":
        request.headers["content-length"] = str(len(body or b""))
    return request


def _to_upstream_error(error: Exception) -> UpstreamUnreachableError | UpstreamTimeoutError | UpstreamConnectionError:
    reason = _find_root_cause(error)
    if not _exchange.is_sent:
        return UpstreamUnreachableError(reason=reason)
    if time.monotonic() >= _exchange.ends_at:
        return UpstreamTimeoutError(reason=reason)
    return UpstreamConnectionError(reason=reason)


def _find_root_cause(error: BaseException) -> str:
    """Return the class name of the root cause. Messages would show the URL, which can hold a room code."""
    while cause := getattr(error, "reason", None) or error.__context__:
        if not isinstance(cause, BaseException):
            break
        error = cause
    return type(error).__name__


class _Exchange(threading.local):
    ends_at: float = math.inf
    is_sent: bool = False


_exchange = _Exchange()


def _remaining_seconds() -> float:
    """Return the time left, always above 0. With a timeout of 0, a server that keeps sending would never time out.

    Raises:
        TimeoutError: No time is left.
    """
    seconds = _exchange.ends_at - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


class _DeadlineMixin:
    """Limits each socket call to the time that is left for the exchange."""

    def sendall(self, *args: Any) -> None:
        _exchange.is_sent = True
        self._set_timeout()
        super().sendall(*args)  # type: ignore[misc]

    def recv_into(self, *args: Any) -> int:
        self._set_timeout()
        received: int = super().recv_into(*args)  # type: ignore[misc]
        return received

    def _set_timeout(self) -> None:
        self.settimeout(_remaining_seconds())  # type: ignore[attr-defined]


class _DeadlineSocket(_DeadlineMixin, socket.socket):
    pass


class _DeadlineTlsSocket(_DeadlineMixin, ssl.SSLSocket):
    pass


class _DeadlineConnectionMixin:
    def _new_conn(self) -> socket.socket:
        plain_socket = self._connect()
        timed_socket = _DeadlineSocket(
            plain_socket.family, plain_socket.type, plain_socket.proto, plain_socket.detach()
        )
        timed_socket.settimeout(_remaining_seconds())  # limits the TLS handshake too
        return timed_socket

    def _connect(self) -> socket.socket:
        """Return a connection that is made in a thread. The thread is abandoned if it takes too long.

        A DNS lookup has no timeout, and each address of the host is tried for the whole timeout.
        """
        result: SimpleQueue[socket.socket | Exception] = SimpleQueue()
        connect = super()._new_conn  # type: ignore[misc]
        seconds = min(self.timeout, _remaining_seconds())  # type: ignore[attr-defined]

        def run() -> None:
            try:
                result.put(connect())
            except Exception as error:  # noqa: BLE001, raised in the waiting thread
                result.put(error)

        threading.Thread(target=run, daemon=True).start()
        connection: socket.socket | Exception = ConnectTimeoutError(f"not connected within {seconds:.1f} s")
        with suppress(Empty):
            connection = result.get(timeout=seconds)
        if isinstance(connection, Exception):
            raise connection
        return connection


class _Connection(_DeadlineConnectionMixin, HTTPConnection):
    pass


class _TlsConnection(_DeadlineConnectionMixin, HTTPSConnection):
    pass


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class _Adapter(HTTPAdapter):
    """Pools connections and shares one TLS context, so that certificates are loaded only once."""

    _has_certificates = False

    def __init__(self) -> None:
        self._pools: dict[str, urllib3.connectionpool.ConnectionPool] = {}
        super().__init__()

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> urllib3.connectionpool.ConnectionPool:
        """Return the connection pool of the request's origin. It is created once, because its settings never change."""
        origin = _extract_origin(str(request.url))
        if origin not in self._pools:
            self._pools[origin] = super().get_connection_with_tls_context(request, *args, **kwargs)
        return self._pools[origin]

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._tls_context, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> urllib3.ProxyManager:
        if proxy.startswith("https:"):
            self._load_certificates()
        manager: urllib3.ProxyManager = super().proxy_manager_for(proxy, ssl_context=self._tls_context, **kwargs)
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
        return manager

    def build_response(self, req: requests.PreparedRequest, resp: urllib3.BaseHTTPResponse) -> requests.Response:  # noqa: ARG002
        """Return a response with status, headers and body only. Cookies, encoding and request are not used."""
        response = requests.Response()
        response.status_code, response.headers, response.raw = resp.status, CaseInsensitiveDict(resp.headers), resp
        return response

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:  # noqa: ARG002
        """Verify with the shared context. Certificates are loaded at the first HTTPS URL."""
        if url.startswith("https:"):
            conn.cert_reqs = "CERT_REQUIRED"
            self._load_certificates()

    @cached_property
    def _tls_context(self) -> ssl.SSLContext:
        context = create_urllib3_context()
        context.sslsocket_class = _DeadlineTlsSocket
        return context

    def _load_certificates(self) -> None:
        if not self._has_certificates:
            self._tls_context.load_verify_locations(os.environ.get("REQUESTS_CA_BUNDLE") or certifi.where())
            self._has_certificates = True
