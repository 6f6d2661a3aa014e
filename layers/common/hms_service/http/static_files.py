"""Serves static files with compression and ETags."""

import gzip
import re
from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from hms.errors import NotAcceptableError, NotFoundError
from hms.types import Response
from hms_service.http.size import accepts_gzip

CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}
GZIP_SUFFIX = ".gz"
VERSIONED = re.compile(r"-\d+\.\d+\.\d+\.")
FOREVER = "public, max-age=31536000, immutable"
FIVE_MINUTES = "public, max-age=300"


class StaticFiles:
    """Serves the files of a folder by name.

    A file with the suffix `.gz` is served under its name without the suffix, and only compressed.

    Args:
        folder: folder with the files. Subfolders are not served.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._contents: dict[str, bytes] = {}

    def serve(self, name: str, headers: Mapping[str, str]) -> Response:
        """Return the file, or 304 if `if-none-match` has its ETag.

        Args:
            name: name of the file.
            headers: request headers.

        Raises:
            NotFoundError: No such file exists, or its type is unknown.
            NotAcceptableError: The file is available only compressed, and the caller does not accept gzip.
        """
        if name not in self._files:
            raise NotFoundError
        content = self._load_content(name)
        etag = f'W/"{sha256(content).hexdigest()[:32]}"'
        response_headers = {
            "etag": etag,
            "cache-control": FOREVER if VERSIONED.search(name) else FIVE_MINUTES,
            "vary": "accept-encoding, origin",
            "x-content-type-options": "nosniff",
        }
        if _matches_etag(headers.get("if-none-match", ""), etag):
            return Response(304, headers=response_headers)
        content_type = CONTENT_TYPES[Path(name).suffix]
        if accepts_gzip(headers):
            return Response(
                200, headers={**response_headers, "content-encoding": "gzip"}, content_type=content_type, binary=content
            )
        if self._files[name].suffix == GZIP_SUFFIX:
            raise NotAcceptableError(details=["accept-encoding: must allow gzip"])
        return Response(200, headers=response_headers, content_type=content_type, binary=gzip.decompress(content))

    @cached_property
    def _files(self) -> dict[str, Path]:
        files = {file.name.removesuffix(GZIP_SUFFIX): file for file in self._folder.iterdir() if file.is_file()}
        return {name: file for name, file in files.items() if Path(name).suffix in CONTENT_TYPES}

    def _load_content(self, name: str) -> bytes:
        """Return the compressed file. Caches it in memory."""
        if name not in self._contents:
            file = self._files[name]
            content = file.read_bytes()
            self._contents[name] = content if file.suffix == GZIP_SUFFIX else gzip.compress(content, mtime=0)
        return self._contents[name]


def _matches_etag(if_none_match: str, etag: str) -> bool:
    known = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in known or etag.removeprefix("W/") in known
