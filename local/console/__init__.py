"""The console of `make run`, at /_local/: what the local 100ms holds, the events as they come, and buttons to act."""
