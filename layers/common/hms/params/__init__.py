"""The members of bodies as keyword arguments: one module a section, for type checkers only."""
