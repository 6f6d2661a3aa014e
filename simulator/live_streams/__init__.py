"""Live streams: rooms streamed as HLS, recorded or not."""
