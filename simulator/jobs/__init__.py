"""What recordings, live streams and external streams have in common: one life cycle, its rules and its events."""
