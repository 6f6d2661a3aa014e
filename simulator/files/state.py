"""Keep the files of recordings by path, and sign and check the links to them."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from simulator.files.content import Content
from simulator.store import Store

PREFIX = "/storage"


class FileRefusedError(Exception):
    """A download is refused as object storages refuse it.

    Attributes:
        status: the HTTP status.
        code: the code of the error.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


@dataclass(frozen=True)
class StoredFile:
    """A file; `public` files need no signature. `deleted_at` is None for files that are kept."""

    content: Content
    created_at: datetime
    deleted_at: datetime | None
    public: bool


class Files:
    """All files, by path, such as `s3://bucket/prefix/file.mp4`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._key = secrets.token_bytes(32)
        self._files: dict[str, StoredFile] = {}

    def put(self, path: str, content: Content, retention: timedelta | None = None, public: bool = False) -> None:
        """Store a file. It is deleted after `retention`; None: never."""
        now = self._store.clock.now()
        self._files[path] = StoredFile(content, now, None if retention is None else now + retention, public)

    def has(self, path: str) -> bool:
        """Return True if a file exists and is not deleted yet."""
        file = self._files.get(path)
        return file is not None and (file.deleted_at is None or self._store.clock.now() <= file.deleted_at)

    def link(self, path: str, seconds: int) -> str:
        """Return a link to a file, which is valid for `seconds`."""
        # [assets.links] links have the query of the samples, for every storage.
        expires = int(self._store.clock.now().timestamp()) + seconds
        location = quote(path.replace("://", "/", 1))
        return f"{self._store.url}{PREFIX}/{location}?expires={expires}&signature={self._sign(path, str(expires))}"

    def open(self, path: str, expires: str, signature: str) -> StoredFile:
        """Return the file of a link. Raises FileRefusedError for an unknown file, and for a wrong or expired link."""
        file = self._files.get(path)
        # [assets.links] the statuses and codes are those of S3, for every storage.
        if file is None or not file.public:
            if not hmac.compare_digest(self._sign(path, expires).encode(), signature.encode()):
                raise FileRefusedError(403, "SignatureDoesNotMatch", "The signature does not match")
            if self._store.clock.now().timestamp() > int(expires):
                raise FileRefusedError(403, "AccessDenied", "Request has expired")
        if file is None or not self.has(path):
            raise FileRefusedError(404, "NoSuchKey", "The specified key does not exist")
        return file

    def _sign(self, path: str, expires: str) -> str:
        return hmac.new(self._key, f"{expires}\n{path}".encode(), hashlib.sha256).hexdigest()
