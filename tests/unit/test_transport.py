import gzip
import http.client
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from hms.errors import (
    InvalidUpstreamResponseError,
    UpstreamConnectionError,
    UpstreamTimeoutError,
    UpstreamUnreachableError,
)
from hms.http import deadline
from hms.http.transport import MAX_BODY_BYTES, Transport
from tests.support.servers import answer, hang_up, raw, serve, stay_silent, then_hang_up, trickle, without_end

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
PACKED = gzip.compress(b'{"a":1}')


@pytest.fixture
def half_a_second_left() -> Iterator[None]:
    deadline.start(500 + int(deadline.MARGIN_SECONDS * 1000))
    yield
    deadline.start(60_000)


def test_an_answer_comes_back_as_it_is() -> None:
    with serve(answer(201, b'{"a": 1.10}', retry_after="3")) as upstream:
        got = Transport().exchange("POST", f"{upstream.url}/x?y=z", {"a": "b"}, b"{}")
    assert (got.status_code, got.body, got.headers["Retry-After"]) == (201, b'{"a": 1.10}', "3")
    assert upstream.requests[0].method == "POST"
    assert upstream.requests[0].target == "/x?y=z"
    assert upstream.requests[0].body == b"{}"


def test_one_connection_serves_many_requests() -> None:
    connections = set()

    def note_the_connection(connection: socket.socket) -> None:
        connections.add(connection.getpeername())
        answer()(connection)

    with serve(note_the_connection) as upstream:
        transport = Transport()
        for _ in range(5):
            transport.exchange("GET", upstream.url, {})
    assert len(connections) == 1


def test_a_compressed_answer_is_decoded() -> None:
    with serve(answer(200, gzip.compress(b'{"a":1}'), content_encoding="gzip")) as upstream:
        assert Transport().exchange("GET", upstream.url, {}).body == b'{"a":1}'


def test_a_redirect_is_not_followed() -> None:
    with serve(answer(302, location="http://127.0.0.1:1/elsewhere")) as upstream:
        assert Transport().exchange("GET", upstream.url, {}).status_code == 302
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://no-such-host.invalid/"])
def test_a_request_that_was_not_sent_has_its_own_error(url: str) -> None:
    with pytest.raises(UpstreamUnreachableError):
        Transport().exchange("POST", url, {}, b"{}")


@pytest.mark.usefixtures("half_a_second_left")
def test_a_name_whose_look_up_hangs_costs_no_more_than_the_time_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(5))
    started = time.monotonic()
    with pytest.raises(UpstreamUnreachableError) as failure:
        Transport().exchange("POST", "http://localhost:1/", {}, b"{}")
    assert time.monotonic() - started < 1.5
    assert failure.value.reason == "ConnectTimeoutError"


@pytest.mark.usefixtures("half_a_second_left")
def test_a_slow_look_up_and_a_handshake_that_hangs_share_the_time_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    look_up = socket.getaddrinfo

    def slow_look_up(*arguments: object, **options: object) -> object:
        time.sleep(0.4)
        return look_up(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", slow_look_up)
    with serve(stay_silent) as upstream:
        upstream.is_deaf = True
        started = time.monotonic()
        with pytest.raises(UpstreamUnreachableError):
            Transport().exchange("POST", upstream.url.replace("http:", "https:"), {}, b"{}")
        assert time.monotonic() - started < 1.5


@pytest.mark.parametrize("close", [b"connection: close", b"Connection: Close", b"CONNECTION: CLOSE"])
@pytest.mark.parametrize("status", [b"200 OK", b"401 Unauthorized", b"429 Too Many Requests"])
def test_an_empty_answer_that_ends_with_its_connection_is_whole(status: bytes, close: bytes) -> None:
    with serve(then_hang_up(raw(b"HTTP/1.1 " + status + b"\r\n" + close + b"\r\n\r\n"))) as upstream:
        assert Transport().exchange("POST", upstream.url, {}, b"{}").status_code == int(status[:3])


def test_a_tls_failure_is_a_request_that_never_left() -> None:
    with serve(answer()) as upstream, pytest.raises(UpstreamUnreachableError):
        Transport().exchange("POST", upstream.url.replace("http:", "https:"), {}, b"{}")
    assert upstream.requests == []


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(hang_up, id="before the answer"),
        pytest.param(then_hang_up(raw(HEAD[:30])), id="in the headers"),
        pytest.param(then_hang_up(raw(HEAD + b"{")), id="in the body"),
        pytest.param(raw(b"garbage\r\n\r\n"), id="no HTTP"),
        pytest.param(answer(200, b"not gzip", content_encoding="gzip"), id="undecodable"),
        pytest.param(raw(CHUNKED + b"-7\r\n{}\r\n0\r\n\r\n"), id="a negative chunk size"),
        pytest.param(raw(CHUNKED + b"x" * 9 + b"\r\n{}\r\n0\r\n\r\n"), id="no chunk size"),
        pytest.param(then_hang_up(raw(CHUNKED + b"f" * 5000 + b"\r\n{}\r\n0\r\n\r\n")), id="a huge chunk size"),
        pytest.param(answer(200, b"{}", Content_Length="3"), id="two lengths"),
        pytest.param(raw(b"HTTP/1.1 \xb200 OK\r\ncontent-length: 0\r\n\r\n"), id="a status of no digits"),
        pytest.param(raw(b"HTTP/1.1 " + b"2" * 5000 + b" OK\r\ncontent-length: 0\r\n\r\n"), id="a huge status"),
        pytest.param(raw(b"HTTP/9.9 200 OK\r\ncontent-length: 0\r\n\r\n"), id="another version"),
        pytest.param(without_end(HEAD[:-2], b"x: y\r\n"), id="headers without end"),
        pytest.param(raw(HEAD[:-2] + b"x: " + b"y" * 70_000 + b"\r\n\r\n"), id="a header line too long"),
    ],
)
def test_a_broken_connection_has_its_own_error(step: object) -> None:
    with serve(step) as upstream, pytest.raises(UpstreamConnectionError):  # type: ignore[arg-type]
        Transport().exchange("POST", upstream.url, {}, b"{}")


