"""Describes the public API as an OpenAPI 3.1 document, from the routers, the models and the contract of 100ms."""
