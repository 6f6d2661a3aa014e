"""Room codes, and their exchange for app tokens."""
