"""Chat: the messages of sessions, which recordings contain."""
