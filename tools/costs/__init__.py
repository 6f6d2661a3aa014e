"""Calculates the costs of the stack from AWS's prices, the template's resources and the usage per call."""
