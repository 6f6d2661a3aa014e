"""HTTP calls to 100ms and AWS: transport, deadline, retries and statistics."""
