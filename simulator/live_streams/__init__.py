"""Live streams: stream rooms as HLS, with or without recording."""
