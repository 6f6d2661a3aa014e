"""Make up media files of a given size. Each begins as its format does, and is otherwise empty."""

import struct
import zlib

from simulator.files.content import Content

MP3_FRAME = b"\xff\xfb\x90\x64".ljust(417, b"\0")  # MPEG-1 layer III, 128 kbit/s at 44.1 kHz: 16 kB a second
DOS_EPOCH = 0x21  # 1980-01-01, the earliest date of a zip archive
MAX_PICTURE_SIDE = 4096
TS_PACKET = b"\x47\x1f\xff\x10".ljust(188, b"\xff")  # a null packet of an MPEG transport stream
TS_TABLE = bytes.fromhex("474000100000b00d0001c100000001f0002ab104b2").ljust(188, b"\xff")  # its table of programs


def mp4(size: int, seconds: float) -> Content:
    """Return an MP4 file with a movie header of this duration, and no samples."""
    milliseconds = int(seconds * 1000)
    matrix = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    header = struct.pack(">IIIIIIH10x", 0, 0, 0, 1000, milliseconds, 0x10000, 0x100) + matrix
    movie = _box(b"moov", _box(b"mvhd", header + bytes(24) + struct.pack(">I", 2)))
    head = _box(b"ftyp", b"isom\0\0\2\0isomiso2mp41") + movie
    samples = struct.pack(">I4sQ", 1, b"mdat", max(size - len(head), 16))
    return Content("video/mp4", head + samples, size)


def webm(size: int, seconds: float) -> Content:
    """Return a WebM file with a segment of this duration, and no clusters."""
    document_type = _element("4282", b"webm") + _element("4287", b"\4") + _element("4285", b"\2")
    versions = _element("4286", b"\1") + _element("42f7", b"\1") + _element("42f2", b"\4") + _element("42f3", b"\x08")
    duration = _element("2ad7b1", (1_000_000).to_bytes(3)) + _element("4489", struct.pack(">d", seconds * 1000))
    info = _element("1549a966", duration + _element("4d80", b"simulator") + _element("5741", b"simulator"))
    start = _element("1a45dfa3", versions + document_type)
    void_size = max(size - len(start) - len(info) - 21, 0)
    segment = bytes.fromhex("18538067") + _wide_length(len(info) + 9 + void_size)
    return Content("video/webm", start + segment + info + b"\xec" + _wide_length(void_size), size)


def mp3(size: int) -> Content:
    """Return an MP3 file of silence."""
    return Content("audio/mpeg", b"", size, MP3_FRAME)


def transport_stream(size: int) -> Content:
    """Return an MPEG transport stream of null packets after the table of programs."""
    return Content("video/mp2t", TS_TABLE, size, TS_PACKET)


def zip_archive(size: int, name: str, data: bytes) -> Content:
    """Return a zip archive with one file. Zeros between the file and the directory fill up its size."""
    encoded = name.encode()
    fields = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, DOS_EPOCH, zlib.crc32(data), len(data), len(data), len(encoded), 0)
    head = b"PK\3\4" + fields + encoded + data
    entry = b"PK\1\2" + struct.pack("<H", 45) + fields + struct.pack("<HHHII", 0, 0, 0, 0, 0) + encoded
    directory_end = struct.pack("<4sQHHIIQQ", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1) + struct.pack("<Q", len(entry))
    size = max(size, len(head) + len(entry) + 56 + 20 + 22)
    directory_start = size - len(entry) - 56 - 20 - 22
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, directory_start + len(entry), 1)
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(entry), 0xFFFFFFFF, 0)
    tail = entry + directory_end + struct.pack("<Q", directory_start) + locator + end
    return Content("application/zip", head, size, tail=tail)


def png(width: int, height: int) -> Content:
    """Return a black picture of this size, up to 4096 x 4096."""
    width, height = min(width, MAX_PICTURE_SIDE), min(height, MAX_PICTURE_SIDE)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = zlib.compress(bytes((width + 7) // 8 + 1) * height)
    data = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")
    return Content("image/png", data, len(data))


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, name) + body


def _element(id_: str, body: bytes) -> bytes:
    return bytes.fromhex(id_) + bytes([0x80 | len(body)]) + body  # shorter than 127 bytes


def _wide_length(length: int) -> bytes:
    return (1 << 56 | length).to_bytes(8)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body), name) + body + struct.pack(">I", zlib.crc32(name + body))
