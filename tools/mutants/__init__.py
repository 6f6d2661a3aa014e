"""Mutation tests: change the code of the layer and check that a test fails."""
