"""Accept raw UTF-8 in a request line, as API Gateway does. Python's HTTP server decodes it as Latin-1."""

import re
from http.server import BaseHTTPRequestHandler


class Utf8RequestLine(BaseHTTPRequestHandler):
    """Percent-encodes the non-ASCII bytes of a request line before it is parsed."""

    raw_requestline: bytes

    def parse_request(self) -> bool:
        """Parse the request line and the headers. Returns False if they are malformed."""
        self.raw_requestline = re.sub(rb"[\x80-\xff]", lambda byte: b"%%%02X" % ord(byte[0]), self.raw_requestline)
        return super().parse_request()