@pytest.mark.usefixtures("half_a_second_left")
@pytest.mark.parametrize(
    "step",
    [
        pytest.param(stay_silent, id="silence"),
        pytest.param(trickle(b"HTTP/1.1 200 OK\r\nx: " + b"y" * 100), id="slow headers"),
        pytest.param(lambda connection: (raw(HEAD)(connection), trickle(b"y" * 100)(connection)), id="slow body"),
        pytest.param(without_end(b"", CONTINUE), id="100 Continue without end"),
        pytest.param(without_end(b"", CONTINUE[:-2] + b"x: y\r\n\r\n"), id="100 Continue with headers without end"),
        pytest.param(without_end(CHUNKED + b"0\r\n", b"x: y\r\n"), id="trailers without end"),
    ],
)
def test_an_exchange_ends_when_the_time_is_up(step: object) -> None:
    started = time.monotonic()
    with serve(step) as upstream, pytest.raises(UpstreamTimeoutError):  # type: ignore[arg-type]
        Transport().exchange("GET", upstream.url, {})
    assert 0.4 < time.monotonic() - started < 1.2


@pytest.mark.parametrize("failure", [KeyError, ValueError, RecursionError, AssertionError, MemoryError])
def test_any_exception_while_the_answer_is_read_may_follow_an_arrival(
    monkeypatch: pytest.MonkeyPatch, failure: type[Exception]
) -> None:
    def fail(_: object) -> None:
        raise failure

    monkeypatch.setattr(http.client.HTTPResponse, "begin", fail)
    with serve(answer()) as upstream, pytest.raises(UpstreamConnectionError) as broken:
        Transport().exchange("POST", upstream.url, {}, b"{}")
    assert broken.value.reason == failure.__name__


