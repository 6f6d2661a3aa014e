"""Templates: their roles, settings, destinations and recording configuration."""
