"""Templates: roles, settings, destinations and recording configuration."""
