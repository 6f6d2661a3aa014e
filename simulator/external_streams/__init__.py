"""External streams: stream rooms to RTMP URLs, with or without recording."""
