"""Benchmarks of the functions' cold starts and requests, compared with other implementations."""
