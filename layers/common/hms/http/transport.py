"""One HTTP exchange over `requests` that ends when it must, and that knows whether the request went out.

`requests` alone has a timeout for each read, so a peer that sends a byte a second can hold it for ever, and it does not
tell a request that never left from one that may have been acted on. Both are seen where the bytes pass: at the socket.
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
    """An answer as it came over the wire, its content encoding undone."""

    status_code: int
    headers: Mapping[str, str]
    body: bytes


class Transport:
    """Sends requests over kept-alive connections, by `requests`' adapter; made at the first use.

    A session would prepare and merge for each request what is the same for all or whole already.
    """

    def __init__(self) -> None:
        self._proxies: dict[str, dict[str, str]] = {}

    def exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None, *, timeout: float = math.inf
    ) -> RawResponse:
        """One request and its whole answer, before the invocation's deadline, and `within` so many seconds.

        Redirects are not followed.

        Raises:
            UpstreamUnreachableError: the request provably never arrived.
            DeadlineExceededError: there was no time to send it.
            UpstreamTimeoutError: it may have arrived; the time is up.
            UpstreamConnectionError: it may have arrived; the connection broke, or anything else went wrong.
            InvalidUpstreamResponseError: the answer is larger than 5 MiB, cut within its compression, or no final one.
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
        except Exception as error:  # noqa: BLE001, whatever the libraries raise, the request may have arrived
            raise _to_upstream_error(error) from None

    @cached_property
    def _adapter(self) -> "_Adapter":
        return _Adapter()

    def _find_proxies(self, url: str) -> dict[str, str]:
        """What the environment says of the URL's host, read once."""
        origin = _extract_origin(url)
        if origin not in self._proxies:
            self._proxies[origin] = requests.utils.get_environ_proxies(origin)
        return self._proxies[origin]


def _read_response(response: requests.Response) -> RawResponse:
    """Reads the whole answer."""
    if response.status_code < 200:
        # The final answer is still to come. Unread, the connection is closed, so that no other request reads it.
        raise InvalidUpstreamResponseError(reason=f"an interim answer of status {response.status_code}")
    is_gzip = response.headers.get("content-encoding", "").strip().lower() in GZIP_ENCODINGS
    content: bytes = response.raw.read(MAX_BODY_BYTES + 1, decode_content=not is_gzip)
    if is_gzip and len(content) <= MAX_BODY_BYTES:
        content = _decompress(content)
    if len(content) > MAX_BODY_BYTES:
        raise InvalidUpstreamResponseError(reason=f"an answer over {MAX_BODY_BYTES} bytes")
    if not content and not _is_complete(response):
        raise UpstreamConnectionError(reason="an answer that ends within its headers")
    return RawResponse(response.status_code, response.headers, content)


def _decompress(compressed: bytes) -> bytes:
    """Decompresses gzip, at most one byte over the limit. urllib3 does not notice that the end is missing."""
    content = bytearray()
    while compressed and len(content) <= MAX_BODY_BYTES:
        member = zlib.decompressobj(GZIP_WINDOW)
        content += member.decompress(compressed, MAX_BODY_BYTES + 1 - len(content))
        if not member.eof and len(content) <= MAX_BODY_BYTES:
            raise InvalidUpstreamResponseError(reason="a compressed answer that is cut")
        compressed = member.unused_data
    return bytes(content)


def _is_complete(response: requests.Response) -> bool:
    """Whether an answer without a body is one that says so, or ends where the connection does, as it announced."""
    has_framing = "content-length" in response.headers or "transfer-encoding" in response.headers
    closes_connection = response.headers.get("connection", "").lower() == "close"
    return has_framing or closes_connection or response.status_code in (204, 304)


def _extract_origin(url: str) -> str:
    """The URL without its path: scheme, host and port."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def _prepare_request(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> requests.PreparedRequest:
    """A request of parts that are encoded already."""
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
    """The name of the first cause: the texts of these exceptions hold the URL, and a URL can hold a room code."""
    while cause := getattr(error, "reason", None) or error.__cause__ or error.__context__:
        if not isinstance(cause, BaseException):
            break
        error = cause
    return type(error).__name__


class _Exchange(threading.local):
    ends_at: float = math.inf
    is_sent: bool = False


_exchange = _Exchange()


def _remaining_seconds() -> float:
    """The time left, never 0: a peer that always has something to read would make a timeout of 0 endless.

    Raises:
        TimeoutError: there is none.
    """
    seconds = _exchange.ends_at - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


class _DeadlineMixin:
    """Makes each call of a socket end by the instant at which the whole exchange must."""

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
        timed_socket.settimeout(_remaining_seconds())  # a TLS handshake, which comes next, has no more than that either
        return timed_socket

    def _connect(self) -> socket.socket:
        """A connection, made in a thread that is left behind when it takes too long: no look-up of a name can be told
        when to end, and each of the addresses found is tried for the whole time allowed."""
        result: SimpleQueue[socket.socket | Exception] = SimpleQueue()
        connect = super()._new_conn  # type: ignore[misc]
        seconds = min(self.timeout, _remaining_seconds())  # type: ignore[attr-defined]

        def run() -> None:
            try:
                result.put(connect())
            except Exception as error:  # noqa: BLE001, raised where it is waited for
                result.put(error)

        threading.Thread(target=run, daemon=True).start()
        connection: socket.socket | Exception = ConnectTimeoutError(f"no connection within {seconds:.1f} s")
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
    """Pools of timed connections over one TLS context: certificates are loaded once, not for each connection."""

    _has_certificates = False

    def __init__(self) -> None:
        self._pools: dict[str, urllib3.connectionpool.ConnectionPool] = {}
        super().__init__()

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> urllib3.connectionpool.ConnectionPool:
        """The origin's pool, looked for once: all that it depends on is the same for each request."""
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
        """What a `RawResponse` is made of; cookies, encodings and links to the request are nobody's need here."""
        response = requests.Response()
        response.status_code, response.headers, response.raw = resp.status, CaseInsensitiveDict(resp.headers), resp
        return response

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:  # noqa: ARG002
        """Verify as the shared context does, whose certificates are loaded at the first URL that needs them."""
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
