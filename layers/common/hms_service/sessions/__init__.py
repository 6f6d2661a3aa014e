"""Data about sessions that the service stores."""
