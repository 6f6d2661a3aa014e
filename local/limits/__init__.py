"""The limits of AWS that moto and SAM CLI do not enforce: one table, and the layers that refuse what is over it."""
