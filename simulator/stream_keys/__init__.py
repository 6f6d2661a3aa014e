"""Stream keys: let encoders stream into a room over RTMP."""
