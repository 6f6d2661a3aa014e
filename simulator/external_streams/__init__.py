"""External streams: rooms streamed to RTMP targets, recorded or not."""
