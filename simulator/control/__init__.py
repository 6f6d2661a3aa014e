"""The control API under /_simulator: calls that do what people, browsers and time do to 100ms."""
