"""How fast the functions start and answer, beside other ways of doing the same."""
