"""Define the content of a file: bytes that are made up when they are read, so that a file can have any size."""

import io
from dataclasses import dataclass


@dataclass(frozen=True)
class Content:
    """The bytes `head`, then `filler` repeated, then `tail`: `size` bytes in all, which can cut head and tail."""

    media_type: str
    head: bytes
    size: int
    filler: bytes = b"\0"
    tail: bytes = b""

    def read(self, start: int, length: int) -> bytes:
        """Return up to `length` bytes from position `start`."""
        end = min(start + length, self.size)
        tail_start = max(self.size - len(self.tail), len(self.head))
        parts = [self.head[start:end]]
        filler_start, filler_end = max(start, len(self.head)), min(end, tail_start)
        if filler_start < filler_end:
            offset = (filler_start - len(self.head)) % len(self.filler)
            count = filler_end - filler_start
            repeated = self.filler * (count // len(self.filler) + 2)
            parts.append(repeated[offset : offset + count])
        if end > tail_start:
            parts.append(self.tail[max(start - tail_start, 0) : end - tail_start])
        return b"".join(parts)


class ContentReader(io.RawIOBase):
    """Reads a content as a file. It can seek, so that a range costs as much as its own length."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._position = 0

    def seekable(self) -> bool:
        """Return True."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Set the position."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._content.size}[whence]
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes from the position."""
        data = self._content.read(self._position, size if size >= 0 else self._content.size)
        self._position += len(data)
        return data


def text_content(media_type: str, text: str) -> Content:
    """Return the content of a text file."""
    data = text.encode()
    return Content(media_type, data, len(data))
