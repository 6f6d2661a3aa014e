"""Simulates cold containers that start together and read their parameters from SSM."""