@pytest.mark.parametrize("failure", [KeyError, ValueError, RecursionError])
def test_an_exception_before_the_request_is_sent_means_it_did_not_arrive(
    monkeypatch: pytest.MonkeyPatch, failure: type[Exception]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(http.client.HTTPConnection, "putrequest", fail)
    with serve(answer()) as upstream, pytest.raises(UpstreamUnreachableError):
        Transport().exchange("POST", upstream.url, {}, b"{}")
    assert upstream.requests == []


@pytest.mark.parametrize("status", [101, 102, 103])
def test_an_answer_that_follows_an_interim_one_is_never_anothers(status: int) -> None:
    def hint_then_answer_late(connection: socket.socket) -> None:
        raw(f"HTTP/1.1 {status} Interim\r\n\r\n".encode())(connection)
        time.sleep(0.1)
        answer(200, b'{"of": "the first request"}')(connection)

    with serve(hint_then_answer_late, answer(200, b'{"of": "the second request"}')) as upstream:
        transport = Transport()
        with pytest.raises(InvalidUpstreamResponseError):
            transport.exchange("POST", upstream.url, {}, b"{}")
        assert transport.exchange("POST", upstream.url, {}, b"{}").body == b'{"of": "the second request"}'


@pytest.mark.parametrize("missing", range(1, 12))
def test_a_compressed_answer_that_is_cut_is_unreadable(missing: int) -> None:
    packed = PACKED[:-missing]
    with serve(answer(200, packed, content_encoding="gzip")) as upstream, pytest.raises(InvalidUpstreamResponseError):
        Transport().exchange("GET", upstream.url, {})


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip"])
def test_a_compressed_answer_of_two_members_is_decoded(encoding: str) -> None:
    packed = gzip.compress(b'{"a"') + gzip.compress(b":1}")
    with serve(answer(200, packed, content_encoding=encoding)) as upstream:
        assert Transport().exchange("GET", upstream.url, {}).body == b'{"a":1}'


def test_a_compressed_answer_without_a_body_is_empty() -> None:
    with serve(answer(200, b"", content_encoding="gzip")) as upstream:
        assert Transport().exchange("POST", upstream.url, {}).body == b""


@pytest.mark.parametrize("size", [MAX_BODY_BYTES, MAX_BODY_BYTES + 1, 4 * MAX_BODY_BYTES])
def test_the_limit_of_a_compressed_answer_is_that_of_what_it_holds(size: int) -> None:
    packed = gzip.compress(b"x" * size, 1)
    deadline.start(60_000)
    with serve(answer(200, packed, content_encoding="gzip")) as upstream:
        if size <= MAX_BODY_BYTES:
            assert len(Transport().exchange("GET", upstream.url, {}).body) == size
        else:
            with pytest.raises(InvalidUpstreamResponseError):
                Transport().exchange("GET", upstream.url, {})


def test_the_largest_compressed_answer_is_read() -> None:
    """gzip allows a file name of any length in its header."""
    packed = gzip.compress(b"{}")
    name = b"x" * (MAX_BODY_BYTES - len(packed) - 1)
    packed = packed[:3] + bytes([packed[3] | 8]) + packed[4:10] + name + b"\0" + packed[10:]
    assert len(packed) == MAX_BODY_BYTES
    with serve(answer(200, packed, content_encoding="gzip")) as upstream:
        assert Transport().exchange("GET", upstream.url, {}).body == b"{}"


def test_no_request_leaves_when_no_time_is_left() -> None:
    deadline.start(100)
    with serve(answer()) as upstream, pytest.raises(UpstreamTimeoutError):
        Transport().exchange("GET", upstream.url, {})
    assert upstream.requests == []


def test_an_answer_over_five_mebibytes_is_refused() -> None:
    with serve(answer(200, b"x" * (MAX_BODY_BYTES + 1))) as upstream, pytest.raises(InvalidUpstreamResponseError):
        Transport().exchange("GET", upstream.url, {})


def test_a_failure_names_no_host_path_or_secret() -> None:
    with pytest.raises(UpstreamUnreachableError) as failure:
        Transport().exchange("GET", "http://127.0.0.1:1/room-codes/abc-defg-hij", {"authorization": "Bearer t0ken"})
    assert failure.value.reason == "ConnectionRefusedError"
    assert failure.value.envelope() == {"code": 502, "message": "100ms could not be reached", "details": []}


@pytest.fixture
def authority(tmp_path: Path) -> trustme.CA:
    """A certificate authority, with its certificate in `authority.pem`."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    return authority


def test_a_server_whose_certificate_is_trusted_is_spoken_to(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
    with serve(answer(), authority=authority) as upstream:
        transport = Transport()
        assert [transport.exchange("GET", upstream.url, {}).status_code for _ in range(2)] == [200, 200]


def test_certificates_are_loaded_once(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    paths = [str(tmp_path / "authority.pem")]  # the second look-up fails
    monkeypatch.setattr("hms.http.transport.certifi.where", paths.pop)
    with serve(answer(), authority=authority) as upstream:
        transport = Transport()
        for _ in range(2):
            assert transport.exchange("GET", upstream.url, {}).status_code == 200


@pytest.mark.parametrize(
    ("bundle", "host"),
    [("", "localhost"), ("authority.pem", "127.0.0.1")],
    ids=["a certificate of an unknown authority", "the certificate of another host"],
)
def test_a_server_without_a_valid_certificate_receives_nothing(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundle: str, host: str
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / bundle) if bundle else "")
    with serve(answer(), authority=authority) as upstream:
        with pytest.raises(UpstreamUnreachableError) as refused:
            Transport().exchange("POST", upstream.url.replace("localhost", host), {"authorization": "x"}, b"{}")
        assert refused.value.reason == "SSLCertVerificationError"
        assert upstream.requests == []


@pytest.mark.parametrize(
    ("method", "body", "length"), [("POST", None, "0"), ("DELETE", None, "0"), ("GET", None, None)]
)
def test_a_request_says_how_long_its_body_is(method: str, body: bytes | None, length: str | None) -> None:
    with serve(answer()) as upstream:
        Transport().exchange(method, upstream.url, {}, body)
    assert upstream.requests[0].headers.get("content-length") == length


def test_cookies_are_not_kept() -> None:
    with serve(answer(set_cookie="a=b; Path=/")) as upstream:
        transport = Transport()
        for _ in range(2):
            transport.exchange("GET", upstream.url, {})
    assert "cookie" not in upstream.requests[1].headers
