"""Stream keys: with one a room takes in an RTMP stream."""
