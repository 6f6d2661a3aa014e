"""The service: what the functions are made of. The SDK never imports it."""
