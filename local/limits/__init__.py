"""AWS limits that moto and SAM CLI do not enforce: a table of them, and checks that reject requests over a limit."""
