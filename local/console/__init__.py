"""The console of `make run` at /_local/: shows the rooms of the local 100ms and the events, and runs actions."""
