"""How 100ms and AWS are reached over HTTP: one exchange, its deadline, its retries and its statistics."""
