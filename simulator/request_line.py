"""Raw UTF-8 in a request line, which API Gateway accepts and Python's HTTP server reads as Latin-1."""

import re
from http.server import BaseHTTPRequestHandler


class Utf8RequestLine(BaseHTTPRequestHandler):
    """Reads a request line as if the client had percent-encoded what is not ASCII."""

    raw_requestline: bytes

    def parse_request(self) -> bool:
        """Parse the request line and the headers; False if they are malformed."""
        self.raw_requestline = re.sub(rb"[\x80-\xff]", lambda byte: b"%%%02X" % ord(byte[0]), self.raw_requestline)
        return super().parse_request()
