"""Jobs: the life cycle, rules and events that recordings, live streams and external streams share."""
