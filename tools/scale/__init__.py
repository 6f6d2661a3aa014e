"""Calculates costs, containers and quotas of the stack under load.

The sources are AWS's prices and quotas, the template's resources, the measured durations and the usage per call.
"""
