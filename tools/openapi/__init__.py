"""Generates the OpenAPI 3.1 document of the API from the routers, the models and the contract of 100ms."""
