"""Keyword arguments for the members of bodies: one module per resource. Only type checkers load this package."""
