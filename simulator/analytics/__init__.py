"""Analytics: track, recording and client events, and statistics of each peer's quality."""
