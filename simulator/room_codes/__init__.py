"""Room codes: short codes for a room and a role, which users exchange for app tokens."""
