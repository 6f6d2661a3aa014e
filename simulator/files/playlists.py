"""Write the HLS playlists of a recorded live stream."""

from collections.abc import Sequence

from simulator.files.content import Content, text_content
from simulator.files.media import TS_PACKET

MEDIA_TYPE = "application/vnd.apple.mpegurl"
SEGMENT_SECONDS = 6


def master_playlist(layers: Sequence[tuple[int, int]], bits_per_second: Sequence[int]) -> Content:
    """Return the playlist that lists the layers, given as width and height. It refers to `layer-<number>.m3u8`."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:4"]
    for number, ((width, height), bits) in enumerate(zip(layers, bits_per_second, strict=True)):
        lines += [f"#EXT-X-STREAM-INF:BANDWIDTH={bits},RESOLUTION={width}x{height}", f"layer-{number}.m3u8"]
    return text_content(MEDIA_TYPE, "\n".join(lines) + "\n")


def layer_playlist(number: int, seconds: int, size: int) -> Content:
    """Return the playlist of a layer. Its segments are ranges of `layer-<number>.ts`, which has `size` bytes."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:4", f"#EXT-X-TARGETDURATION:{SEGMENT_SECONDS}", "#EXT-X-PLAYLIST-TYPE:VOD"]
    starts = range(0, seconds, SEGMENT_SECONDS)
    for start in starts:
        end = min(start + SEGMENT_SECONDS, seconds)
        first, last = (_whole_packets(size * second // seconds) for second in (start, end))
        lines += [f"#EXTINF:{end - start:.1f},", f"#EXT-X-BYTERANGE:{last - first}@{first}", f"layer-{number}.ts"]
    return text_content(MEDIA_TYPE, "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n")


def _whole_packets(size: int) -> int:
    return size // len(TS_PACKET) * len(TS_PACKET)
