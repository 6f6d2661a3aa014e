"""Client keys: create, list and revoke them, and rotate their master."""
